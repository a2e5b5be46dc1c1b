/** What may be gone from the record: by a recorded act, so that all proofs hold. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { AuditEvent, eventLeaves, verifyRecord, type VerifyReport } from '#audit';
import { createDataSource, idFloor, newId } from '#platform';
import { asOwner } from '../../../../test/setup/as-owner.js';
import { ownDatabase, type TestDatabase } from '../../../../test/setup/database.js';
import { predictionRecord as record } from '../../../../test/setup/prediction-record.js';
import { openRecord } from '../../../../test/setup/record.js';
import { eraseSubject } from './erasure.js';
import { predictionLeaves } from './prediction-leaves.js';
import { dropMonth, MonthError } from './retention.js';

async function verify(database: TestDatabase, publicKey: string): Promise<VerifyReport> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    return await verifyRecord(client, { sources: [predictionLeaves, eventLeaves], publicKeys: [publicKey] });
  } finally {
    await client.end();
  }
}

function rowOf(subject: string | null, n: number): string {
  return JSON.stringify({ subject, input: { n }, scores: [0.5], label: n % 2 ? 'risk' : 'no-risk' });
}

describe('erasing a patient', () => {
  it('takes out the rows of the patient and nothing else; the proofs hold and the trail tells', async () => {
    const database = await ownDatabase();
    const { recorder, predictions, trail, key, close } = await openRecord(database);
    const [mine, theirs] = [newId(), newId()];
    const alone = record({ userId: mine, subjects: ['P-1'], rows: [rowOf('P-1', 1)] });
    const mixed = record({
      userId: mine,
      subjects: ['P-1', 'P-2', 'P-1'],
      rows: [rowOf('P-1', 1), rowOf('P-2', 2), rowOf('P-1', 3)],
      labels: ['risk', 'no-risk', 'risk'],
    });
    const other = record({ userId: theirs, subjects: ['P-1'], rows: [rowOf('P-1', 1)] });
    for (const entry of [alone, mixed, other]) await recorder.record(entry);

    const outcome = await asOwner(database, (manager) =>
      eraseSubject(manager, trail, { subject: 'P-1', userId: mine }),
    );
    expect(outcome).toMatchObject({ predictions: 2, rows: 3 });
    expect((await predictions.find(alone.id))!.rows).toEqual([null]);
    expect((await predictions.find(mixed.id))!.rows).toEqual([null, JSON.parse(rowOf('P-2', 2)), null]);
    expect((await predictions.find(other.id))!.rows).toEqual([JSON.parse(rowOf('P-1', 1))]);
    const found = async (selection: { subject?: string; label?: string }): Promise<number> =>
      (await predictions.select(mine, { userId: mine, ...selection }, 10)).rows.length;
    expect(await found({ subject: 'P-1' })).toBe(0);
    expect(await found({ subject: 'P-2' })).toBe(1);
    expect(await found({ label: 'risk' })).toBe(0);
    const again = await asOwner(database, (manager) => eraseSubject(manager, trail, { subject: 'P-1', userId: mine }));
    expect(again).toEqual({ id: undefined, predictions: 0, rows: 0 });
    await close();
    expect(await verify(database, key.publicPem)).toMatchObject({ holds: true, findings: [] });
    await expect(
      createDataSource({ url: database.url, poolSize: 1 }, { entities: [AuditEvent] })
        .initialize()
        .then((application) =>
          application
            .transaction((manager) => eraseSubject(manager, trail, { subject: 'P-2' }))
            .finally(() => application.destroy()),
        ),
    ).rejects.toThrow('permission denied');
  });

  it('leaves nothing of the patient in the database but the fact', async () => {
    const database = await ownDatabase();
    const { recorder, trail, close } = await openRecord(database);
    await recorder.record(
      record({ subjects: ['GRÜN-77'], rows: ['{"subject":"GRÜN-77","input":{"n":77123},"scores":[1]}'] }),
    );
    await asOwner(database, (manager) => eraseSubject(manager, trail, { subject: 'GRÜN-77' }));
    await close();
    const client = new pg.Client({ connectionString: database.ownerUrl });
    await client.connect();
    for (const table of [
      'predictions',
      'prediction_contents',
      'prediction_subjects',
      'audit_events',
      'audit_batches',
    ]) {
      const { rows } = await client.query(
        `SELECT t::text FROM ${table} AS t WHERE t::text LIKE '%77123%' OR t::text LIKE '%GRÜN%' OR t::text LIKE $1`,
        [`%${Buffer.from('77123').toString('hex')}%`],
      );
      expect(rows).toEqual([]);
    }
    await client.end();
  });
});

describe('the end of a month', () => {
  afterEach(() => vi.useRealTimers());

  it('is recorded, and what is left of the chains holds', async () => {
    const database = await ownDatabase();
    const folder = mkdtempSync(join(tmpdir(), 'latido-retention-'));
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2020-03-14T15:00:00Z') });
    const then = await openRecord(database, { folder });
    // Ids never go back behind the last one: these are made by hand.
    const idsOfThen = [0, 1, 2].map((n) => idFloor(new Date()).replace(/.$/, String(n)));
    for (const id of idsOfThen) await then.recorder.record(record({ id, subjects: ['P-1'] }));
    await then.checkpoints.write();
    await then.close();
    vi.useRealTimers();
    const now = await openRecord(database, { folder });
    await now.recorder.record(record());

    const month = new Date().toISOString().slice(0, 7);
    for (const wrong of [month, '2020-03', '2020-13', 'x'])
      await expect(asOwner(database, (manager) => dropMonth(manager, now.trail, wrong))).rejects.toThrow(MonthError);
    const outcomes = `INSERT INTO outcomes SELECT gen_random_uuid(), id, 0, 1, user_id, '' FROM predictions WHERE id = ANY ($1)`;
    await asOwner(database, (manager) => manager.query(outcomes, [idsOfThen]));
    const dropped = await asOwner(database, (manager) => dropMonth(manager, now.trail, 'earlier'));
    expect(dropped).toMatchObject({ predictions: 3, requests: 0, from: new Date(0) });
    expect(await now.dataSource.query('SELECT * FROM outcomes')).toEqual([]);
    await now.close();
    const report = await verify(database, now.key.publicPem);
    expect(report).toMatchObject({ holds: true, droppedBatches: 3, records: { predictions: { records: 1 } } });

    const client = new pg.Client({ connectionString: database.ownerUrl });
    await client.connect();
    await client.query(`DELETE FROM audit_events WHERE action = 'record.month-dropped'`);
    await client.end();
    expect((await verify(database, now.key.publicPem)).findings.map(({ code }) => code)).toContain('record-deleted');
    rmSync(folder, { recursive: true, force: true });
  });
});

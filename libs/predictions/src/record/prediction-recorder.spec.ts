/** The recorder on a real Postgres that is slow or refuses. */
import { Logger } from '@nestjs/common';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { newId } from '#platform';
import { ownDatabase } from '../../../../test/setup/database.js';
import { predictionRecord as record } from '../../../../test/setup/prediction-record.js';
import { openRecord } from '../../../../test/setup/record.js';
import type { RecordCompanion } from './key-claims.js';

const database = await ownDatabase();

let owner: pg.Client;

beforeAll(async () => {
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
});

afterAll(() => owner.end());

async function recordedCount(): Promise<number> {
  const { rows } = await owner.query<{ count: number }>('SELECT count(*)::int AS count FROM predictions');
  return rows[0]!.count;
}

describe('the recorder', () => {
  it('commits records that come together in few batches, each acknowledged when it is there', async () => {
    const { recorder, metrics, close } = await openRecord(database);
    const before = await recordedCount();
    await Promise.all(Array.from({ length: 1_200 }, () => recorder.record(record())));
    expect(await recordedCount()).toBe(before + 1_200);
    const flushes = /latido_recorder_flush_seconds_count (\d+)/.exec(await metrics.registry.metrics());
    expect(Number(flushes![1])).toBe(3);
    const { rows } = await owner.query('SELECT count FROM audit_batches ORDER BY shard DESC, seq LIMIT 3');
    expect(rows).toEqual([{ count: 500 }, { count: 500 }, { count: 200 }]);
    await close();
  });

  it('has what belongs to the records of a batch written once, in their transaction', async () => {
    const { recorder, close } = await openRecord(database);
    const batches: string[][] = [];
    const companion: RecordCompanion = async (client, records) => {
      const ids = records.map(({ id }) => id);
      await client.query('SELECT id FROM predictions WHERE id = ANY($1::uuid[])', [ids]);
      batches.push(ids);
    };
    const records = Array.from({ length: 600 }, () => record());
    await Promise.all(records.map((one, index) => recorder.record(one, index % 2 === 0 ? companion : undefined)));
    expect(batches.map(({ length }) => length)).toEqual([250, 50]);
    expect(batches.flat()).toEqual(records.filter((_, index) => index % 2 === 0).map(({ id }) => id));
    const before = await recordedCount();
    await expect(recorder.record(record(), (client) => client.query('SELECT 1 / 0'))).rejects.toMatchObject({
      kind: { code: 'RECORD_UNAVAILABLE' },
    });
    expect(await recordedCount()).toBe(before);
    await close();
  });

  it('refuses at once what would not fit in memory while the database is slow, and in time what waits', async () => {
    const { recorder, metrics, close } = await openRecord(database);
    await recorder.record(record());
    const before = await recordedCount();
    const rows = [`{"input":{"note":"${'x'.repeat(1024 * 1024)}"},"scores":[1]}`];
    await owner.query('BEGIN; LOCK TABLE predictions IN ACCESS EXCLUSIVE MODE');
    const refusals: unknown[] = [];
    const startedAt = performance.now();
    const all = Array.from({ length: 70 }, () =>
      recorder.record(record({ rows })).catch((error: unknown) => refusals.push(error)),
    );
    await expect.poll(() => refusals.length).toBe(7);
    expect(refusals.at(-1)).toMatchObject({
      kind: { code: 'RECORD_OVERLOADED', status: 503 },
      extra: { headers: { 'retry-after': '1' } },
    });
    await expect(
      recorder.recordUnderKey(record({ rows }), { userId: newId(), key: 'k', requestHash: 'h' }),
    ).rejects.toMatchObject({ kind: { code: 'RECORD_OVERLOADED' } });
    expect(await metrics.registry.metrics()).toContain('latido_recorder_queue 63');
    await Promise.all(all);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    expect(refusals).toHaveLength(70);
    await owner.query('COMMIT');
    await recorder.record(record());
    // Of the refused ones only those that were on their way may have been written.
    expect((await recordedCount()) - before).toBeLessThanOrEqual(1 + 15);
    expect(await metrics.registry.metrics()).toContain('latido_recorder_queue 0');
    await close();
  });

  it('goes on in the same chain after its connection was cut in the middle of a batch', async () => {
    const { recorder, dataSource, close } = await openRecord(database);
    await recorder.record(record());
    await owner.query('BEGIN; LOCK TABLE predictions IN ACCESS EXCLUSIVE MODE');
    const cut = recorder.record(record()).catch((error: unknown) => error);
    const waiting = `FROM pg_locks WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
    await expect.poll(async () => (await owner.query(`SELECT pid ${waiting}`)).rowCount).toBe(1);
    await dataSource.query(`SELECT pg_terminate_backend(pid) ${waiting}`);
    expect(await cut).toMatchObject({ kind: { code: 'RECORD_UNAVAILABLE', status: 503 } });
    await owner.query('COMMIT');
    await recorder.record(record());
    const { rows } = await owner.query(
      'SELECT seq FROM audit_batches WHERE shard = (SELECT max(shard) FROM audit_batches) ORDER BY seq',
    );
    expect(rows).toEqual([{ seq: '1' }, { seq: '2' }]);
    await close();
  });

  it('says 503 when the database refuses a record, and logs why without a patient’s values', async () => {
    const { recorder, close } = await openRecord(database);
    await recorder.record(record());
    const logged = vi.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    await owner.query(
      `ALTER TABLE prediction_subjects ADD CONSTRAINT no_secret CHECK (subject <> 'P-SECRET') NOT VALID`,
    );
    await expect(
      recorder.record(
        record({ subjects: ['P-SECRET'], rows: ['{"subject":"P-SECRET","input":{"age":"VALUE-SECRET"}}'] }),
      ),
    ).rejects.toMatchObject({
      kind: { code: 'RECORD_UNAVAILABLE', status: 503 },
      extra: { headers: { 'retry-after': '2' } },
    });
    expect(logged).toHaveBeenCalledOnce();
    const line = JSON.stringify(logged.mock.calls);
    expect(line).toContain('23514');
    expect(line).not.toMatch(/SECRET/);
    logged.mockRestore();
    await recorder.record(record());
    await close();
  });
});

/** What proves an outcome, what finds one that was changed, and what may take one out, on a real Postgres. */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AuditEvent, eventLeaves, sha256, verifyRecord, type AuditTrail } from '#audit';
import { createDataSource, newId, type Page, type ProblemDto } from '#platform';
import { ownDatabase } from '../../../../test/setup/database.js';
import { PATIENT } from '../../../../test/setup/patient.js';
import {
  startPredictionServer,
  type PredictionServer,
  type TestUser,
} from '../../../../test/setup/prediction-server.js';
import { openRecord, type RecordWriters } from '../../../../test/setup/record.js';
import type { PredictionAnswer } from '../prediction-answer.js';
import type { PredictionDetailDto } from '../predictions.dto.js';
import { eraseRows } from '../record/content.js';
import { eraseSubject } from '../record/erasure.js';
import { predictionLeaves } from '../record/prediction-leaves.js';
import type { OutcomeDto } from './outcomes.dto.js';

const HAPPENED = { label: 'risk', observedAt: '2026-01-31T10:00:00.000Z', note: 'A-SECRET' };

const database = await ownDatabase();
let server: PredictionServer;
let owner: pg.Client;
let reader: pg.Client;
/** An operator's process, with a key of its own. */
let operator: RecordWriters;
let user: TestUser;

beforeAll(async () => {
  server = await startPredictionServer(database);
  operator = await openRecord(database);
  owner = new pg.Client({ connectionString: database.ownerUrl });
  reader = new pg.Client({ connectionString: database.url });
  await Promise.all([owner.connect(), reader.connect()]);
  user = await server.user();
});

afterAll(async () => {
  await operator.close();
  await server.close();
  await Promise.all([owner.end(), reader.end()]);
});

async function predicted(body: unknown = { input: PATIENT }): Promise<string> {
  return (await server.predict(user, body)).json<PredictionAnswer>().id;
}

async function put(path: string, body: unknown = HAPPENED): Promise<[number, string | undefined]> {
  const answer = await server.put(user, `/v1/predictions/${path}/outcome`, body);
  return [answer.statusCode, answer.json<Partial<ProblemDto>>().code];
}

async function read<T>(path: string): Promise<T> {
  return (await server.get(user, `/v1/predictions/${path}`)).json<T>();
}

async function rowsOf(id: string): Promise<{ id: string; content: Buffer }[]> {
  const { rows } = await owner.query<{ id: string; content: Buffer }>(
    'SELECT id, content FROM outcomes WHERE prediction_id = $1 ORDER BY row_index, revision',
    [id],
  );
  return rows;
}

async function eventsOf(id: string): Promise<{ details: Record<string, unknown> }[]> {
  const { rows } = await owner.query<{ details: Record<string, unknown> }>(
    "SELECT details FROM audit_events WHERE target_id = $1 AND action = 'prediction.outcome-recorded' ORDER BY id",
    [id],
  );
  return rows;
}

/** What the verifier says of outcomes. */
async function faults(): Promise<string[]> {
  const { findings } = await verifyRecord(reader, { sources: [predictionLeaves, eventLeaves] });
  return findings.map(({ code, message }) => `${code}: ${message}`);
}

async function erase(subject: string, trail: AuditTrail = operator.trail): Promise<void> {
  const dataSource = await createDataSource(
    { url: database.ownerUrl, poolSize: 2 },
    { entities: [AuditEvent] },
  ).initialize();
  await dataSource.transaction((manager) => eraseSubject(manager, trail, { subject }));
  await dataSource.destroy();
}

describe('the proof of an outcome', () => {
  it('is a salted digest in the audit event, which says nothing of the patient', async () => {
    const [id, other] = [await predicted(), await predicted()];
    for (const prediction of [id, other]) expect(await put(prediction)).toEqual([200, undefined]);
    const [outcome] = await rowsOf(id);
    // 4 bytes of length, then salt and JSON.
    const digest = sha256(outcome!.content.subarray(4)).toString('hex');
    expect(outcome!.content.subarray(20).toString()).toBe(JSON.stringify(HAPPENED));
    expect(await eventsOf(id)).toEqual([{ details: { outcome: outcome!.id, row: 0, revision: 1, digest } }]);
    expect((await eventsOf(other))[0]!.details.digest).not.toBe(digest);
    await expect.poll(faults).toEqual([]);
  });

  it('is not the application’s to change', async () => {
    for (const statement of ['UPDATE outcomes SET revision = 9', 'DELETE FROM outcomes', 'TRUNCATE outcomes'])
      await expect(reader.query(statement), statement).rejects.toThrow('permission denied');
  });

  it.each<[string, string, RegExp]>([
    ['label', `content = set_byte(content, 30, get_byte(content, 30) # 1)`, /was altered: its audit event/],
    ['salt', `content = set_byte(content, 4, get_byte(content, 4) # 1)`, /was altered/],
    ['length', `content = set_byte(content, 3, get_byte(content, 3) # 1)`, /was altered/],
    ['author', `user_id = gen_random_uuid()`, /was altered/],
    ['row', `row_index = 1`, /was altered/],
    ['revision', `revision = 3`, /was altered/],
    ['id', `id = gen_random_uuid()`, /was inserted: no audit event.*\n.*was deleted: only its audit event/],
    [
      'content, as if erased,',
      `content = int4send(0) || sha256(substring(content FROM 5))`,
      /is gone, and no recorded act erased it/,
    ],
  ])('finds another %s', async (_, change, fault) => {
    const id = await predicted();
    await put(id);
    const outcome = (await rowsOf(id))[0]!.id;
    await owner.query('CREATE TEMP TABLE kept AS SELECT * FROM outcomes WHERE id = $1', [outcome]);
    await owner.query(`UPDATE outcomes SET ${change} WHERE id = $1`, [outcome]);
    expect((await faults()).join('\n')).toContain(outcome);
    expect((await faults()).join('\n')).toMatch(fault);
    await owner.query('DELETE FROM outcomes WHERE prediction_id = $1', [id]);
    expect(await faults()).toEqual([expect.stringContaining(`${outcome} was deleted`)]);
    await owner.query('INSERT INTO outcomes SELECT * FROM kept');
    await owner.query('DROP TABLE kept');
    expect(await faults()).toEqual([]);
  });

  it('names forged events, and is not ended by them', async () => {
    const forge = async (action: string, target: string, details: string): Promise<string> => {
      const id = newId();
      await owner.query(
        `INSERT INTO audit_events (id, occurred_at, actor_kind, action, target_type, target_id, details)
         VALUES ($1, now(), 'system', $2, 'prediction', $3, $4)`,
        [id, action, target, details],
      );
      return id;
    };
    const ids = [
      await forge('prediction.outcome-recorded', 'no id', '{"outcome":"x"}'),
      await forge('subject.erased', 'x', '{"rows":7}'),
      await forge('subject.erased', 'x', '{"rows":[7,{"a":1},["x",3]]}'),
    ];
    expect((await faults()).join('\n')).toMatch(/audit events are in no chain/);
    await owner.query('DELETE FROM audit_events WHERE id = ANY ($1)', [ids]);
    expect(await faults()).toEqual([]);
  });
});

describe('an outcome of a patient who is erased', () => {
  it('is erased with the prediction, in all revisions, and the proof stays', async () => {
    const id = await predicted({ inputs: [PATIENT, PATIENT], subjects: ['P-1', 'P-2'] });
    await put(`${id}/rows/0`);
    await put(`${id}/rows/0`, { ...HAPPENED, label: 'no-risk' });
    await put(`${id}/rows/1`);
    const digests = (await eventsOf(id)).map(({ details }) => details.digest);
    await erase('P-1');
    const [first, second, others] = await rowsOf(id);
    expect(first!.content.toString('hex')).toBe(`00000000${String(digests[0])}`);
    expect(second!.content.toString('hex')).toBe(`00000000${String(digests[1])}`);
    expect(others!.content.toString()).toContain('A-SECRET');

    const gone = { id: second!.id, row: 0, revision: 2, observedAt: null, note: null, erased: true };
    const { outcomes } = await read<PredictionDetailDto>(id);
    expect(outcomes).toMatchObject([gone, { row: 1, label: 'risk', erased: false }]);
    expect(outcomes[0]).not.toHaveProperty('label');
    expect((await read<Page<OutcomeDto>>(`${id}/outcomes?row=0`)).data).toMatchObject([
      gone,
      { revision: 1, erased: true },
    ]);
    expect(await put(`${id}/rows/0`)).toEqual([410, 'PREDICTION_ERASED']);
    expect(await put(`${id}/rows/1`, { ...HAPPENED, label: 'no-risk' })).toEqual([200, undefined]);
    await expect.poll(faults).toEqual([]);
  });

  it('is not recorded beside the erasure', async () => {
    const ids = await Promise.all(Array.from({ length: 4 }, () => predicted({ input: PATIENT, subject: 'P-RACE' })));
    const said = ids.flatMap((id) => ['a', 'b', 'c'].map((note) => put(id, { ...HAPPENED, note })));
    await erase('P-RACE');
    for (const [status] of await Promise.all(said)) expect([200, 410]).toContain(status);
    for (const id of ids) for (const { content } of await rowsOf(id)) expect(content.readInt32BE(0)).toBe(0);
    await expect.poll(faults).toEqual([]);
  });

  it('may be erased alone, and be said anew', async () => {
    const id = await predicted();
    await put(id);
    const [outcome] = await rowsOf(id);
    await owner.query('UPDATE outcomes SET content = $2 WHERE id = $1', [
      outcome!.id,
      eraseRows(outcome!.content, new Set([0])),
    ]);
    expect(await put(id)).toEqual([200, undefined]);
    expect((await read<PredictionDetailDto>(id)).outcomes).toMatchObject([{ revision: 2, label: 'risk' }]);
    await owner.query('UPDATE outcomes SET content = $2 WHERE id = $1', [outcome!.id, outcome!.content]);
  });

  it('is refused where the content is gone as a whole', async () => {
    const id = await predicted();
    const { rows } = await owner.query<{ content: Buffer; labels: string[] }>(
      'DELETE FROM prediction_contents WHERE id = $1 RETURNING content, labels',
      [id],
    );
    expect(await put(id)).toEqual([410, 'PREDICTION_ERASED']);
    await owner.query('INSERT INTO prediction_contents VALUES ($1, $2, $3)', [id, rows[0]!.content, rows[0]!.labels]);
    expect(await put(id)).toEqual([200, undefined]);
  });
});

describe('an outcome that somebody wrote over', () => {
  it('is told, and not repeated', async () => {
    const id = await predicted();
    await put(id);
    const [outcome] = await rowsOf(id);
    const broken = Buffer.concat([outcome!.content.subarray(0, -1), Buffer.of(0x2c)]);
    for (const content of [outcome!.content.subarray(0, 30), broken]) {
      await owner.query('UPDATE outcomes SET content = $2 WHERE id = $1', [outcome!.id, content]);
      for (const path of [id, `${id}/rows/0`, `${id}/outcomes`]) {
        const answer = await server.get(user, `/v1/predictions/${path}`);
        expect([answer.statusCode, answer.json<ProblemDto>().code]).toEqual([500, 'RECORD_DAMAGED']);
      }
      expect(await put(id)).toEqual([500, 'RECORD_DAMAGED']);
    }
  });
});

/** Reading what was predicted, over HTTP on a real Postgres. */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RequestLog } from '#audit';
import { newId, type Page, type ProblemDto } from '#platform';
import { ownDatabase } from '../../../test/setup/database.js';
import { startPredictionServer, type PredictionServer, type TestUser } from '../../../test/setup/prediction-server.js';
import { PATIENT } from '../../../test/setup/patient.js';
import type { PredictionAnswer } from './prediction-answer.js';
import type { PredictionDetailDto, PredictionSummaryDto } from './predictions.dto.js';

const database = await ownDatabase();

let server: PredictionServer;
let owner: pg.Client;

beforeAll(async () => {
  server = await startPredictionServer(database);
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
});

afterAll(async () => {
  await server.close();
  await owner.end();
});

async function predicted(user: TestUser, body: unknown): Promise<PredictionAnswer> {
  const answer = await server.predict(user, body);
  expect(answer.statusCode, answer.body).toBe(201);
  return answer.json<PredictionAnswer>();
}

async function list(user: TestUser, query = ''): Promise<Page<PredictionSummaryDto>> {
  const answer = await server.get(user, `/v1/predictions${query}`);
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json<Page<PredictionSummaryDto>>();
}

async function reads(predictionId: string): Promise<Record<string, unknown>[]> {
  const { rows } = await owner.query<Record<string, unknown>>(
    "SELECT * FROM audit_events WHERE action = 'prediction.read-by-other' AND target_id = $1 ORDER BY id",
    [predictionId],
  );
  return rows;
}

describe('the detail of a prediction', () => {
  it('holds all that was recorded, and the same results as its answer', async () => {
    const user = await server.user();
    const answer = await predicted(user, { input: PATIENT, subject: 'P-1' });
    const detail = (await server.get(user, `/v1/predictions/${answer.id}`)).json<PredictionDetailDto>();
    expect(detail).toMatchObject({ ...answer, userId: user.id, apiKeyId: null, rowCount: 1, inputs: [PATIENT] });
    expect(detail.scores[0]![0]).toBe(
      (answer.results[0] as { probabilities: Record<string, number> }).probabilities.risk,
    );
    expect(detail.engine).toMatch(/^(onnx|tfjs)/);
    expect(Date.parse(detail.admittedAt as unknown as string)).toBeGreaterThan(Date.now() - 60_000);
    expect(detail.requestId).toBeTruthy();
    expect(await reads(answer.id)).toEqual([]);
  });

  it('says where the time of its request went, once the log of it is written', async () => {
    const user = await server.user();
    const log = server.app.get(RequestLog);
    const { id } = await predicted(user, { input: PATIENT });
    await log.flush();
    for (const path of [id, `${id}/rows/0`]) {
      const { timings } = (await server.get(user, `/v1/predictions/${path}`)).json<PredictionDetailDto>();
      const { authMs, quotaMs, validateMs, inferMs, recordMs, totalMs } = timings!;
      for (const part of [quotaMs, validateMs, inferMs, recordMs]) expect(part).toBeGreaterThan(0);
      expect(authMs).toBeNull(); // this server's callers are taken at their word
      expect(totalMs).toBeGreaterThan(inferMs! + recordMs!);
    }
    await owner.query('DELETE FROM request_log WHERE user_id = $1', [user.id]);
    for (const path of [id, `${id}/rows/0`])
      expect((await server.get(user, `/v1/predictions/${path}`)).json()).toMatchObject({ timings: null });
  });

  it('of several rows names their patients, and opens row by row, counted from 0', async () => {
    const user = await server.user();
    const inputs = [30, 70].map((age) => ({ ...PATIENT, age }));
    const answer = await predicted(user, { inputs, subjects: ['a', 'b'] });
    expect((await server.get(user, `/v1/predictions/${answer.id}`)).json()).toMatchObject({
      subjects: ['a', 'b'],
      inputs,
      results: answer.results,
    });
    const row = await server.get(user, `/v1/predictions/${answer.id}/rows/1`);
    expect(row.json()).toMatchObject({
      id: answer.id,
      row: 1,
      subject: 'b',
      input: inputs[1],
      result: answer.results[1],
      model: 'cardiac-risk',
      rowCount: 2,
    });
    for (const n of ['2', '-1', '1.5', '01', 'x', '99999999999'])
      expect((await server.get(user, `/v1/predictions/${answer.id}/rows/${n}`)).statusCode).toBe(404);
  });

  it('is 404 for another user, for an unknown id and for what is no id', async () => {
    const [one, two, publisher] = [await server.user(), await server.user(), await server.user({ role: 'publisher' })];
    const { id } = await predicted(one, { input: PATIENT });
    for (const [caller, path] of [
      [two, id],
      [publisher, id],
      [two, `${id}/rows/0`],
      [one, newId()],
      [one, 'x'],
      [one, '%00'],
      [one, `${newId()}/rows/0`],
    ] as const) {
      const answer = await server.get(caller, `/v1/predictions/${path}`);
      expect([answer.statusCode, answer.json<ProblemDto>().code], path).toEqual([404, 'PREDICTION_NOT_FOUND']);
    }
  });

  it('is open to auditors and administrators, and their reading is on record', async () => {
    const user = await server.user();
    const { id } = await predicted(user, { input: PATIENT, subject: 'P-SECRET' });
    const auditor = await server.user({ role: 'auditor' });
    const admin = await server.user({ role: 'admin' });
    expect((await server.get(auditor, `/v1/predictions/${id}`)).json()).toMatchObject({ subject: 'P-SECRET' });
    expect((await server.get(admin, `/v1/predictions/${id}/rows/0`)).json()).toMatchObject({ subject: 'P-SECRET' });
    const events = await reads(id);
    expect(events.map((event) => event.actor_id)).toEqual([auditor.id, admin.id]);
    expect(events[0]).toMatchObject({ actor_kind: 'user', target_type: 'prediction', details: { owner: user.id } });
    expect(JSON.stringify(events)).not.toContain('P-SECRET');
  });
});

describe('the list of predictions', () => {
  it('shows one’s own, newest first, without inputs, a page at a time', async () => {
    const user = await server.user();
    await predicted(await server.user(), { input: PATIENT });
    const answers: PredictionAnswer[] = [];
    for (const subject of ['a', 'b', 'c', 'd', 'e']) answers.push(await predicted(user, { input: PATIENT, subject }));
    const first = await list(user, '?limit=2');
    const second = await list(user, `?limit=2&cursor=${first.nextCursor}`);
    const third = await list(user, `?limit=2&cursor=${second.nextCursor}`);
    expect([...first.data, ...second.data, ...third.data].map(({ id }) => id)).toEqual(
      answers.map(({ id }) => id).reverse(),
    );
    expect(third.nextCursor).toBeNull();
    const [newest] = first.data;
    const label = (answers[4]!.results[0] as { label: string }).label;
    expect(newest).toEqual({
      id: answers[4]!.id,
      userId: user.id,
      model: 'cardiac-risk',
      version: '1.0.0',
      createdAt: answers[4]!.createdAt,
      rowCount: 1,
      subject: 'e',
      result: answers[4]!.results[0],
      labels: { [label]: 1 },
    });
  });

  it('is filtered by model, version, label and time', async () => {
    const user = await server.user();
    const high = await predicted(user, { input: { ...PATIENT, age: 95, smoker: 1, overweight: 1 } });
    await new Promise((resolve) => setTimeout(resolve, 5));
    const low = await predicted(user, {
      input: { cholesterol: 1.1, systolicPressure: 1, glucose: 0.8, age: 20, overweight: 0, smoker: 0 },
    });
    const ids = async (query: string): Promise<string[]> => (await list(user, query)).data.map(({ id }) => id);
    expect(await ids('?label=risk')).toEqual([high.id]);
    expect(await ids('?label=no-risk')).toEqual([low.id]);
    expect(await ids('?model=cardiac-risk&version=1.0.0')).toEqual([low.id, high.id]);
    expect(await ids('?model=another')).toEqual([]);
    expect(await ids('?version=2.0.0')).toEqual([]);
    expect(await ids(`?from=${low.createdAt}`)).toEqual([low.id]);
    expect(await ids(`?to=${low.createdAt}`)).toEqual([high.id]);
    expect(await ids('?from=1900-01-01&to=9999-12-31')).toEqual([low.id, high.id]);
  });

  it.each([
    '?limit=0',
    '?limit=201',
    '?cursor=zzz',
    '?from=yesterday',
    '?from=2026-W01',
    '?label=%00',
    '?model=%00',
    '?version=%27',
    '?userId=me',
    '?subject=P-1',
    '?unknown=1',
  ])('refuses %s', async (query) => {
    const user = await server.user();
    const answer = await server.get(user, `/v1/predictions${query}`);
    expect([answer.statusCode, answer.json<ProblemDto>().code]).toEqual([422, 'INVALID_REQUEST']);
  });

  it('finds a patient by the client’s own reference, which stands in the body', async () => {
    const user = await server.user();
    const one = await predicted(user, { input: PATIENT, subject: 'ward 7/"bed 2"' });
    const many = await predicted(user, { inputs: [PATIENT, PATIENT], subjects: [null, 'ward 7/"bed 2"'] });
    await predicted(user, { input: PATIENT, subject: 'somebody else' });
    const answer = await server.search(user, { subject: 'ward 7/"bed 2"', limit: 10 });
    expect(answer.statusCode, answer.body).toBe(200);
    expect(answer.headers['ratelimit']).toBeUndefined();
    expect(answer.json<Page<PredictionSummaryDto>>().data.map(({ id, rowCount }) => [id, rowCount])).toEqual([
      [many.id, 2],
      [one.id, 1],
    ]);
    expect(
      (await server.search(await server.user(), { subject: 'ward 7/"bed 2"' })).json<Page<unknown>>().data,
    ).toEqual([]);
    expect((await server.search(user, { subject: 'a\0' })).statusCode).toBe(422);
    expect((await server.search(user, { subject: { $ne: 1 } })).statusCode).toBe(422);
  });

  it('tells auditors and administrators that others’ predictions exist, but not what they hold', async () => {
    const user = await server.user();
    const { id } = await predicted(user, { input: PATIENT, subject: 'P-SECRET' });
    for (const role of ['auditor', 'admin'] as const) {
      const reader = await server.user({ role });
      const { data } = await list(reader, `?userId=${user.id}`);
      expect(data).toMatchObject([{ id, userId: user.id, subject: null, result: null, labels: null, rowCount: 1 }]);
      expect((await list(reader)).data.length).toBeGreaterThan(0);
      expect((await server.search(reader, { subject: 'P-SECRET' })).body).not.toContain('P-SECRET');
    }
  });

  it('leaves a trace when others’ predictions are found by what they hold, and none when they are only listed', async () => {
    const user = await server.user();
    const { id } = await predicted(user, { input: { ...PATIENT, age: 95, smoker: 1 }, subject: 'P-TRACED' });
    const auditor = await server.user({ role: 'auditor' });
    await list(auditor, `?userId=${user.id}`);
    await server.search(user, { subject: 'P-TRACED' });
    await server.search(auditor, { subject: 'P-UNKNOWN' });
    expect(await reads(id)).toEqual([]);
    await server.search(auditor, { subject: 'P-TRACED' });
    await list(auditor, `?userId=${user.id}&label=risk`);
    const traces = await reads(id);
    expect(traces).toMatchObject([
      { actor_id: auditor.id, details: { owner: user.id, found: ['subject'] } },
      { actor_id: auditor.id, details: { owner: user.id, found: ['label'] } },
    ]);
    expect(JSON.stringify(traces)).not.toContain('P-TRACED');
  });

  it('is one’s own alone for users and publishers, who may not name another', async () => {
    const [user, other, publisher] = [
      await server.user(),
      await server.user(),
      await server.user({ role: 'publisher' }),
    ];
    await predicted(other, { input: PATIENT });
    expect((await list(user)).data).toEqual([]);
    expect((await list(publisher)).data).toEqual([]);
    expect((await list(user, `?userId=${user.id}`)).data).toEqual([]);
    const answer = await server.get(user, `/v1/predictions?userId=${other.id}`);
    expect([answer.statusCode, answer.json<ProblemDto>().code]).toEqual([403, 'FORBIDDEN']);
  });
});

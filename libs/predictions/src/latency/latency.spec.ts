/** Latency of a version, over HTTP on a real Postgres. */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RequestLog } from '#audit';
import { type ProblemDto } from '#platform';
import { ownDatabase } from '../../../../test/setup/database.js';
import { PATIENT } from '../../../../test/setup/patient.js';
import {
  startPredictionServer,
  type PredictionServer,
  type TestUser,
} from '../../../../test/setup/prediction-server.js';
import type { PredictionAnswer } from '../prediction-answer.js';
import type { VersionLatencyDto } from './latency.dto.js';
import { askedForAlone, percentilesOf } from './latency.service.js';

const PENGUIN = {
  island: 2,
  bill_length_mm: 45.5,
  bill_depth_mm: 15.5,
  flipper_length_mm: 215,
  body_mass_g: 4900,
  sex: 0,
};

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

async function latency(user: TestUser, model: string, version = '1.0.0'): Promise<VersionLatencyDto> {
  await server.app.get(RequestLog).flush();
  const answer = await server.get(user, `/v1/models/${model}/versions/${version}/latency`);
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json<VersionLatencyDto>();
}

async function predicted(user: TestUser, body: unknown, model?: string): Promise<PredictionAnswer> {
  const answer = await server.predict(user, body, {}, model);
  expect(answer.statusCode, answer.body).toBe(201);
  return answer.json<PredictionAnswer>();
}

describe('the latency of a version', () => {
  it('is told by the request log, of everybody’s predictions', async () => {
    const user = await server.user();
    const empty = { model: 'cardiac-risk', version: '1.0.0', predictions: 0, from: null, to: null };
    expect(await latency(user, 'cardiac-risk')).toEqual({ ...empty, infer: null, total: null });
    const answers = [await predicted(await server.user(), { input: PATIENT })];
    for (const age of [30, 40]) answers.push(await predicted(user, { inputs: [{ ...PATIENT, age }, PATIENT] }));
    await server.app.get(RequestLog).flush();
    for (const [index, { id }] of answers.entries())
      await owner.query(
        `UPDATE request_log SET infer_ms = $2, total_ms = $3 WHERE id = (SELECT admission_id FROM predictions WHERE id = $1)`,
        [id, index + 1, 10 * (index + 1)],
      );
    expect(await latency(await server.user(), 'cardiac-risk')).toEqual({
      model: 'cardiac-risk',
      version: '1.0.0',
      predictions: 3,
      from: answers[0]!.createdAt,
      to: answers[2]!.createdAt,
      infer: { p50Ms: 2, p90Ms: 3, p99Ms: 3 },
      total: { p50Ms: 20, p90Ms: 30, p99Ms: 30 },
    });
  });

  it('leaves out files of several records, batches, and what is in no log', async () => {
    const user = await server.user();
    const header = Object.keys(PENGUIN).join();
    const file = `${header}\n${`${Object.values(PENGUIN).join()}\n`.repeat(1_500)}`;
    const csv = { 'content-type': 'text/csv' };
    expect((await server.predictRaw(user, file, csv, 'penguins')).statusCode).toBe(200);
    const batch = await server.sendTo(user, '/v1/models/penguins/batches', file.slice(0, 5_000), csv);
    await server.get(user, `/v1/batches/${batch.json<{ id: string }>().id}/events`);
    const [kept, forgotten] = [
      await predicted(user, { input: PENGUIN }, 'penguins'),
      await predicted(user, { input: PENGUIN }, 'penguins'),
    ];
    await server.app.get(RequestLog).flush();
    await owner.query('DELETE FROM request_log WHERE id = (SELECT admission_id FROM predictions WHERE id = $1)', [
      forgotten.id,
    ]);
    expect(await latency(user, 'penguins', kept.version)).toMatchObject({
      predictions: 1,
      from: kept.createdAt,
      to: kept.createdAt,
      infer: { p50Ms: expect.any(Number) as number },
    });
  });

  it('is 404 for what the caller may not see', async () => {
    const user = await server.user();
    for (const [path, code] of [
      ['nothing/versions/1.0.0', 'MODEL_NOT_FOUND'],
      ['cardiac-risk/versions/9.9.9', 'VERSION_NOT_FOUND'],
      ['cardiac-risk/versions/%00', 'VERSION_NOT_FOUND'],
    ] as const) {
      const answer = await server.get(user, `/v1/models/${path}/latency`);
      expect([answer.statusCode, answer.json<ProblemDto>().code], path).toEqual([404, code]);
    }
  });
});

describe('predictions that were asked for alone', () => {
  const of = (id: string, admissionId: string): { id: string; admissionId: string } => ({ id, admissionId });
  const file = [of('9', '5'), of('7', '5')];

  it('share their request with no other', () => {
    expect(askedForAlone([of('9', '8'), of('7', '6')], false)).toHaveLength(2);
    expect(askedForAlone([of('99', '98'), ...file], false)).toEqual([of('99', '98')]);
    expect(askedForAlone([], false)).toEqual([]);
  });

  it('are none whose request came before the oldest that is looked at: others of a file may be older', () => {
    expect(askedForAlone([of('99', '98'), file[0]!, of('6', '4')], true)).toEqual([of('99', '98')]);
    expect(askedForAlone([of('99', '98'), file[0]!], false)).toHaveLength(2);
  });
});

it('percentiles are values that were measured, by the nearest rank', () => {
  expect(percentilesOf([])).toBeNull();
  expect(percentilesOf([7])).toEqual({ p50Ms: 7, p90Ms: 7, p99Ms: 7 });
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect(percentilesOf(hundred)).toEqual({ p50Ms: 50, p90Ms: 90, p99Ms: 99 });
});

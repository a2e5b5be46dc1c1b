/** What administrators see of what was predicted: by day, version and answer, and file by file. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SYSTEM } from '#audit';
import { Activations, ModelRegistration, OPERATOR } from '#models';
import { writeCrowd } from '../../../../test/setup/crowd-model.js';
import { ownDatabase } from '../../../../test/setup/database.js';
import {
  startPredictionServer,
  type PredictionServer,
  type TestUser,
} from '../../../../test/setup/prediction-server.js';
import type { ServicePredictionsDto } from './service-predictions.dto.js';

const database = await ownDatabase();
const folder = mkdtempSync(join(tmpdir(), 'latido-service-predictions-spec-'));
let server: PredictionServer;
let user: TestUser;
let admin: TestUser;

const HEADER = 'cholesterol,systolicPressure,glucose,age,overweight,smoker';
const ILL = { cholesterol: 2.45, systolicPressure: 1.35, glucose: 1.75, age: 68, overweight: 0, smoker: 0 };
const WELL = { cholesterol: 1.5, systolicPressure: 1, glucose: 0.8, age: 30, overweight: 0, smoker: 0 };
const csvOf = (...rows: object[]): string => [HEADER, ...rows.map((row) => Object.values(row).join(','))].join('\n');
const today = (): string => new Date().toISOString().slice(0, 10);

/** Probability of `risk` of a row that is ill, and of one that is well. */
let ill: number;
let well: number;

beforeAll(async () => {
  server = await startPredictionServer(database);
  user = await server.user();
  admin = await server.user({ role: 'admin' });
  const answer = await server.predict(user, { inputs: [ILL, WELL] });
  [ill, well] = answer
    .json<{ results: { probabilities: { risk: number } }[] }>()
    .results.map(({ probabilities }) => probabilities.risk) as [number, number];
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function overview(query = ''): Promise<ServicePredictionsDto> {
  const answer = await server.get(admin, `/v1/service/predictions${query}`);
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json<ServicePredictionsDto>();
}

async function stream(...rows: object[]): Promise<void> {
  const answer = await server.predictRaw(user, csvOf(...rows), { 'content-type': 'text/csv' });
  expect(answer.statusCode, answer.body).toBe(200);
}

async function batch(...rows: object[]): Promise<string> {
  const url = '/v1/models/cardiac-risk/batches';
  const sent = await server.sendTo(user, url, csvOf(...rows), { 'content-type': 'text/csv' });
  expect(sent.statusCode, sent.body).toBe(202);
  const { id } = sent.json<{ id: string }>();
  await expect
    .poll(async () => (await server.get(user, `/v1/batches/${id}`)).json<{ status: string }>().status)
    .toBe('succeeded');
  return id;
}

describe('the predictions of the service', () => {
  it('are those of the last answer, by day, version, source and class, with the mean of the positive class', async () => {
    const before = new Date();
    await server.predict(user, { input: ILL });
    const { from, to, asOf, days, files } = await overview();
    expect(days).toEqual([
      {
        date: today(),
        model: 'cardiac-risk',
        version: '1.0.0',
        source: 'request',
        predictions: 2,
        rows: 3,
        labels: { risk: 2, 'no-risk': 1 },
        score: 'positive-probability',
        meanScore: expect.closeTo((2 * ill + well) / 3, 12) as number,
      },
    ]);
    expect(files).toEqual([]);
    expect(to).toBe(today());
    expect(Date.parse(to) - Date.parse(from)).toBe(13 * 86_400_000);
    expect(new Date(asOf).getTime()).toBeGreaterThanOrEqual(before.getTime() - 1_000);
  });

  it('name the files that they came in, the newest first, also where a file is one row', async () => {
    await stream(ILL);
    const id = await batch(ILL, WELL, WELL);
    const { days, files } = await overview('?model=cardiac-risk');
    expect(days.find(({ source }) => source === 'file')).toMatchObject({
      predictions: 2,
      rows: 4,
      labels: { risk: 2, 'no-risk': 2 },
      meanScore: expect.closeTo((ill + well) / 2, 12) as number,
    });
    expect(files).toEqual([
      expect.objectContaining({ id, kind: 'batch', rows: 3, labels: { 'no-risk': 2, risk: 1 }, erased: false }),
      expect.objectContaining({
        kind: 'stream',
        rows: 1,
        labels: { risk: 1 },
        model: 'cardiac-risk',
        version: '1.0.0',
      }),
    ]);
    expect(files[1]!.meanScore).toBeCloseTo(ill, 12);
    expect(new Date(files[0]!.createdAt) >= new Date(files[1]!.createdAt)).toBe(true);
  });

  it('leave out a file of which no row could be predicted', async () => {
    const { files: before } = await overview();
    await stream({ ...ILL, age: 'old' });
    expect((await overview()).files).toEqual(before);
  });

  it('of a regression are a mean in its unit, without classes', async () => {
    writeCrowd(folder);
    await server.app.get(ModelRegistration).addFolder(join(folder, 'crowd/1.0.0'), SYSTEM);
    await server.app.get(Activations).activate('crowd', '1.0.0', {}, OPERATOR);
    const answer = await server.predict(user, { inputs: [{ x: 2e-7 }, { x: 4e-7 }] }, {}, 'crowd');
    expect(answer.statusCode, answer.body).toBe(201);
    const [one, other] = answer.json<{ results: { value: number }[] }>().results;
    const { days } = await overview('?model=crowd');
    expect(days).toMatchObject([{ model: 'crowd', rows: 2, labels: {}, score: 'value' }]);
    expect(days[0]!.meanScore).toBeCloseTo((one!.value + other!.value) / 2, 12);
  });

  it('are none of a model that there is not, and of days before', async () => {
    expect(await overview('?days=1&model=nothing')).toMatchObject({ from: today(), days: [], files: [] });
  });

  it.each(['days=0', 'days=91', 'days=1.5', 'days=x', 'model=', 'unknown=1'])('are not told for ?%s', async (query) => {
    const answer = await server.get(admin, `/v1/service/predictions?${query}`);
    expect(answer.statusCode, answer.body).toBe(422);
  });
});

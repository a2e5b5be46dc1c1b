/** Predictions from observations, over HTTP, on the shipped shock model: asked for, recorded, answered, refused. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Observation } from '#inference';
import type { ProblemDto } from '#platform';
import { ownDatabase } from '../../../test/setup/database.js';
import { startPredictionServer, type PredictionServer, type TestUser } from '../../../test/setup/prediction-server.js';
import type { PredictionAnswer } from './prediction-answer.js';

interface Row {
  readonly observations: readonly Observation[];
}

/** Raw requests with Keras' own answers; the class of each score. */
const golden = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../../test/golden/shock/observations.json'), 'utf8'),
) as { model: string; classes: string[]; cases: { name: string; input: Row; scores: number[] }[] };
const rows = golden.cases.map(({ input }) => input);
const whole = rows[0] as Row;

const database = await ownDatabase();
let server: PredictionServer;
let user: TestUser;

beforeAll(async () => {
  server = await startPredictionServer(database);
  user = await server.user();
}, 180_000);
afterAll(() => server.close());

const ask = (body: unknown, headers: Record<string, string> = {}) => server.predict(user, body, headers, golden.model);

async function refusalOf(body: unknown): Promise<string[]> {
  const answer = await ask(body);
  expect([answer.statusCode, answer.json<ProblemDto>().code], answer.body).toEqual([422, 'INVALID_REQUEST']);
  return (answer.json<ProblemDto>().errors ?? []).map(({ pointer, detail }) => `${pointer} ${detail}`);
}

describe('a prediction from observations', () => {
  it('answers each of many patients with Keras’ own scores, and names them', async () => {
    const subjects = rows.map((_, index) => `patient ${index}`);
    const answer = await ask({ inputs: rows, subjects });
    expect(answer.statusCode, answer.body).toBe(201);
    const { results, subjects: named, notice } = answer.json<PredictionAnswer>();
    expect(named).toEqual(subjects);
    expect(notice).toBe('Trained on synthetic data; not for clinical use');
    expect(results).toHaveLength(rows.length);
    for (const [index, { name, scores }] of golden.cases.entries()) {
      const { probabilities, label } = results[index] as { label: string; probabilities: Record<string, number> };
      expect(label, name).toBe(golden.classes[scores.indexOf(Math.max(...scores))]);
      for (const [position, score] of scores.entries())
        expect(probabilities[golden.classes[position] ?? ''], name).toBeCloseTo(score, 4);
    }
  });

  it('answers a thousand patients of one request, and records each', { timeout: 60_000 }, async () => {
    const answer = await ask({ inputs: Array.from({ length: 1000 }, (_, index) => rows[index % rows.length]) });
    expect(answer.statusCode, answer.body.slice(0, 300)).toBe(201);
    const { id, results } = answer.json<PredictionAnswer>();
    expect(results).toHaveLength(1000);
    expect(results[999]).toEqual(results[999 % rows.length]);
    const last = await server.get(user, `/v1/predictions/${id}/rows/999`);
    expect(last.json<{ input: Row }>().input).toEqual(rows[999 % rows.length]);
  });

  it('is recorded as it was sent, and repeated under its Idempotency-Key', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const first = await ask({ input: whole, subject: 'P-1' }, headers);
    const second = await ask({ input: whole, subject: 'P-1' }, headers);
    expect([first.statusCode, second.statusCode], first.body).toEqual([201, 201]);
    expect(second.body).toBe(first.body);
    const { id } = first.json<PredictionAnswer>();
    const record = (await server.get(user, `/v1/predictions/${id}`)).json<{ inputs: Row[] }>();
    expect(record.inputs).toEqual([whole]);
    const row = (await server.get(user, `/v1/predictions/${id}/rows/0`)).json<{ input: Row; result: object }>();
    expect(row.input).toEqual(whole);
    expect(row.result).toEqual(first.json<PredictionAnswer>().results[0]);
  });

  it('is refused for all patients that are at fault, each by its place, and records nothing', async () => {
    const last = whole.observations.map(({ time }) => Date.parse(time)).sort((a, b) => b - a)[0] ?? 0;
    const short = whole.observations.filter(({ time }) => Date.parse(time) === last);
    const cold = whole.observations.filter(({ signal }) => signal !== 'temperature');
    const wrong = [{ ...(whole.observations[0] as Observation), value: 'high', unit: 'furlong' }];
    expect(
      await refusalOf({
        inputs: [whole, { observations: short }, { observations: cold }, { observations: wrong }, {}],
      }),
    ).toEqual([
      '/inputs/1/observations has 1 timestep, the model needs 20',
      '/inputs/2/observations `Temperature` has no value in this window (0 of 20 samples)',
      '/inputs/3/observations/0/value must be a number',
      '/inputs/3/observations/0/unit must be %, or left out',
      '/inputs/4/observations is missing',
    ]);
    const other = await server.user();
    await server.predict(other, { input: { observations: short } }, {}, golden.model);
    expect((await server.get(other, '/v1/predictions')).json<{ data: object[] }>().data).toEqual([]);
  });

  it('lists at most 100 faults, and never repeats what was sent', async () => {
    const hostile = whole.observations.map((one) => ({ ...one, value: 987654, note: 'secret-note' }));
    const answer = await ask({
      inputs: [{ observations: hostile }, { observations: hostile }],
      subjects: ['S-1', 'S-2'],
    });
    expect(answer.statusCode).toBe(422);
    expect(answer.json<ProblemDto>().errors).toHaveLength(100);
    expect(answer.body).not.toMatch(/987654|secret-note|S-1/);
  });

  it.each<[string, string, number]>([
    ['numbers beyond all bounds', '{"input":{"observations":[{"signal":"heartRate","value":1e999,"time":"x"}]}}', 422],
    ['text for a number', '{"input":{"observations":[{"signal":"heartRate","value":"NaN"}]}}', 422],
    ['NaN, which is no JSON', '{"input":{"observations":[{"signal":"heartRate","value":NaN}]}}', 400],
    ['a prototype', '{"input":{"observations":[{"__proto__":{"signal":"heartRate"}}]}}', 400],
    ['lists without end', `{"input":{"observations":${'['.repeat(50_000)}${']'.repeat(50_000)}}}`, 422],
    ['100,000 nothings', `{"input":{"observations":[${'0,'.repeat(99_999)}0]}}`, 422],
    ['more bytes than are read', `{"input":{"observations":["${'x'.repeat(16 * 2 ** 20)}"]}}`, 413],
  ])('refuses %s', async (_, payload, status) => {
    const answer = await server.predictRaw(user, payload, {}, golden.model);
    expect(answer.statusCode, answer.body.slice(0, 300)).toBe(status);
    expect(answer.body.length).toBeLessThan(20_000);
  });

  it('records what is sent of other signals as it came, and refuses what nests too deeply to be recorded', async () => {
    const bodyWith = (waveform: string): string =>
      JSON.stringify({ input: { observations: [...whole.observations, { signal: 'ecg', waveform: 0 }] } }).replace(
        '"waveform":0',
        `"waveform":${waveform}`,
      );
    const nested = (levels: number): string => `${'['.repeat(levels)}1${']'.repeat(levels)}`;
    for (const headers of [undefined, { 'idempotency-key': randomUUID() }]) {
      const taken = await server.predictRaw(user, bodyWith(nested(15)), headers, golden.model);
      expect(taken.statusCode, taken.body).toBe(201);
      const { id } = taken.json<PredictionAnswer>();
      const record = await server.get(user, `/v1/predictions/${id}/rows/0`);
      expect(JSON.stringify(record.json<{ input: Row }>().input.observations.at(-1))).toContain(nested(15));
    }
    const place = `/input/observations/${whole.observations.length}`;
    // What is long is refused before it is parsed, and not looked for.
    for (const [levels, pointer] of [
      [16, place],
      [5_000, place],
      [400_000, ''],
    ] as const) {
      const refused = await server.predictRaw(user, bodyWith(nested(levels)), {}, golden.model);
      expect(refused.statusCode, refused.body).toBe(422);
      expect(refused.json<ProblemDto>().errors).toEqual([{ pointer, detail: 'is nested too deeply' }]);
    }
  });
});

/**
 * The shock model of the thesis in service, as its own file: registered on a running server by the command, activated,
 * and asked over HTTP with the thesis' own observations, on each engine.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Observation } from '#inference';
import {
  NO_THESIS_FIXTURES,
  thesisAnswer,
  thesisManifest,
  thesisObservations,
  writeThesisVersion,
} from '../setup/shock-thesis.js';
import { ADMIN_PASSWORD, Server, type Answer } from './server.js';

const ROOT = resolve(import.meta.dirname, '../..');

interface Prediction {
  readonly id: string;
  readonly subjects?: readonly (string | null)[];
  readonly results: readonly {
    readonly label: string;
    readonly probability: number;
    readonly probabilities: Record<string, number>;
  }[];
}

interface Refusal {
  readonly code: string;
  readonly errors: readonly { readonly pointer: string; readonly detail: string }[];
}

/** `latido …` beside the running server, on its database. */
function latido(server: Server, words: readonly string[]): Promise<{ code: number | null; out: string }> {
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, DATA_DIR: join(server.folder, 'data') };
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, [join(ROOT, 'scripts/latido.mjs'), ...words], { cwd: ROOT, env });
    let out = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.once('error', failed);
    child.once('close', (code) => done({ code, out }));
  });
}

if (NO_THESIS_FIXTURES) console.warn(`skipped: ${NO_THESIS_FIXTURES}`);

describe.skipIf(NO_THESIS_FIXTURES).each(['onnx', 'tfjs'])('the thesis’ model on INFERENCE_ENGINE=%s', (engine) => {
  const models = mkdtempSync(join(tmpdir(), 'latido-thesis-'));
  // The folder is empty at start: the version comes by the command.
  const server = new Server({ ADMIN_PASSWORD, INFERENCE_ENGINE: engine, MODELS_DIR: models });
  let token: string;
  let window: readonly Observation[];

  /** Registers and activates one more version of the pipeline. */
  const add = async (manifest: ReturnType<typeof thesisManifest>): Promise<void> => {
    const { code, out } = await latido(server, ['models', 'publish', writeThesisVersion(models, manifest)]);
    expect(code, out).toBe(0);
    const activated = await server.request('PUT', `/v1/models/${manifest.name}/active`, {
      token,
      body: { version: '1.0.0' },
    });
    expect(activated.status, JSON.stringify(activated.body)).toBe(200);
  };
  const ask = <T = Prediction>(body: object, model = 'shock-thesis'): Promise<Answer<T>> =>
    server.request<T>('POST', `/v1/models/${model}/predictions`, { token, body });
  const refusalOf = async (observations: readonly unknown[], model?: string): Promise<string[]> => {
    const { status, body } = await ask<Refusal>({ input: { observations } }, model);
    expect([status, body.code]).toEqual([422, 'INVALID_REQUEST']);
    return body.errors.map(({ pointer, detail }) => `${pointer} ${detail}`);
  };
  const without = (code: number): Observation[] => window.filter(({ signal }) => signal !== code);

  beforeAll(async () => {
    window = thesisObservations();
    await server.start();
    token = await server.admin();
    const upgraded = await server.request('PUT', '/v1/plans/FREEMIUM', {
      token,
      body: { requestsPerMinute: 1000, rowsPerRequest: 1000 },
    });
    expect(upgraded.status, JSON.stringify(upgraded.body)).toBe(200);
    await add(thesisManifest('shock-thesis'));
    await add(
      thesisManifest('shock-strict', { window: { duplicates: 'refuse', order: 'ascending' }, otherSignals: 'refuse' }),
    );
  }, 180_000);
  afterAll(async () => {
    await server.remove();
    rmSync(models, { recursive: true, force: true });
  });

  it('answers the thesis’ own number to 1e-6', async () => {
    const { status, body } = await ask({ input: { observations: window } });
    expect(status, JSON.stringify(body)).toBe(201);
    const { probabilities, tolerance } = thesisAnswer();
    const [result] = body.results;
    expect(result?.label).toBe('sano');
    expect(Object.keys(result?.probabilities ?? {}).sort()).toEqual(Object.keys(probabilities).sort());
    for (const [name, expected] of Object.entries(probabilities))
      expect(Math.abs((result?.probabilities[name] ?? NaN) - expected), name).toBeLessThanOrEqual(tolerance);
  });

  it('answers each of many patients, as it answers them alone', async () => {
    const reversed = window.map((observation, index) => ({ ...observation, time: window.at(-1 - index)?.time }));
    const inputs = [window, reversed, window].map((observations) => ({ observations }));
    const { status, body } = await ask({ inputs, subjects: ['a', 'b', 'c'] });
    expect(status, JSON.stringify(body)).toBe(201);
    expect(body.subjects).toEqual(['a', 'b', 'c']);
    const alone = await Promise.all(inputs.map(async (input) => (await ask({ input })).body.results[0]));
    body.results.forEach(({ label, probability }, index) => {
      expect(label).toBe(alone[index]?.label);
      expect(probability).toBeCloseTo(alone[index]?.probability ?? NaN, 6);
    });
    expect(body.results[1]?.label).not.toBe('sano');
    const { body: record } = await server.request<{ inputs: unknown[] }>('GET', `/v1/predictions/${body.id}`, {
      token,
    });
    expect(record.inputs).toEqual(inputs);
    const row = await server.request<{ input: unknown; subject: string }>('GET', `/v1/predictions/${body.id}/rows/1`, {
      token,
    });
    expect(row.body).toMatchObject({ input: inputs[1], subject: 'b' });
  });

  it('names the patient, the signal and how many samples there are', async () => {
    const inputs = [window, without(150344), window.slice(9)].map((observations) => ({ observations }));
    const { status, body } = await ask<Refusal>({ inputs });
    expect([status, body.code, body.errors]).toEqual([
      422,
      'INVALID_REQUEST',
      [
        {
          pointer: '/inputs/1/observations',
          detail: '`Temperature` has no value in this window (0 of 20 samples)',
        },
        { pointer: '/inputs/2/observations', detail: 'has 19 timesteps, the model needs 20' },
      ],
    ]);
  });

  it('takes unsorted times and duplicates, where the manifest says so, for the same answer', async () => {
    const sorted = (await ask({ input: { observations: window } })).body.results;
    const shuffled = [...window.slice(90), ...window.slice(0, 90)];
    expect((await ask({ input: { observations: shuffled } })).body.results).toEqual(sorted);
    const twice = window.flatMap((one) => [
      { ...one, value: one.value * 0.99 },
      { ...one, value: one.value * 1.01 },
    ]);
    const [mean] = (await ask({ input: { observations: twice } })).body.results;
    expect(mean?.probability).toBeCloseTo(sorted[0]?.probability ?? NaN, 5);
    // A name instead of the code, the unit as it is shown, and an offset say the same.
    const renamed = window.map((one) => ({
      ...one,
      ...(one.signal === 150344 && { signal: 'temperature', unit: 'Cel' }),
      time: one.time.replace('Z', '+00:00'),
    }));
    expect((await ask({ input: { observations: renamed } })).body.results).toEqual(sorted);
  });

  it('refuses unsorted times, duplicates, unknown signals and other units, where the manifest says so', async () => {
    expect((await ask({ input: { observations: window } }, 'shock-strict')).status).toBe(201);
    expect(await refusalOf([...window.slice(9), ...window.slice(0, 9)], 'shock-strict')).toEqual([
      '/input/observations/171/time is before the time of the observation above it; sort by time',
    ]);
    expect(await refusalOf([...window, { ...window.at(-1), value: 30 }], 'shock-strict')).toEqual([
      '/input/observations/180 is a second value of `Respiratory rate` at the same time',
    ]);
    expect(await refusalOf([...window, { ...window.at(-1), signal: 149514 }], 'shock-strict')).toEqual([
      '/input/observations/180/signal is not a signal that the model takes',
    ]);
    expect(await refusalOf(window.map((one) => (one.signal === 150344 ? { ...one, unit: '[degF]' } : one)))).toEqual(
      Array.from(
        { length: 20 },
        (_, sample) => `/input/observations/${sample * 9 + 7}/unit must be °C or Cel, or left out`,
      ),
    );
  });

  it('takes the time of an unknown signal for a timestep, as the thesis did', async () => {
    const sorted = (await ask({ input: { observations: window } })).body.results;
    // Something else was measured five minutes later: the window moves on by one, and values are carried into it.
    const other = { signal: 149514, value: 1, time: '2000-01-01T01:40:00Z' };
    const moved = (await ask({ input: { observations: [...window, other] } })).body.results;
    expect(moved[0]?.probabilities).not.toEqual(sorted[0]?.probabilities);
    const last = window.slice(-9).map((one) => ({ ...one, time: other.time }));
    expect((await ask({ input: { observations: [...window, ...last] } })).body.results).toEqual(moved);
  });

  it('says what it takes: schema, OpenAPI and an example that works', async () => {
    const schema = await server.request<{ examples: object[] }>(
      'GET',
      '/v1/models/shock-thesis/versions/1.0.0/schema',
      { token },
    );
    expect((await ask({ input: schema.body.examples[0] })).status).toBe(201);
    const { body } = await server.request<{
      paths: Record<string, { post: { requestBody: { content: Record<string, { example: object }> } } }>;
    }>('GET', '/openapi.json');
    const example =
      body.paths['/v1/models/shock-thesis/predictions']?.post.requestBody.content['application/json']?.example;
    expect((await ask(example ?? {})).status).toBe(201);
    const version = await server.request<{ features: object[]; observations: { signals: object[] } }>(
      'GET',
      '/v1/models/shock-thesis/versions/1.0.0',
      { token },
    );
    expect(version.body.observations.signals).toHaveLength(9);
    expect(version.body.features).toMatchObject([
      { window: { samples: 20 } },
      { select: expect.any(Array) as string[] },
      { standardizeWindow: {} },
    ]);
  });

  it('keeps observations out of its log', () => {
    expect(server.output).not.toMatch(/observations|147842|heartRate/);
  });
});

/** Triton's own Python client against the server, unmodified: every active model, as JSON and as bytes. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { exampleRow } from '#models';
import { FETCH_TIMEOUT_MS } from '../setup/download-cache.js';
import { pythonWith } from '../setup/python.js';
import { Server } from './server.js';

const models = resolve(import.meta.dirname, '../../models');

let python: string | undefined;

beforeAll(async () => {
  python = await pythonWith(['tritonclient[http]==2.73.0']);
}, FETCH_TIMEOUT_MS);
beforeEach(({ skip }) => skip(python === undefined, 'no Python with tritonclient'));

interface ListedModel {
  readonly name: string;
  readonly activeVersion: string;
  readonly observations: object | null;
  readonly output: { readonly classes?: readonly { readonly name: string }[] };
}

interface Asked {
  readonly name: string;
  readonly tensors: Record<string, unknown[]>;
  /** The first row's, in the order of the classes. */
  readonly expected: readonly number[];
}

interface Outcome {
  readonly live: boolean;
  readonly ready: boolean;
  readonly server: { readonly name: string; readonly extensions: readonly string[] };
  readonly answers: Record<string, Record<string, Record<string, (number | string)[]>>>;
  readonly index: { readonly name: string; readonly state: string }[];
  readonly statistics: { readonly model_stats: { readonly name: string; readonly inference_count: number }[] };
  readonly readiness: readonly boolean[];
  readonly refusals: Record<string, [status: string, message: string] | null>;
}

function runClient(url: string, task: object): Promise<Outcome> {
  return new Promise((done, fail) => {
    const child = spawn(python!, [join(import.meta.dirname, 'triton_client.py'), url]);
    let [out, complaints] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
    child.on('error', fail);
    child.on('close', (code) => (code === 0 ? done(JSON.parse(out) as Outcome) : fail(new Error(complaints))));
    child.stdin.end(JSON.stringify(task));
  });
}

describe('tritonclient', () => {
  const server = new Server();
  const asked: Asked[] = [];
  let outcome: Outcome;

  beforeAll(async () => {
    if (python === undefined) return;
    await server.start();
    const admin = await server.admin();
    const { token, id } = await server.newUser('triton');
    await server.request('PUT', `/v1/users/${id}/subscription`, { token: admin, body: { plan: 'PREMIUM' } });
    const { body } = await server.request<{ data: ListedModel[] }>('GET', '/v1/models', { token });
    for (const model of body.data) {
      const windows = model.observations !== null;
      asked.push(windows ? await fromGoldenRows(model, token) : await fromExample(model, token));
    }
    outcome = await runClient(server.url.replace('http://', ''), { token, admin, models: asked });
  }, 120_000);
  afterAll(() => server.remove());

  /** Of a model of observations the client makes the windows: here those of the golden rows. */
  async function fromGoldenRows({ name, activeVersion }: ListedModel, token: string): Promise<Asked> {
    const path = join(models, name, activeVersion, 'golden.json');
    if (!existsSync(path)) throw new Error(`${name} has no golden rows to ask for`);
    const golden = JSON.parse(readFileSync(path, 'utf8')) as { inputs: unknown[]; outputs: number[][] };
    const metadata = await server.request<{ inputs: { name: string }[] }>('GET', `/v2/models/${name}`, { token });
    const [input] = metadata.body.inputs;
    return { name, tensors: { [input!.name]: golden.inputs.slice(0, 2) }, expected: golden.outputs[0]! };
  }

  async function fromExample(model: ListedModel, token: string): Promise<Asked> {
    const row = exampleRow(model as never);
    const { body } = await server.request<{
      results: { probabilities?: Record<string, number>; scores?: Record<string, number>; value?: number }[];
    }>('POST', `/v1/models/${model.name}/predictions`, { token, body: { input: row } });
    const { probabilities, scores, value } = body.results[0]!;
    const named = probabilities ?? scores;
    return {
      name: model.name,
      tensors: Object.fromEntries(Object.entries(row).map(([name, given]) => [name, [given, given]])),
      expected: named ? model.output.classes!.map((declared) => named[declared.name]!) : [value!],
    };
  }

  it('finds the server and its models', () => {
    expect(outcome).toMatchObject({ live: true, ready: true, server: { name: 'latido' } });
    expect(outcome.server.extensions).toContain('binary_tensor_data');
    expect(outcome.index.map(({ name }) => name)).toEqual(expect.arrayContaining(asked.map(({ name }) => name)));
    expect(asked.map(({ name }) => name)).toEqual(expect.arrayContaining(['cardiac-risk', 'haemodynamic-shock']));
  });

  it('infers on every active model as JSON and as bytes, plain and compressed, what Latido answers', () => {
    for (const { name, expected } of asked) {
      const answers = outcome.answers[name]!;
      expect(Object.keys(answers), name).toHaveLength(7);
      for (const [form, outputs] of Object.entries(answers)) {
        const scores = (outputs.probabilities ?? outputs.scores ?? outputs.value) as number[];
        expect(scores, `${name} ${form}`).toHaveLength(2 * expected.length);
        expected.forEach((score, index) => expect(scores[index], `${name} ${form}`).toBeCloseTo(score, 5));
        if (outputs.label) expect(outputs.label, `${name} ${form}`).toHaveLength(2);
        expect(outputs, `${name} ${form}`).toEqual(answers['bytes None']);
      }
    }
  });

  it('reads the statistics, loads and unloads', () => {
    for (const { name } of asked) {
      const counted = outcome.statistics.model_stats.find((stats) => stats.name === name);
      expect(counted!.inference_count, name).toBeGreaterThanOrEqual(14);
    }
    expect(outcome.readiness).toEqual([false, true]);
  });

  it('is refused in words that it understands', () => {
    expect(outcome.refusals).toEqual({
      'unknown tensor': ['400', expect.stringContaining('inputs[0] is no input of the model')],
      'unknown model': ['404', expect.stringContaining('no model "nothing"')],
      'not offered': ['404', expect.stringContaining('no such route')],
      'no token': ['401', expect.stringContaining('needs an access token')],
      'not an administrator': ['403', expect.stringContaining('admin')],
    });
  });
});

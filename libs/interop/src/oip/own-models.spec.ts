/** The Open Inference Protocol on models of other kinds than those that ship: regressions, decision functions, missing values. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { stringify } from 'yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ModelManifest } from '#inference';
import { writeCrowd } from '../../../../test/setup/crowd-model.js';
import { ownDatabase } from '../../../../test/setup/database.js';
import {
  startPredictionServer,
  type PredictionServer,
  type TestUser,
} from '../../../../test/setup/prediction-server.js';
import { tinyManifest, tinyRow, writeVersion } from '../../../../test/setup/version-folder.js';

interface InferAnswer {
  readonly outputs: { readonly name: string; readonly shape: number[]; readonly data: (number | string)[] }[];
  readonly parameters: { readonly prediction_id: string };
}

const source = resolve(import.meta.dirname, '../../../../test/golden/onnx/penguins-linear-svc');
const svc = JSON.parse(readFileSync(`${source}.json`, 'utf8')) as { inputs: number[][]; scores: number[][] };
const SVC_INPUTS = svc.inputs[0]!.map((_, index) => `x${index}`);
const SVC_CLASSES = ['adelie', 'chinstrap', 'gentoo'];

const folder = mkdtempSync(join(tmpdir(), 'latido-oip-models-'));
const database = await ownDatabase();
let server: PredictionServer;
let user: TestUser;

function writeDistances(): void {
  const version = join(folder, 'distances/1.0.0');
  mkdirSync(version, { recursive: true });
  cpSync(`${source}.onnx`, join(version, 'model.onnx'));
  const manifest: ModelManifest = {
    ...tinyManifest('distances', '1.0.0'),
    notice: 'Solo para investigación\n(100 % de prueba)',
    task: 'multiclass-classification',
    artifact: { file: 'model.onnx', format: 'onnx' },
    inputs: SVC_INPUTS.map((name) => ({ name, title: name, type: 'number' })),
    output: { kind: 'decision', classes: SVC_CLASSES.map((name) => ({ name, title: name })) },
  };
  writeFileSync(join(version, 'manifest.yaml'), stringify(manifest));
}

interface TriageRows {
  readonly inputs: Record<string, (number | string)[][]>;
  readonly outputs: number[][];
  readonly labels: string[];
}

const triageSource = resolve(import.meta.dirname, '../../../../test/golden/onnx/made/triage');
const triage = JSON.parse(readFileSync(`${triageSource}.golden.json`, 'utf8')) as TriageRows;

/** Numbers and texts, each an input of the engine by itself. */
function writeTriage(): void {
  const version = join(folder, 'triage/1.0.0');
  mkdirSync(version, { recursive: true });
  cpSync(`${triageSource}.onnx`, join(version, 'model.onnx'));
  const names = Object.keys(triage.inputs);
  const isText = (name: string): boolean => typeof triage.inputs[name]![0]![0] === 'string';
  const typeOf = (name: string) => (triage.inputs[name]!.flat().every(Number.isInteger) ? 'integer' : 'number');
  const textsOf = (name: string) => [...new Set(triage.inputs[name]!.flat())] as string[];
  const manifest: ModelManifest = {
    ...tinyManifest('triage', '1.0.0'),
    artifact: { file: 'model.onnx', format: 'onnx' },
    inputs: names.map((name) =>
      isText(name)
        ? { name, title: name, type: 'string', values: textsOf(name).map((value) => ({ value, title: value })) }
        : { name, title: name, type: typeOf(name), range: { minimum: 0, maximum: 300 } },
    ),
    features: Object.fromEntries(names.map((name) => [name, [{ select: [name] }]])),
    output: { classes: ['high', 'low'].map((name) => ({ name, title: name })) },
  };
  writeFileSync(join(version, 'manifest.yaml'), stringify(manifest));
}

beforeAll(async () => {
  writeCrowd(folder);
  writeTriage();
  writeDistances();
  writeVersion(folder, 'tiny', '1.0.0', { manifest: { features: [{ impute: { columns: { a: { constant: 0 } } } }] } });
  server = await startPredictionServer(database, { MODELS_DIR: folder });
  user = await server.user();
}, 120_000);
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function infer(model: string, inputs: readonly object[]) {
  const payload = JSON.stringify({ inputs });
  return server.inject(user, { method: 'POST', url: `/v2/models/${model}/infer`, payload });
}

const column = (name: string, data: readonly unknown[]) => ({ name, datatype: 'FP64', shape: [data.length], data });

describe('a regression whose input goes by one name in the manifest and in the engine', () => {
  it('is answered as a value, by the manifest’s input, which is validated', async () => {
    const answer = await infer('crowd', [column('x', [1e-7, 4e-7, 9e-7])]);
    expect(answer.json<InferAnswer>().outputs).toMatchObject([{ name: 'value', datatype: 'FP32', shape: [3, 1] }]);
    const beyond = await infer('crowd', [column('x', [1])]);
    expect([beyond.statusCode, beyond.json()]).toEqual([
      422,
      { error: expect.stringContaining('/rows/0/x must be at most') as string },
    ]);
  });

  it('replays to the bit although its rows depend on each other', async () => {
    const answer = await infer('crowd', [column('x', [1e-7, 4e-7, 9e-7])]);
    const { prediction_id } = answer.json<InferAnswer>().parameters;
    expect((await server.replay(user, `${prediction_id}/replay`)).json()).toMatchObject({
      identical: true,
      comparedRows: 3,
    });
  });
});

describe('a classifier with a decision function', () => {
  it('answers scores and a label, and its notice in a header of plain characters', async () => {
    const rows = svc.inputs.slice(0, 4);
    const answer = await infer(
      'distances',
      SVC_INPUTS.map((name, index) =>
        column(
          name,
          rows.map((row) => row[index]),
        ),
      ),
    );
    const [scores, label] = answer.json<InferAnswer>().outputs;
    expect(scores).toMatchObject({ name: 'scores', shape: [4, 3] });
    svc.scores
      .slice(0, 4)
      .flat()
      .forEach((score, index) => expect(scores!.data[index]).toBeCloseTo(score, 3));
    expect(label!.data).toEqual(svc.scores.slice(0, 4).map((row) => SVC_CLASSES[row.indexOf(Math.max(...row))]));
    expect(answer.headers['x-model-notice']).toBe('Solo para investigaci%C3%B3n (100 %25 de prueba)');
  });
});

describe('an input that may be missing', () => {
  const { row } = tinyRow();
  const others = Object.keys(row).filter((name) => name !== 'a');
  const ofOthers = (rows: number) => others.map((name) => column(name, Array(rows).fill(row[name])));

  it('is null or NaN in its tensor, or has none', async () => {
    const labels = async (inputs: readonly object[]) => {
      const answer = await infer('tiny', inputs);
      expect(answer.statusCode, answer.body).toBe(200);
      return answer.json<InferAnswer>().outputs.map(({ data }) => data);
    };
    const none = await labels(ofOthers(1));
    expect(await labels([column('a', [0]), ...ofOthers(1)])).toEqual(none);
    expect(await labels([column('a', [null]), ...ofOthers(1)])).toEqual(none);
    const head = Buffer.from(
      JSON.stringify({
        inputs: [{ name: 'a', datatype: 'FP32', shape: [1], parameters: { binary_data_size: 4 } }, ...ofOthers(1)],
      }),
    );
    const nan = Buffer.alloc(4);
    nan.writeFloatLE(NaN);
    const answer = await server.inject(user, {
      method: 'POST',
      url: '/v2/models/tiny/versions/1.0.0/infer',
      payload: Buffer.concat([head, nan]),
      headers: { 'inference-header-content-length': String(head.length) },
    });
    const { outputs, parameters } = answer.json<InferAnswer>();
    expect(outputs.map(({ data }) => data)).toEqual(none);
    const recorded = await server.inject(user, { method: 'GET', url: `/v1/predictions/${parameters.prediction_id}` });
    expect(recorded.json()).toMatchObject({ inputs: [{ ...row, a: null }] });
  });
});

describe('a model of numbers and texts', () => {
  const tensors = () =>
    Object.entries(triage.inputs).map(([name, rows]) => {
      const numbers = rows.flat().every(Number.isInteger) ? 'INT64' : 'FP64';
      const datatype = typeof rows[0]![0] === 'string' ? 'BYTES' : numbers;
      return { name, datatype, shape: [rows.length, 1], data: rows };
    });

  it('takes texts as BYTES, and has no way past its pipeline', async () => {
    const metadata = await server.inject(user, { method: 'GET', url: '/v2/models/triage' });
    expect(metadata.json()).toMatchObject({
      inputs: tensors().map(({ name, datatype }) => ({ name, datatype, shape: [-1, 1] })),
      raw_inputs: [],
    });
    const answer = await infer('triage', tensors());
    const [probabilities] = answer.json<InferAnswer>().outputs;
    triage.outputs.flat().forEach((score, index) => expect(probabilities!.data[index]).toBeCloseTo(score, 5));
    const { prediction_id } = answer.json<InferAnswer>().parameters;
    expect((await server.replay(user, `${prediction_id}/replay`)).json()).toMatchObject({ identical: true });
  });

  it('refuses other texts than the manifest lists, without repeating them', async () => {
    const inputs = tensors().map((tensor) =>
      tensor.name === 'ward' ? { ...tensor, data: tensor.data.map(() => ['a secret ward']) } : tensor,
    );
    const answer = await infer('triage', inputs);
    expect([answer.statusCode, answer.body]).toEqual([422, expect.stringContaining('/rows/0/ward')]);
    expect(answer.body).not.toContain('secret');
  });
});

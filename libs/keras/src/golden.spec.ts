/**
 * Every case of the golden vectors (Keras' own answers) is either answered like Keras by both back ends or refused with
 * a code. The cases of the layers read today stand under test/golden/keras; where ../shared/fixtures is at hand, all
 * cases of it are walked too, and nothing there may be answered differently from Keras.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { InferenceSession, Tensor as OnnxTensor } from 'onnxruntime-node';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  KerasImportError,
  buildTensorFlowModel,
  importKeras,
  kerasRefusals,
  writeOnnx,
  type KerasGraph,
} from './index.js';

type Nested = number | Nested[];

interface GoldenCase {
  readonly name: string;
  readonly file: string;
  readonly family: string;
  readonly expect: 'run' | 'run-or-refuse';
}

interface GoldenVectors {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  readonly inputs: Nested | Readonly<Record<string, Nested>>;
  readonly outputs: Nested | Readonly<Record<string, Nested>>;
}

const root = join(import.meta.dirname, '../../..');
const committed = join(root, 'test/golden/keras');
const shared = join(root, '../shared/fixtures/keras-golden');

function manifestOf(folder: string): { cases: GoldenCase[]; refusals: { file: string; reason: string }[] } {
  return JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
}

function vectorsOf(folder: string, { file }: GoldenCase): GoldenVectors {
  return JSON.parse(readFileSync(join(folder, file.replace(/\.[^.]+$/, '.json')), 'utf8'));
}

function flatten(nested: Nested): number[] {
  return Array.isArray(nested) ? nested.flatMap(flatten) : [nested];
}

/** The tensors in the graph's order, flat, with their shapes. */
function tensorsOf(
  named: GoldenVectors['inputs'],
  names: readonly string[],
): { shape: number[]; values: Float32Array }[] {
  const list =
    Array.isArray(named) || typeof named === 'number'
      ? [named]
      : names.map((name) => (named as Record<string, Nested>)[name] as Nested);
  return list.map((nested) => {
    const shape: number[] = [];
    for (let level = nested; Array.isArray(level); level = level[0] as Nested) shape.push(level.length);
    return { shape, values: Float32Array.from(flatten(nested)) };
  });
}

async function runOnnx(
  graph: KerasGraph,
  inputs: readonly { shape: number[]; values: Float32Array }[],
): Promise<Float32Array[]> {
  const session = await InferenceSession.create(writeOnnx(graph), { intraOpNumThreads: 1, logSeverityLevel: 3 });
  const feeds = Object.fromEntries(
    inputs.map(({ shape, values }, index) => [
      session.inputNames[index] as string,
      new OnnxTensor('float32', values, shape),
    ]),
  );
  const answer = await session.run(feeds);
  const outputs = session.outputNames.map((name) => Float32Array.from(answer[name]?.data as Float32Array));
  await session.release();
  return outputs;
}

function runTensorFlow(
  graph: KerasGraph,
  inputs: readonly { shape: number[]; values: Float32Array }[],
): Float32Array[] {
  const model = buildTensorFlowModel(graph, tf);
  const before = tf.memory().numTensors;
  const tensors = inputs.map(({ shape, values }) => tf.tensor(values, shape, 'float32'));
  const outputs = model.run(tensors);
  const answers = outputs.map((tensor) => Float32Array.from(tensor.dataSync()));
  for (const tensor of [...tensors, ...outputs]) tensor.dispose();
  expect(tf.memory().numTensors, 'tensors left behind by a run').toBe(before);
  model.dispose();
  return answers;
}

/** |answer - expected| <= 1e-5 + 1e-5 |expected| for every number. */
function expectEqual(answers: readonly Float32Array[], expected: readonly Float32Array[], engine: string): void {
  expect(answers.length, `${engine}: outputs`).toBe(expected.length);
  expected.forEach((values, output) => {
    expect(answers[output]?.length, `${engine}: values of output ${output}`).toBe(values.length);
    const off = Array.from(values).findIndex(
      (value, index) => !(Math.abs((answers[output]?.[index] ?? NaN) - value) <= 1e-5 + 1e-5 * Math.abs(value)),
    );
    expect(off === -1 ? 'equal' : `value ${off}: ${answers[output]?.[off]} instead of ${values[off]}`, engine).toBe(
      'equal',
    );
  });
}

async function verifyCase(folder: string, golden: GoldenCase): Promise<void> {
  const graph = await importKeras(readFileSync(join(folder, golden.file)));
  const vectors = vectorsOf(folder, golden);
  const inputs = tensorsOf(
    vectors.inputs,
    graph.inputs.map(({ name }) => name),
  );
  const expected = tensorsOf(vectors.outputs, vectors.outputNames).map(({ values }) => values);
  expectEqual(await runOnnx(graph, inputs), expected, 'ONNX Runtime');
  expectEqual(runTensorFlow(graph, inputs), expected, 'TensorFlow.js');
}

beforeAll(async () => {
  await tf.setBackend('wasm');
});

describe('the golden vectors of the project', () => {
  const { cases, refusals } = manifestOf(committed);

  it.each(cases)('answers $name as Keras did, on both back ends', async (golden) => {
    await verifyCase(committed, golden);
  });

  it.each(refusals)('refuses $file: $reason', async ({ file, reason }) => {
    const refusal = await importKeras(readFileSync(join(committed, file))).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(KerasImportError);
    expect((refusal as KerasImportError).code).toBe(reason);
  });
});

describe.skipIf(!existsSync(shared))('all shared golden vectors', () => {
  const { cases, refusals } = existsSync(shared) ? manifestOf(shared) : { cases: [], refusals: [] };

  it.each(cases)('answers $name as Keras did, or refuses it with a code', async (golden) => {
    try {
      await verifyCase(shared, golden);
    } catch (error) {
      if (!(error instanceof KerasImportError)) throw error;
      expect(Object.keys(kerasRefusals)).toContain(error.code);
      expect(error.code, error.message).toMatch(/^unsupported-(layer|option|activation|dtype)$/);
      expect(error.layer).toBeTypeOf('string');
    }
  });

  it.each(refusals)('refuses $file: $reason', async ({ file, reason }) => {
    await expect(importKeras(readFileSync(join(shared, file)))).rejects.toMatchObject({
      name: 'KerasImportError',
      code: reason,
    });
  });
});

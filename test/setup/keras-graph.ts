/** Keras models for tests, written as their configuration, with weights that any of them can have, on both back ends. */
/* eslint-disable no-restricted-imports -- A configuration without a file meets the importer below its public names. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { expect } from 'vitest';
import { buildStructure } from '../../libs/keras/src/build-structure.js';
import { parseKerasVersion, type KerasVersion } from '../../libs/keras/src/config/keras-version.js';
import type { Weight, WeightSpec } from '../../libs/keras/src/container/weight-spec.js';
import { KerasImportError } from '../../libs/keras/src/errors.js';
import type { KerasGraph } from '../../libs/keras/src/graph.js';
import { buildKerasGraph } from '../../libs/keras/src/import-keras.js';
import { defaultImportLimits } from '../../libs/keras/src/limits.js';
import { writeOnnx } from '../../libs/keras/src/onnx/write-onnx.js';
import { readingContext, readModel } from '../../libs/keras/src/read-layer.js';
import { elementCount } from '../../libs/keras/src/shape.js';
import { buildTensorFlowModel } from '../../libs/keras/src/tensorflow/tensorflow-model.js';

/** Row-major. */
export interface TestTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Numbers between -1 and 1 that repeat at every run. */
export function sines(shape: readonly number[], seed = 0): TestTensor {
  return {
    shape,
    values: Float32Array.from({ length: elementCount(shape) }, (_, index) => Math.sin(index * 1.7 + seed * 0.9 + 0.3)),
  };
}

/** As an entry of `layers` in a configuration of Keras 2. */
export function savedLayer(className: string, options: object): object {
  return { class_name: className, config: { name: className.toLowerCase(), ...options } };
}

/** `shape` without the batch. */
export function savedInput(name: string, ...shape: (number | null)[]): object {
  return { class_name: 'InputLayer', config: { name, batch_input_shape: [null, ...shape], dtype: 'float32' } };
}

export function savedSequential(...layers: object[]): object {
  return { class_name: 'Sequential', config: { name: 'net', layers } };
}

/** The graph of a configuration. Weights are small sines of their position, variances above 0.5, unless given. */
export function graphOf(
  model: object,
  kerasVersion: string | KerasVersion = '2.15.0',
  given?: readonly Weight[],
): KerasGraph {
  const keras = typeof kerasVersion === 'string' ? parseKerasVersion(kerasVersion) : kerasVersion;
  const { weightSpecs } = buildStructure(readModel(model), readingContext(keras, defaultImportLimits));
  return buildKerasGraph({ keras, packing: 'h5', config: model, weights: given ?? weightSpecs.map(plausibleWeight) });
}

function plausibleWeight({ name, shape }: WeightSpec, number: number): Weight {
  // Small, so that nets of unbounded activations do not leave float32.
  const values = sines(shape, number).values.map((value) => 0.4 * value);
  return { name, shape, values: name.includes('variance') ? values.map((value) => 1.5 + value) : values };
}

/** The refusal of a configuration that must be refused. */
export function refusalOf(model: object, kerasVersion?: string): KerasImportError {
  try {
    graphOf(model, kerasVersion);
  } catch (error) {
    if (error instanceof KerasImportError) return error;
    throw error;
  }
  throw new Error('the model was not refused');
}

export async function runOnnx(graph: KerasGraph, inputs: readonly TestTensor[]): Promise<TestTensor[]> {
  const session = await InferenceSession.create(writeOnnx(graph), { logSeverityLevel: 3, intraOpNumThreads: 1 });
  try {
    const feeds = inputs.map(({ shape, values }, index) => [
      session.inputNames[index] as string,
      new Tensor('float32', values, [...shape]),
    ]);
    const answer = await session.run(Object.fromEntries(feeds) as Record<string, Tensor>);
    return session.outputNames.map((name) => {
      const { dims, data } = answer[name] as Tensor;
      return { shape: [...dims], values: Float32Array.from(data as Float32Array) };
    });
  } finally {
    await session.release();
  }
}

/** On the WebAssembly back end; leaves no tensor behind. */
export async function runTensorFlow(graph: KerasGraph, inputs: readonly TestTensor[]): Promise<TestTensor[]> {
  await tf.setBackend('wasm');
  const before = tf.memory().numTensors;
  const model = buildTensorFlowModel(graph, tf);
  const tensors = inputs.map(({ shape, values }) => tf.tensor(values, [...shape], 'float32'));
  const outputs = model.run(tensors);
  const answers = outputs.map((tensor) => ({ shape: tensor.shape, values: Float32Array.from(tensor.dataSync()) }));
  for (const tensor of [...tensors, ...outputs]) tensor.dispose();
  model.dispose();
  expect(tf.memory().numTensors, 'tensors left behind').toBe(before);
  return answers;
}

/** |a - b| <= tolerance (1 + |b|) for every number, and the same shapes. */
export function expectClose(answers: readonly TestTensor[], expected: readonly TestTensor[], tolerance = 1e-5): void {
  expect(answers.map(({ shape }) => shape)).toEqual(expected.map(({ shape }) => shape));
  answers.forEach(({ values }, output) => {
    const wanted = expected[output]?.values ?? new Float32Array();
    const apart = values.findIndex((value, index) => {
      const other = wanted[index] ?? NaN;
      return !(Math.abs(value - other) <= tolerance * (1 + Math.abs(other)));
    });
    expect(apart === -1 ? 'equal' : `output ${output}: ${values[apart]} and ${wanted[apart]}`).toBe('equal');
  });
}

/** The answer of ONNX Runtime, after TensorFlow.js has given the same. */
export async function runBoth(
  graph: KerasGraph,
  inputs: readonly TestTensor[],
  tolerance?: number,
): Promise<TestTensor[]> {
  const onnx = await runOnnx(graph, inputs);
  expectClose(await runTensorFlow(graph, inputs), onnx, tolerance);
  return onnx;
}

/** `x` of `[rows, time, features]` with all features of the named steps at `value`. */
export function withSteps(
  x: TestTensor,
  steps: readonly (readonly [row: number, time: number])[],
  value = 0,
): TestTensor {
  const [, time = 0, features = 0] = x.shape;
  const values = Float32Array.from(x.values);
  for (const [row, step] of steps) {
    const start = (row * time + step) * features;
    values.fill(value, start, start + features);
  }
  return { shape: x.shape, values };
}

/** What recurrent layers have where their configuration leaves it out, in the later Keras. */
export const recurrentActivations = { activation: 'tanh', recurrent_activation: 'sigmoid' };

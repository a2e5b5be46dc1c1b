import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { beforeAll, describe, expect, it } from 'vitest';
import { runBoth } from '../../../test/setup/keras-graph.js';
import { buildStructure } from './build-structure.js';
import { parseKerasVersion } from './config/keras-version.js';
import type { WeightSpec } from './container/weight-spec.js';
import type { KerasGraph } from './graph.js';
import { buildKerasGraph } from './import-keras.js';
import { defaultImportLimits } from './limits.js';
import { writeOnnx } from './onnx/write-onnx.js';
import { readingContext, readModel } from './read-layer.js';
import { elementCount } from './shape.js';
import { buildTensorFlowModel } from './tensorflow/tensorflow-model.js';

const keras = parseKerasVersion('2.15.0');
const input = (name: string, ...shape: number[]) => ({
  class_name: 'InputLayer',
  name,
  config: { name, batch_input_shape: [null, ...shape] },
});
const dense = (name: string, units: number) => ({ class_name: 'Dense', config: { name, units, activation: 'tanh' } });
const sequential = (name: string, ...layers: object[]) => ({ class_name: 'Sequential', config: { name, layers } });
const functional = (name: string, layers: object[], inputs: string[], outputs: unknown[]) => ({
  class_name: 'Functional',
  config: { name, layers, input_layers: inputs.map((layer) => [layer, 0, 0]), output_layers: outputs },
});
/** A layer with its calls, each a list of tensors. */
const called = (layer: object, name: string, ...calls: [string, number, number, object?][][]) => ({
  ...layer,
  name,
  inbound_nodes: calls,
});

function structureOf(model: object, limits = defaultImportLimits) {
  return buildStructure(readModel(model), readingContext(keras, limits));
}

function graphOf(model: object): KerasGraph {
  const { weightSpecs } = structureOf(model);
  const weights = weightSpecs.map(({ name, shape }, number) => ({
    name,
    shape,
    values: Float32Array.from({ length: elementCount(shape) }, (_, index) => Math.sin(index * 1.7 + number)),
  }));
  return buildKerasGraph({ keras, packing: 'h5', config: model, weights });
}

/** The path of a weight as the names of what stands on it. */
const pathOf = ({ path = [], name }: WeightSpec): string =>
  [...path.map((step) => (typeof step === 'object' && 'className' in step ? step.name : step)), name].join('/');

async function answers(graph: KerasGraph, inputs: readonly Float32Array[]): Promise<[number[], number[]]> {
  const sizes = graph.inputs.map(({ tensor }) => tensor.shape.at(-1) as number);
  const session = await InferenceSession.create(writeOnnx(graph), { logSeverityLevel: 3 });
  const feeds = Object.fromEntries(
    inputs.map((values, index) => [
      session.inputNames[index] as string,
      new Tensor('float32', values, [values.length / (sizes[index] as number), sizes[index] as number]),
    ]),
  );
  const onnx = await session.run(feeds);
  await session.release();
  const model = buildTensorFlowModel(graph, tf);
  const given = inputs.map((values, index) =>
    tf.tensor2d(values, [values.length / (sizes[index] as number), sizes[index] as number]),
  );
  const reference = model.run(given).map((tensor) => [...tensor.dataSync()]);
  model.dispose();
  return [Array.from(onnx[session.outputNames[0] as string]?.data as Float32Array), reference[0] ?? []];
}

beforeAll(async () => {
  await tf.setBackend('wasm');
});

describe('a model in a model', () => {
  const twin = sequential('twin', dense('hidden', 3), dense('out', 2));
  const distance = functional(
    'distance',
    [
      input('a', 4),
      input('b', 4),
      // Keras 2 counts the making of a nested model as its call 0.
      called(twin, 'twin', [['a', 0, 0]], [['b', 0, 0]]),
      called({ class_name: 'Concatenate', config: { name: 'both', axis: -1 } }, 'both', [
        ['twin', 1, 0],
        ['twin', 2, 0],
      ]),
    ],
    ['a', 'b'],
    [['both', 0, 0]],
  );

  it('has its weights once, however often it is called, and takes the shape that it is called with', () => {
    const { weightSpecs, layerCount } = structureOf(distance);
    expect(weightSpecs.map(pathOf)).toEqual([
      'twin/hidden/kernel',
      'twin/hidden/bias',
      'twin/out/kernel',
      'twin/out/bias',
    ]);
    expect(weightSpecs[0]?.shape).toEqual([4, 3]);
    expect(layerCount).toBe(5);
  });

  it('answers each call by itself, on both back ends', async () => {
    const graph = graphOf(distance);
    const [first, second] = [Float32Array.of(0.1, -2, 3, 0.4), Float32Array.of(1, 0, -1, 2)];
    const [onnx, reference] = await answers(graph, [first, second]);
    const [swapped] = await answers(graph, [second, first]);
    expect(onnx).toHaveLength(4);
    onnx.forEach((value, index) => expect(value).toBeCloseTo(reference[index] as number, 6));
    expect(swapped).toEqual([...onnx.slice(2), ...onnx.slice(0, 2)]);
  });

  it('may be a frozen one, whose weights the file lists after the others', () => {
    const frozen = { class_name: 'Dense', config: { name: 'old', units: 2, trainable: false } };
    const { weightSpecs } = structureOf(sequential('net', input('x', 3), sequential('base', frozen, dense('new', 1))));
    expect(weightSpecs.map(({ trainable }) => trainable ?? true)).toEqual([false, false, true, true]);
  });

  it('may hold layers that are frozen within others', () => {
    const cell = (name: string, trainable: boolean) => ({
      class_name: 'GRUCell',
      config: { name, units: 2, trainable },
    });
    const cells = { class_name: 'StackedRNNCells', config: { name: 's', cells: [cell('a', false), cell('b', true)] } };
    const rnn = { class_name: 'RNN', config: { name: 'rnn', cell: cells, return_sequences: true } };
    const inner = { class_name: 'Dense', config: { name: 'd', units: 2, trainable: false } };
    const distributed = { class_name: 'TimeDistributed', config: { name: 't', layer: inner } };
    const { weightSpecs } = structureOf(sequential('net', input('x', 4, 2), rnn, distributed));
    expect(weightSpecs.map(({ trainable }) => trainable ?? true)).toEqual([
      ...[false, false, false, true, true, true],
      ...[false, false],
    ]);
  });

  it('gives its inputs the masks that are passed to it', async () => {
    const average = { class_name: 'GlobalAveragePooling1D', config: {} };
    const averages = functional(
      'averages',
      ['a', 'b'].flatMap((name) => [
        input(name, 3, 1),
        called({ ...average, config: { name: `of_${name}` } }, `of_${name}`, [[name, 0, 0]]),
      ]),
      ['a', 'b'],
      [
        ['of_a', 0, 0],
        ['of_b', 0, 0],
      ],
    );
    const call = ['x', 'y'].map((name): [string, number, number, object] => [
      name,
      0,
      0,
      { mask: [null, ['steps', 0, 0]] },
    ]);
    const model = functional(
      'net',
      [input('x', 3, 1), input('y', 3, 1), input('steps', 3), called(averages, 'averages', call)],
      ['x', 'y', 'steps'],
      [
        ['averages', 1, 0],
        ['averages', 1, 1],
      ],
    );
    const numbers = { shape: [1, 3, 1], values: Float32Array.of(1, 2, 6) };
    const steps = { shape: [1, 3], values: Float32Array.of(1, 1, 0) };
    const answer = await runBoth(graphOf(model), [numbers, numbers, steps]);
    expect(answer.map(({ values }) => values[0])).toEqual([3, 1.5]);
  });

  it('is refused when it is called with another number of inputs than it has', () => {
    const model = functional(
      'net',
      [input('a', 4), called(distance, 'distance', [['a', 0, 0]])],
      ['a'],
      [['distance', 1, 0]],
    );
    expect(() => structureOf(model)).toThrow(expect.objectContaining({ code: 'invalid-config', layer: 'distance' }));
  });

  it('that doubles at every level is refused before it is written out', () => {
    let model = sequential('level0', input('x', 2), dense('dense', 2));
    for (let level = 1; level < 40; level++) {
      const [inner, name] = [`level${level - 1}`, `level${level}`];
      model = functional(
        name,
        [input('x', 2), called(model, inner, [['x', 0, 0]], [[inner, 1, 0]])],
        ['x'],
        [[inner, 2, 0]],
      );
    }
    expect(() => structureOf(model)).toThrow(expect.objectContaining({ code: 'too-large' }));
  });

  it('nested beyond any use is refused', () => {
    let model = sequential('innermost', input('x', 2), dense('dense', 2));
    for (let level = 0; level < 100; level++) model = sequential(`level${level}`, input('x', 2), model);
    expect(() => structureOf(model)).toThrow(expect.objectContaining({ code: 'too-large' }));
  });
});

describe('references to the calls of a model', () => {
  const keras3 = (name: string, ...inputs: [string, number, number][]) => ({
    args: inputs.map((history) => ({ class_name: '__keras_tensor__', config: { keras_history: history } })),
    kwargs: { mask: null },
  });
  const calledByKeras3 = (layer: object, name: string, ...calls: [string, number, number][]) => ({
    ...layer,
    name,
    inbound_nodes: calls.map((call) => keras3(name, call)),
  });

  it('count the making of a Functional model in the ends of the outer one only, as Keras 3 writes them', () => {
    const inner = functional(
      'inner',
      [input('x', 2), calledByKeras3(dense('d', 2), 'd', ['x', 0, 0])],
      ['x'],
      [['d', 0, 0]],
    );
    const model = functional(
      'outer',
      [
        input('a', 2),
        calledByKeras3(inner, 'inner', ['a', 0, 0], ['inner', 0, 0]),
        calledByKeras3(dense('head', 1), 'head', ['inner', 1, 0]),
      ],
      ['a'],
      [
        ['head', 0, 0],
        ['inner', 1, 0],
      ],
    );
    const { nodes, outputs } = structureOf(model);
    expect(nodes.map(({ id, inputs }) => [id, ...inputs.map((tensor) => tensor.id)])).toEqual([
      ['inner', 'a#0:0'],
      ['inner#1', 'inner#0:0'],
      ['head', 'inner#1:0'],
    ]);
    expect(outputs.map(({ tensor }) => tensor.id)).toEqual(['head#0:0', 'inner#0:0']);
  });

  it('skip calls of other models, as the first versions of Keras 3 write them', () => {
    const model = functional(
      'outer',
      [
        input('a', 2),
        calledByKeras3(dense('shared', 2), 'shared', ['a', 0, 0]),
        calledByKeras3(dense('head', 1), 'head', ['shared', 3, 0]),
      ],
      ['a'],
      [['head', 0, 0]],
    );
    expect(structureOf(model).nodes.map(({ id }) => id)).toEqual(['shared', 'head']);
  });

  it('of a layer called several times are not read of Keras 3.2, which writes 0 for all of them', () => {
    const model = functional(
      'outer',
      [
        input('a', 2),
        calledByKeras3(dense('shared', 2), 'shared', ['a', 0, 0], ['a', 0, 0]),
        {
          class_name: 'Add',
          config: { name: 'add' },
          name: 'add',
          inbound_nodes: [keras3('add', ['shared', 0, 0], ['shared', 0, 0])],
        },
      ],
      ['a'],
      [['add', 0, 0]],
    );
    const read = (version: string): unknown =>
      buildStructure(readModel(model), readingContext(parseKerasVersion(version), defaultImportLimits));
    expect(() => read('3.2.1')).toThrow(expect.objectContaining({ code: 'unsupported-option', layer: 'shared' }));
    expect(read('3.3.0')).toHaveProperty('layerCount');
  });
});

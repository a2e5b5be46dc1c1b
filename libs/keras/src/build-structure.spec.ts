import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import fc from 'fast-check';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseKerasVersion } from './config/keras-version.js';
import { buildStructure } from './build-structure.js';
import type { Weight, WeightSpec } from './container/weight-spec.js';
import { KerasImportError } from './errors.js';
import type { KerasGraph } from './graph.js';
import { buildKerasGraph } from './import-keras.js';
import { defaultImportLimits } from './limits.js';
import { writeOnnx } from './onnx/write-onnx.js';
import { readingContext, readModel } from './read-layer.js';
import { elementCount } from './shape.js';
import { buildTensorFlowModel } from './tensorflow/tensorflow-model.js';

/** Weights of any shape that a layer asks for: a sine of their position, moved above 0.5 where a variance is wanted. */
function plausibleWeights(specs: readonly WeightSpec[]): Weight[] {
  return specs.map(({ name, shape }, number) => {
    const values = Float32Array.from({ length: elementCount(shape) }, (_, index) => Math.sin(index * 1.7 + number));
    return { name, shape, values: name.includes('variance') ? values.map((value) => 1.5 + value) : values };
  });
}

const input = (name: string, ...shape: number[]): object => ({
  class_name: 'InputLayer',
  config: { name, batch_input_shape: [null, ...shape], dtype: 'float32' },
});
const layer = (className: string, config: object): object => ({
  class_name: className,
  config: { name: className.toLowerCase(), ...config },
});
const sequential = (...layers: object[]): object => ({ class_name: 'Sequential', config: { name: 'net', layers } });

function graphOf(model: object, kerasVersion = '2.15.0'): KerasGraph {
  const keras = parseKerasVersion(kerasVersion);
  const { weightSpecs } = buildStructure(readModel(model), readingContext(keras, defaultImportLimits));
  return buildKerasGraph({ keras, packing: 'h5', config: model, weights: plausibleWeights(weightSpecs) });
}

function refusalOf(model: object, kerasVersion?: string): KerasImportError {
  try {
    graphOf(model, kerasVersion);
  } catch (error) {
    if (error instanceof KerasImportError) return error;
    throw error;
  }
  throw new Error('the model was not refused');
}

async function runBoth(
  graph: KerasGraph,
  values: Float32Array,
  shape: number[],
): Promise<[Float32Array, Float32Array]> {
  const session = await InferenceSession.create(writeOnnx(graph), { logSeverityLevel: 3 });
  const answer = await session.run({ [session.inputNames[0] as string]: new Tensor('float32', values, shape) });
  const onnx = Float32Array.from(answer[session.outputNames[0] as string]?.data as Float32Array);
  await session.release();
  const model = buildTensorFlowModel(graph, tf);
  const [output] = model.run([tf.tensor(values, shape, 'float32')]);
  const tensorFlow = Float32Array.from(output?.dataSync() ?? []);
  model.dispose();
  return [onnx, tensorFlow];
}

beforeAll(async () => {
  await tf.setBackend('wasm');
});

describe('the two back ends of a graph', () => {
  const activationNames = [
    'linear',
    'relu',
    'sigmoid',
    'tanh',
    'softmax',
    'elu',
    'selu',
    'softplus',
    'softsign',
    'exponential',
    'hard_sigmoid',
    'gelu',
    'silu',
    'leaky_relu',
    'relu6',
    'mish',
  ];
  const drawnLayer = fc.oneof(
    fc.record({
      kind: fc.constant('Dense'),
      units: fc.integer({ min: 1, max: 9 }),
      activation: fc.constantFrom(...activationNames),
      use_bias: fc.boolean(),
    }),
    fc.record({ kind: fc.constant('BatchNormalization'), scale: fc.boolean(), center: fc.boolean() }),
    fc.record({ kind: fc.constant('Normalization'), invert: fc.boolean() }),
    fc.record({
      kind: fc.constant('ReLU'),
      negative_slope: fc.constantFrom(0, 0.25),
      threshold: fc.constantFrom(0, 0.4),
      max_value: fc.constantFrom(null, 2),
    }),
    fc.record({ kind: fc.constant('PReLU') }),
    fc.record({ kind: fc.constant('Rescaling'), scale: fc.constantFrom(0.5, 2), offset: fc.constantFrom(-1, 0) }),
    fc.record({ kind: fc.constant('Flatten') }),
  );

  it('agree on any net of the layers that are read, in both forms of hard_sigmoid', async () => {
    const nets = fc.array(drawnLayer, { minLength: 1, maxLength: 5 });
    const shapes = fc.constantFrom([4], [3, 4], [2, 3, 2]);
    await fc.assert(
      fc.asyncProperty(nets, shapes, fc.constantFrom('2.15.0', '3.11.0'), async (layers, shape, kerasVersion) => {
        const graph = graphOf(
          sequential(
            input('x', ...shape),
            ...layers.map(({ kind, ...options }, index) => layer(kind, { ...options, name: `layer_${index}` })),
          ),
          kerasVersion,
        );
        const values = Float32Array.from({ length: 3 * elementCount(shape) }, (_, index) => Math.cos(index * 2.3) * 2);
        const [onnx, tensorFlow] = await runBoth(graph, values, [3, ...shape]);
        const size = graph.outputs[0]?.tensor.shape
          .slice(1)
          .reduce<number>((product, length) => product * (length ?? 0), 3);
        expect(onnx).toHaveLength(size ?? 0);
        // An exponential of an exponential leaves float32; where both overflow there is nothing to compare.
        const apart = onnx.findIndex(
          (value, index) =>
            Number.isFinite(value) &&
            Math.abs(value - (tensorFlow[index] ?? NaN)) > 1e-4 * (1 + Math.abs(value)) &&
            Math.abs(value) < 1e6,
        );
        expect(apart === -1 ? 'equal' : `${onnx[apart]} and ${tensorFlow[apart]}`).toBe('equal');
      }),
      { seed: 3, numRuns: 150 },
    );
  });

  it('write one constant for a layer that is applied twice', () => {
    const graph = graphOf({
      class_name: 'Functional',
      config: {
        name: 'shared',
        layers: [
          { ...input('a', 3), name: 'a', inbound_nodes: [] },
          { ...input('b', 3), name: 'b', inbound_nodes: [] },
          {
            ...layer('Dense', { name: 'dense', units: 40 }),
            name: 'dense',
            inbound_nodes: [[['a', 0, 0, {}]], [['b', 0, 0, {}]]],
          },
          {
            ...layer('Concatenate', { name: 'both' }),
            name: 'both',
            inbound_nodes: [
              [
                ['dense', 0, 0, {}],
                ['dense', 1, 0, {}],
              ],
            ],
          },
        ],
        input_layers: [
          ['a', 0, 0],
          ['b', 0, 0],
        ],
        output_layers: [['both', 0, 0]],
      },
    });
    expect(graph.nodes.map(({ id }) => id)).toEqual(['dense', 'dense#1', 'both']);
    expect(graph.parameterCount).toBe(3 * 40 + 40);
    expect(graph.nodes[0]?.weights[0]).toBe(graph.nodes[1]?.weights[0]);
    expect(writeOnnx(graph).length).toBeLessThan(2 * 4 * graph.parameterCount);
  });
});

describe('a model that is not read', () => {
  it('is refused for an option that would change its answers', () => {
    expect(refusalOf(sequential(input('x', 3), layer('Dense', { units: 2, activation: 'glu' })))).toMatchObject({
      code: 'unsupported-activation',
      layer: 'dense',
    });
    expect(refusalOf(sequential(input('x', 3), layer('Dense', { units: 2, lora_rank: 4 })))).toMatchObject({
      code: 'unsupported-option',
    });
    expect(
      refusalOf(
        sequential(
          input('x', 3),
          layer('Dense', { units: 2, dtype: { class_name: 'DTypePolicy', config: { name: 'mixed_float16' } } }),
        ),
      ),
    ).toMatchObject({ code: 'unsupported-dtype' });
  });

  it('is refused for code, also as an activation', () => {
    const activation = { class_name: '__lambda__', config: { code: '4wEAAAA=' } };
    expect(refusalOf(sequential(input('x', 3), layer('Dense', { units: 2, activation })))).toMatchObject({
      code: 'lambda-layer',
    });
    expect(refusalOf(sequential(input('x', 3), layer('Lambda', {})))).toMatchObject({
      code: 'lambda-layer',
      layer: 'lambda',
    });
  });

  it('is refused for a function that is only named like an activation', () => {
    const activation = { module: 'clinic.functions', class_name: 'function', config: 'relu', registered_name: 'relu' };
    expect(refusalOf(sequential(input('x', 3), layer('Dense', { units: 2, activation })))).toMatchObject({
      code: 'unsupported-activation',
    });
  });

  it('is refused for a function of keras.ops that is named like a layer', () => {
    const refusal = refusalOf(sequential(input('x', 3), { ...layer('Dropout', {}), module: 'keras.src.ops.nn' }));
    expect(refusal).toMatchObject({ code: 'unsupported-layer', layer: 'dropout' });
  });

  it('is refused for tensors that do not fit', () => {
    const refusal = refusalOf({
      class_name: 'Functional',
      config: {
        layers: [
          { ...input('a', 3), name: 'a', inbound_nodes: [] },
          { ...input('b', 2, 2), name: 'b', inbound_nodes: [] },
          {
            ...layer('Concatenate', {}),
            name: 'concatenate',
            inbound_nodes: [
              [
                ['a', 0, 0, {}],
                ['b', 0, 0, {}],
              ],
            ],
          },
        ],
        input_layers: [
          ['a', 0, 0],
          ['b', 0, 0],
        ],
        output_layers: [['concatenate', 0, 0]],
      },
    });
    expect(refusal).toMatchObject({ code: 'shape-mismatch', layer: 'concatenate' });
  });

  it('takes an input that no output needs', async () => {
    const graph = graphOf({
      class_name: 'Functional',
      config: {
        name: 'net',
        layers: [
          { ...input('used', 2), name: 'used' },
          { ...input('spare', 3), name: 'spare' },
          { ...layer('Dense', { name: 'dense', units: 1 }), name: 'dense', inbound_nodes: [[['used', 0, 0, {}]]] },
        ],
        input_layers: [
          ['used', 0, 0],
          ['spare', 0, 0],
        ],
        output_layers: [['dense', 0, 0]],
      },
    });
    expect(graph.inputs.map(({ name }) => name)).toEqual(['used', 'spare']);
    const session = await InferenceSession.create(writeOnnx(graph), { logSeverityLevel: 3 });
    expect(session.inputNames).toEqual(['used', 'spare']);
    await session.release();
  });

  it('is refused when a layer takes its own output', () => {
    const dense = (name: string, from: string): object => ({
      ...layer('Dense', { name, units: 2 }),
      name,
      inbound_nodes: [[[from, 0, 0, {}]]],
    });
    const refusal = refusalOf({
      class_name: 'Functional',
      config: {
        layers: [
          { ...input('a', 2), name: 'a', inbound_nodes: [] },
          dense('first', 'second'),
          dense('second', 'first'),
        ],
        input_layers: [['a', 0, 0]],
        output_layers: [['second', 0, 0]],
      },
    });
    expect(refusal).toMatchObject({ code: 'invalid-config' });
  });

  it('is refused when Keras 1 wrote it, by its version or by its options', () => {
    expect(refusalOf(sequential(input('x', 3)), '1.2.2').code).toBe('keras-1');
    expect(refusalOf(sequential(input('x', 3), layer('Dense', { output_dim: 2 }))).code).toBe('keras-1');
  });

  it('is refused for values of the wrong type, naming the option', () => {
    const refusal = refusalOf(sequential(input('x', 3), layer('Dense', { units: '2' })));
    expect(refusal.code).toBe('invalid-config');
    expect(refusal.message).toContain('units');
  });

  it('is refused when it is a class of its author', () => {
    expect(refusalOf({ class_name: 'RiskNet', config: {} }).code).toBe('unsupported-model');
    expect(
      refusalOf(
        sequential(input('x', 3), { ...layer('Calibrate', {}), module: 'clinic', registered_name: 'Clinic>Calibrate' }),
      ).code,
    ).toBe('unknown-layer');
  });
});

/** Convolution, pooling and shape layers beyond the golden vectors: drawn options on both back ends, and known answers. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  expectClose,
  graphOf,
  refusalOf,
  runBoth,
  savedInput,
  savedLayer,
  savedSequential,
  sines,
  type TestTensor,
} from '../../../../test/setup/keras-graph.js';
import { parseKerasVersion } from '../config/keras-version.js';
import { KerasImportError } from '../errors.js';
import type { KerasGraph } from '../graph.js';
import { defaultImportLimits } from '../limits.js';
import { writeOnnx } from '../onnx/write-onnx.js';
import { readingContext } from '../read-layer.js';

const tensor = (shape: number[], ...values: number[]): TestTensor => ({ shape, values: Float32Array.from(values) });
const weight = (name: string, shape: number[], ...values: number[]) => ({ name, ...tensor(shape, ...values) });
const net = (shape: (number | null)[], ...layers: object[]): object =>
  savedSequential(savedInput('x', ...shape), ...layers);

async function answerOf(model: object, input: TestTensor, kerasVersion?: string): Promise<number[]> {
  const [answer] = await runBoth(graphOf(model, kerasVersion), [input]);
  return Array.from(answer?.values ?? []);
}

describe('layers over space and time', () => {
  const sizes = (rank: number, max: number) =>
    fc.array(fc.integer({ min: 1, max }), { minLength: rank, maxLength: rank });
  const padding = fc.constantFrom('valid', 'same');
  const common = (rank: number) => ({
    data_format: fc.constantFrom('channels_last', 'channels_first'),
    activation: fc.constantFrom('linear', 'relu', 'softmax'),
    use_bias: fc.boolean(),
    kernel_size: sizes(rank, 3),
    padding,
  });
  const strided = (rank: number) =>
    fc.oneof(
      fc.record({ strides: sizes(rank, 3), dilation_rate: fc.constant(1) }),
      fc.record({ strides: fc.constant(1), dilation_rate: rank === 3 ? fc.constant(1) : sizes(rank, 2) }),
    );
  const convolution = (rank: number) =>
    fc.oneof(
      fc.record({ kind: fc.constant(`Conv${rank}D`), filters: fc.constantFrom(2, 4), groups: fc.constantFrom(1, 2), ...common(rank) }), // prettier-ignore
      ...(rank === 3
        ? []
        : [
            fc.record({ kind: fc.constant(`DepthwiseConv${rank}D`), depth_multiplier: fc.constantFrom(1, 2), ...common(rank) }), // prettier-ignore
            fc.record({ kind: fc.constant(`SeparableConv${rank}D`), depth_multiplier: fc.constantFrom(1, 2), filters: fc.constantFrom(2, 4), ...common(rank) }), // prettier-ignore
          ]),
    );
  const drawn = (rank: number) =>
    fc.oneof(
      fc.tuple(convolution(rank), strided(rank)).map(([own, steps]) => ({ ...own, ...steps })),
      ...(rank === 3
        ? []
        : [fc.record({ kind: fc.constant(`Conv${rank}DTranspose`), filters: fc.constant(2), strides: sizes(rank, 3), ...common(rank) })]), // prettier-ignore
      fc.record({
        kind: fc.constantFrom(`MaxPooling${rank}D`, `AveragePooling${rank}D`),
        data_format: fc.constantFrom('channels_last', 'channels_first'),
        pool_size: sizes(rank, 3),
        strides: fc.option(sizes(rank, 3)),
        padding,
      }),
      fc.record({ kind: fc.constant(`UpSampling${rank}D`), size: rank === 1 ? fc.constant(2) : sizes(rank, 2) }),
      fc.record({ kind: fc.constantFrom(`ZeroPadding${rank}D`), padding: fc.constantFrom(0, 1, 2) }),
      fc.record({ kind: fc.constantFrom(`Cropping${rank}D`), cropping: fc.constantFrom(0, 1) }),
      fc.record({ kind: fc.constantFrom('Permute'), dims: fc.shuffledSubarray([1, 2, 3, 4].slice(0, rank + 1), { minLength: rank + 1 }) }), // prettier-ignore
    );

  it.each([1, 2, 3])('answer alike on both back ends, over %i axes, whatever their options', async (rank) => {
    const end = fc.record({
      kind: fc.constantFrom('Flatten', `GlobalMaxPooling${rank}D`, `GlobalAveragePooling${rank}D`, 'Softmax'),
      data_format: fc.constantFrom('channels_last', 'channels_first'),
    });
    const shape = [...[8, 5, 6].slice(0, rank), 4];
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(drawn(rank), { minLength: 1, maxLength: 3 }), end, async (layers, last) => {
        const saved = [...layers, last].map(({ kind, ...options }, index) =>
          savedLayer(kind, { ...options, name: `layer_${index}` }),
        );
        let graph: KerasGraph;
        try {
          graph = graphOf(net(shape, ...saved));
        } catch (error) {
          // Nothing is left of the input, or its channels cannot be grouped.
          expect(error).toBeInstanceOf(KerasImportError);
          expect((error as KerasImportError).code).toBe('shape-mismatch');
          return;
        }
        const [answer] = await runBoth(graph, [sines([2, ...shape])], 2e-5);
        expect(answer?.shape.slice(1)).toEqual(graph.outputs[0]?.tensor.shape.slice(1));
        compared++;
      }),
      { seed: 5, numRuns: 80 },
    );
    expect(compared).toBeGreaterThan(40);
  });

  it('answer for a length that is not declared as for one that is', async () => {
    const layers = [
      savedLayer('Conv1D', { name: 'a', filters: 4, kernel_size: 4, strides: 2, padding: 'same' }),
      savedLayer('MaxPooling1D', { pool_size: 3, strides: 2, padding: 'same' }),
      savedLayer('AveragePooling1D', { pool_size: 2, strides: 2, padding: 'same' }),
      savedLayer('UpSampling1D', { size: 3 }),
      savedLayer('Conv1DTranspose', { filters: 3, kernel_size: 3, strides: 2, padding: 'same' }),
      savedLayer('Cropping1D', { cropping: [0, 1] }),
      savedLayer('Reshape', { target_shape: [-1, 1] }),
    ];
    const undeclared = graphOf(net([null, 2], ...layers));
    for (const length of [13, 14, 15, 16]) {
      const input = sines([2, length, 2]);
      const declared = await runBoth(graphOf(net([length, 2], ...layers)), [input]);
      expectClose(await runBoth(undeclared, [input]), declared);
    }
  });

  it('write one kernel for a convolution that is applied twice', () => {
    const shared = {
      class_name: 'Functional',
      config: {
        name: 'shared',
        layers: [
          { ...savedInput('a', 9, 8), name: 'a', inbound_nodes: [] },
          {
            ...savedLayer('Conv1D', { name: 'conv', filters: 8, kernel_size: 9, padding: 'same' }),
            name: 'conv',
            inbound_nodes: [[['a', 0, 0, {}]], [['conv', 0, 0, {}]]],
          },
        ],
        input_layers: [['a', 0, 0]],
        output_layers: [['conv', 1, 0]],
      },
    };
    const graph = graphOf(shared);
    expect(graph.nodes).toHaveLength(2);
    expect(writeOnnx(graph).length).toBeLessThan(4 * graph.parameterCount + 2_000);
  });
});

describe('a convolution', () => {
  it('looks back only where its padding is causal', async () => {
    const model = net([4, 1], savedLayer('Conv1D', { filters: 1, kernel_size: 2, padding: 'causal', use_bias: false }));
    const graph = graphOf(model, '2.15.0', [weight('kernel', [2, 1, 1], 1, 10)]);
    const [answer] = await runBoth(graph, [tensor([1, 4, 1], 1, 2, 3, 4)]);
    expect(Array.from(answer?.values ?? [])).toEqual([10, 21, 32, 43]);
  });

  it('puts the odd zero of padding same behind', async () => {
    const model = net([3, 1], savedLayer('Conv1D', { filters: 1, kernel_size: 2, padding: 'same', use_bias: false }));
    const graph = graphOf(model, '2.15.0', [weight('kernel', [2, 1, 1], 1, 10)]);
    const [answer] = await runBoth(graph, [tensor([1, 3, 1], 1, 2, 3)]);
    expect(Array.from(answer?.values ?? [])).toEqual([21, 32, 3]);
  });

  it.each([
    ['Conv1D', { filters: 2, kernel_size: 0 }, 'invalid-config'],
    ['Conv1D', { filters: 0, kernel_size: 1 }, 'invalid-config'],
    ['Conv1D', { filters: 2, kernel_size: [1, 1] }, 'invalid-config'],
    ['Conv1D', { filters: 2, kernel_size: 2, padding: 'full' }, 'invalid-config'],
    ['Conv1D', { filters: 2, kernel_size: 2, data_format: 'anywhere' }, 'invalid-config'],
    ['Conv1D', { filters: 2, kernel_size: 2, strides: 2, dilation_rate: 2 }, 'invalid-config'],
    ['Conv1D', { filters: 3, kernel_size: 2, groups: 2 }, 'invalid-config'],
    ['Conv1D', { filters: 3, kernel_size: 2, groups: 3 }, 'shape-mismatch'],
    ['Conv1D', { filters: 2, kernel_size: 9 }, 'shape-mismatch'],
    ['Conv1D', { filters: 2, kernel_size: 2, lora_rank: 4 }, 'unsupported-option'],
    ['Conv1D', { nb_filter: 2, filter_length: 2 }, 'keras-1'],
    ['Conv1D', { filters: 2, kernel_size: 3, dilation_rate: 1e9, padding: 'same' }, 'too-large'],
    ['Conv2D', { filters: 2, kernel_size: 2 }, 'shape-mismatch'],
    ['DepthwiseConv1D', { kernel_size: 2, padding: 'causal' }, 'invalid-config'],
    ['Conv1DTranspose', { filters: 2, kernel_size: 2, output_padding: [1] }, 'unsupported-option'],
    ['Conv1DTranspose', { filters: 2, kernel_size: 2, dilation_rate: 2 }, 'unsupported-option'],
    ['Conv1DTranspose', { filters: 2, kernel_size: 2, strides: 1e9 }, 'too-large'],
  ])('%s with %j is refused: %s', (className, options, code) => {
    expect(refusalOf(net([8, 4], savedLayer(className, options)))).toMatchObject({ code });
  });
});

describe('pooling', () => {
  it('leaves padding out of averages', async () => {
    const model = net([3, 1], savedLayer('AveragePooling1D', { pool_size: 2, padding: 'same' }));
    expect(await answerOf(model, tensor([1, 3, 1], 1, 2, 3))).toEqual([1.5, 3]);
  });

  it('finds the largest of negative numbers', async () => {
    const model = net([2, 2, 2, 1], savedLayer('MaxPooling3D', { pool_size: 2, padding: 'same', strides: 2 }));
    expect(await answerOf(model, tensor([1, 2, 2, 2, 1], -8, -7, -6, -5, -4, -3, -2, -1))).toEqual([-1]);
  });

  it('averages over time without masked steps, and only there', async () => {
    const masked = (...layers: object[]): object => net([3, 1], savedLayer('Masking', { mask_value: 0 }), ...layers);
    const input = tensor([2, 3, 1], -2, -4, 0, 0, 3, 0);
    expect(await answerOf(masked(savedLayer('GlobalAveragePooling1D', {})), input)).toEqual([-3, 3]);
    expect(await answerOf(masked(savedLayer('GlobalMaxPooling1D', {})), input)).toEqual([0, 3]);
    const later = savedLayer('MaxPooling1D', { pool_size: 1 });
    const [first] = await answerOf(masked(later, savedLayer('GlobalAveragePooling1D', {})), input);
    expect(first).toBeCloseTo(-2);
  });

  it('keeps the axes that it pools where it is told to', () => {
    const shapeOf = (options: object): unknown =>
      graphOf(net([5, 3], savedLayer('GlobalAveragePooling1D', options))).outputs[0]?.tensor.shape;
    expect(shapeOf({})).toEqual([null, 3]);
    expect(shapeOf({ keepdims: true })).toEqual([null, 1, 3]);
    expect(shapeOf({ keepdims: true, data_format: 'channels_first' })).toEqual([null, 5, 1]);
  });

  it.each([
    ['MaxPooling1D', { pool_size: 0 }, 'invalid-config'],
    ['MaxPooling1D', { pool_size: 9 }, 'shape-mismatch'],
    ['MaxPooling1D', { pool_size: 2, padding: 'causal' }, 'invalid-config'],
    ['MaxPooling1D', { pool_size: 1e12, strides: 1, padding: 'same' }, 'too-large'],
    ['MaxPooling2D', {}, 'shape-mismatch'],
    ['UpSampling1D', { size: 1e9 }, 'too-large'],
    ['ZeroPadding1D', { padding: [1, 2, 3] }, 'invalid-config'],
    ['ZeroPadding1D', { padding: -1 }, 'invalid-config'],
    ['ZeroPadding1D', { padding: 1e9 }, 'too-large'],
    ['Cropping1D', { cropping: [4, 4] }, 'shape-mismatch'],
    ['Permute', { dims: [1, 1] }, 'invalid-config'],
    ['Permute', { dims: [1, 2, 3] }, 'shape-mismatch'],
    ['Reshape', { target_shape: [-1, -1] }, 'invalid-config'],
    ['Reshape', { target_shape: [0, 4] }, 'invalid-config'],
    ['Reshape', { target_shape: [1, 1, 1, 1, 1, 32] }, 'unsupported-option'],
    ['Reshape', { target_shape: [5, -1] }, 'shape-mismatch'],
    ['Reshape', { target_shape: [5, 5] }, 'shape-mismatch'],
    ['Resizing', { height: 2, width: 2 }, 'unsupported-layer'],
    ['ConvLSTM1D', { filters: 2, kernel_size: 2 }, 'unsupported-layer'],
  ])('or a layer of shapes: %s with %j is refused: %s', (className, options, code) => {
    expect(refusalOf(net([8, 4], savedLayer(className, options)))).toMatchObject({ code });
  });

  it('is refused over an unknown length where its padding would be guessed', () => {
    const gaps = savedLayer('MaxPooling1D', { pool_size: 2, strides: 3, padding: 'same' });
    expect(refusalOf(net([null, 4], gaps))).toMatchObject({ code: 'unsupported-option' });
  });
});

describe('windows of Theano', () => {
  const theano = readingContext(parseKerasVersion('2.2.4', 'theano'), defaultImportLimits);
  const read = (className: string, options: object) => () =>
    theano.readLayer(savedLayer(className, { filters: 2, kernel_size: 3, ...options }));

  it.each([
    ['Conv1D', {}],
    ['Conv2D', { strides: 2 }],
    ['Conv1D', { padding: 'causal' }],
    ['Conv2D', { padding: 'same' }],
    ['MaxPooling1D', {}],
  ])('are read where it moves them as all others do: %s with %j', (className, options) => {
    expect(read(className, options)).not.toThrow();
  });

  it.each([
    ['Conv1D', { padding: 'same', kernel_size: 2 }],
    ['Conv2D', { padding: 'same', strides: [1, 2] }],
    ['Conv2DTranspose', { padding: 'same' }],
    ['SeparableConv1D', {}],
    ['DepthwiseConv2D', {}],
    ['MaxPooling1D', { padding: 'same' }],
    ['UpSampling2D', { interpolation: 'bilinear' }],
  ])('are refused where it does not: %s with %j', (className, options) => {
    expect(read(className, options)).toThrow(/Theano/);
  });
});

describe('SeparableConv2D', () => {
  it('computes without its dilation in Keras up to 2.0.8', () => {
    const model = net([5, 5, 1], savedLayer('SeparableConv2D', { filters: 2, kernel_size: 2, dilation_rate: 2 }));
    const size = (version: string) => graphOf(model, version).outputs[0]?.tensor.shape;
    expect(size('2.0.8')).toEqual([null, 4, 4, 2]);
    expect(size('2.0.9')).toEqual([null, 3, 3, 2]);
  });
});

describe('up-sampling', () => {
  const doubled = (interpolation: string): object =>
    net([1, 2, 1], savedLayer('UpSampling2D', { size: [1, 2], interpolation }));
  const input = tensor([1, 1, 2, 1], 0, 4);

  it('repeats, or draws lines between the centres of pixels', async () => {
    expect(await answerOf(doubled('nearest'), input)).toEqual([0, 0, 4, 4]);
    expect(await answerOf(doubled('bilinear'), input)).toEqual([0, 1, 3, 4]);
  });

  it('draws other lines in Keras up to 2.3, and is refused where they are not known', async () => {
    expect(await answerOf(doubled('bilinear'), input, '2.3.1')).toEqual([0, 2, 4, 4]);
    expect(refusalOf(doubled('bilinear'), '2.2.4-tf')).toMatchObject({ code: 'unsupported-option' });
    expect(refusalOf(doubled('bicubic'))).toMatchObject({ code: 'unsupported-option' });
  });
});

describe('Identity', () => {
  it('passes masks on in Keras 3 and stops them in Keras 2', async () => {
    const model = net(
      [2, 1],
      savedLayer('Masking', { mask_value: 0 }),
      savedLayer('Identity', {}),
      savedLayer('GlobalAveragePooling1D', {}),
    );
    expect(await answerOf(model, tensor([1, 2, 1], 4, 0), '2.15.0')).toEqual([2]);
    expect(await answerOf(model, tensor([1, 2, 1], 4, 0), '3.15.1')).toEqual([4]);
  });
});

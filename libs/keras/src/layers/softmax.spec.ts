/** Softmax as a layer: over several axes, and with masks in the arithmetic of each Keras. */
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
} from '../../../../test/setup/keras-graph.js';
import { writeOnnx } from '../onnx/write-onnx.js';

/** Softmax of `x` with `mask` given by hand, both `[batch, 2, 3]`, as Keras of the version writes it. */
const masked = (version: string, maskShape = [2, 3]): object => {
  const keras3 = (name: string): object => ({
    class_name: '__keras_tensor__',
    config: { keras_history: [name, 0, 0] },
  });
  const inboundNodes = version.startsWith('3')
    ? [{ args: [keras3('x')], kwargs: { mask: keras3('mask') } }]
    : [[['x', 0, 0, { mask: ['mask', 0, 0] }]]];
  return {
    class_name: 'Functional',
    config: {
      name: 'masked',
      layers: [
        { ...savedInput('x', 2, 3), name: 'x', inbound_nodes: [] },
        { ...savedInput('mask', ...maskShape), name: 'mask', inbound_nodes: [] },
        {
          ...savedLayer('Softmax', { name: 'softmax', trainable: true }),
          name: 'softmax',
          inbound_nodes: inboundNodes,
        },
      ],
      input_layers: [
        ['x', 0, 0],
        ['mask', 0, 0],
      ],
      output_layers: [['softmax', 0, 0]],
    },
  };
};

describe('Softmax', () => {
  it('adds up to one over all of its axes together', async () => {
    const model = savedSequential(savedInput('x', 2, 3, 4), savedLayer('Softmax', { axis: [1, -1] }));
    const [answer] = await runBoth(graphOf(model), [sines([1, 2, 3, 4])]);
    const values = Array.from(answer?.values ?? []);
    for (const column of [0, 1, 2]) {
      const sum = values.filter((_, index) => Math.floor(index / 4) % 3 === column).reduce((a, b) => a + b);
      expect(sum).toBeCloseTo(1, 5);
    }
  });

  it('does not heed the mask of its input before TensorFlow 2.4, but passes it on', async () => {
    const net = (...layers: object[]): object => savedSequential(savedInput('x', 4, 3), ...layers);
    const softmax = savedLayer('Softmax', { axis: -1 });
    const mean = savedLayer('GlobalAveragePooling1D', {});
    const values = Float32Array.from([...sines([3, 3]).values, 0, 0, 0]);
    const x = [{ shape: [1, 4, 3], values }];
    const short = [{ shape: [1, 3, 3], values: values.slice(0, 9) }];
    const direct = await runBoth(graphOf(savedSequential(savedInput('x', 3, 3), softmax, mean)), short);
    // 2.4.0 is the Keras of TensorFlow 2.3, too.
    for (const version of ['2.2.4', '2.3.0-tf', '2.4.0'])
      expectClose(await runBoth(graphOf(net(savedLayer('Masking', {}), softmax, mean), version), x), direct);
    const later = graphOf(net(savedLayer('Masking', {}), softmax, mean), '2.5.0');
    expect(() => writeOnnx(later)).toThrow(/a mask of 2 axes/);
  });

  it.each([
    ['2.15.0', 1 / 3],
    ['3.9.0', 1 / 3],
    ['3.10.0', 0],
    ['3.15.1', 0],
  ])('leaves out what is masked, and where all is Keras %s answers %d', async (version, ofNothing) => {
    const x = { shape: [1, 2, 3], values: Float32Array.of(1, 1, 5, 1, 2, 3) };
    const mask = { shape: [1, 2, 3], values: Float32Array.of(1, 1, 0, 0, 0, 0) };
    const [answer] = await runBoth(graphOf(masked(version), version), [x, mask]);
    const expected = [0.5, 0.5, 0, ofNothing, ofNothing, ofNothing];
    expect(answer?.values).toHaveLength(6);
    answer?.values.forEach((value, index) => expect(value).toBeCloseTo(expected[index] ?? NaN, 6));
  });

  it('refuses masks that would be spread over the wrong axes', () => {
    expect(refusalOf(masked('2.15.0', [3]))).toMatchObject({ code: 'unsupported-option', layer: 'softmax' });
  });

  it.each([[[]], [[1, 1]], [[1, -2]], [5]])('refuses the axes %j', (axis) => {
    const model = savedSequential(savedInput('x', 2, 3), savedLayer('Softmax', { axis }));
    expect(refusalOf(model)).toMatchObject({ code: 'invalid-config' });
  });
});

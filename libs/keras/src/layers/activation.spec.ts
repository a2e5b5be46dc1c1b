import { describe, expect, it } from 'vitest';
import {
  expectClose,
  graphOf,
  runBoth,
  savedInput,
  savedLayer,
  savedSequential,
} from '../../../../test/setup/keras-graph.js';

describe('ReLU', () => {
  const net = (...layers: object[]): object =>
    savedSequential(savedInput('x', 3, 1), ...layers, savedLayer('GlobalAveragePooling1D', {}));
  const x = [{ shape: [1, 3, 1], values: Float32Array.of(3, 6, 0) }];

  it.each([
    ['2.2.4', 4.5],
    ['2.2.4-tf', 3],
    ['2.4.0', 3],
    ['2.5.0', 4.5],
  ])('passes masks on in the Keras that do: %s answers %d', async (version, mean) => {
    const model = net(savedLayer('Masking', {}), savedLayer('ReLU', {}));
    expectClose(await runBoth(graphOf(model, version), x), [{ shape: [1, 1], values: Float32Array.of(mean) }]);
  });
});

describe('an activation that is a layer', () => {
  const net = (own: object): object => {
    const activation = { class_name: 'LeakyReLU', config: { negative_slope: 0.5 }, ...own };
    return savedSequential(savedInput('x', 2), savedLayer('Activation', { name: 'act', activation }));
  };
  const x = [{ shape: [1, 2], values: Float32Array.of(-2, 4) }];

  it.each([
    { module: 'keras.layers', registered_name: null },
    { module: 'keras.src.layers.activations.leaky_relu', registered_name: 'LeakyReLU' },
    {},
  ])("is read where it is Keras' own: %j", async (own) => {
    expectClose(await runBoth(graphOf(net(own), '3.5.0'), x), [{ shape: [1, 2], values: Float32Array.of(-1, 4) }]);
  });

  it.each([
    { module: 'study.layers', registered_name: 'study>LeakyReLU' },
    { module: null, registered_name: 'Custom>LeakyReLU' },
    { module: 'kerasified', registered_name: 'LeakyReLU' },
  ])("is refused where its author wrote a class of Keras' name: %j", (own) => {
    expect(() => graphOf(net(own), '3.5.0')).toThrow(
      expect.objectContaining({ code: 'unsupported-activation', layer: 'act' }),
    );
  });
});

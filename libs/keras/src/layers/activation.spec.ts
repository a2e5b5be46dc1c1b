import { describe, it } from 'vitest';
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

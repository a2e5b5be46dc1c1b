/** TimeDistributed and Embedding beyond the golden vectors. */
import { describe, expect, it } from 'vitest';
import {
  expectClose,
  graphOf,
  recurrentActivations,
  runBoth,
  runOnnx,
  runTensorFlow,
  savedInput,
  savedLayer,
  savedSequential,
  sines,
  type TestTensor,
} from '../../../../test/setup/keras-graph.js';

const lstm = (options: object = {}): object => savedLayer('LSTM', { units: 3, ...recurrentActivations, ...options });

describe('TimeDistributed', () => {
  it.each([5, null])('computes a layer for every one of %s steps', async (length) => {
    const dense = savedLayer('Dense', { units: 2, activation: 'tanh' });
    const direct = graphOf(savedSequential(savedInput('x', length, 3), dense));
    const wrapped = savedSequential(savedInput('x', length, 3), savedLayer('TimeDistributed', { layer: dense }));
    const x = [sines([2, 5, 3])];
    expectClose(await runBoth(graphOf(wrapped), x), await runBoth(direct, x));
  });

  it('carries a model, and a mask past it', async () => {
    const inner = savedSequential(savedInput('step', 3), savedLayer('Dense', { units: 2, activation: 'tanh' }));
    const net = (length: number): object =>
      savedSequential(
        savedInput('x', length, 3),
        savedLayer('Masking', { mask_value: 0 }),
        savedLayer('TimeDistributed', { layer: inner }),
        lstm(),
      );
    const x = sines([1, 3, 3]);
    const padded = { shape: [1, 4, 3], values: Float32Array.from([...x.values, 0, 0, 0]) };
    expectClose(await runBoth(graphOf(net(4)), [padded]), await runBoth(graphOf(net(3)), [x]));
  });
});

describe('Embedding', () => {
  const graph = graphOf(savedSequential(savedInput('x', 2), savedLayer('Embedding', { input_dim: 3, output_dim: 2 })));
  const numbers = (...values: number[]): TestTensor[] => [{ shape: [1, 2], values: Float32Array.from(values) }];

  it('answers rows of its table', async () => {
    const [answer] = await runBoth(graph, numbers(2, 0));
    const table = graph.weights[0]?.values ?? new Float32Array();
    expect([...(answer?.values ?? [])]).toEqual([...table.slice(4, 6), ...table.slice(0, 2)]);
  });

  it('answers nothing for a number outside of its table', async () => {
    for (const outside of [3, -1]) {
      await expect(runOnnx(graph, numbers(outside, 0))).rejects.toThrow(/out of/);
      await expect(runTensorFlow(graph, numbers(outside, 0))).rejects.toThrow(/index/);
    }
  });
});

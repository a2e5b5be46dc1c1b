import { describe, expect, it } from 'vitest';
import { withTurnedKernels } from './turned-kernels.js';

describe('the kernels of Theano', () => {
  const read = (name: string, shape: number[]): number[] => {
    const values = Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, index) => index);
    const store = withTurnedKernels({ read: () => [{ name, shape, values }] });
    return store.read([]).flatMap((weight) => Array.from(weight.values));
  };

  it('are turned along every axis of their windows, the channels left as they are', () => {
    expect(read('kernel', [3, 1, 2])).toEqual([4, 5, 2, 3, 0, 1]);
    expect(read('kernel', [2, 2, 1, 2])).toEqual([6, 7, 4, 5, 2, 3, 0, 1]);
  });

  it('are those of convolutions', () => {
    expect(read('kernel', [2, 2])).toEqual([0, 1, 2, 3]);
    expect(read('alpha', [2, 1, 1])).toEqual([0, 1]);
  });
});

/**
 * Kernels of Theano, a back end of Keras until 2.3, which slides them over the input the other way round than all others: the
 * last position of a window first along every spatial axis.
 */
import type { Weight } from './weight-spec.js';
import type { WeightStore } from './weight-store.js';

/** What a store reads, with the kernels of convolutions turned round. */
export function withTurnedKernels(store: WeightStore): WeightStore {
  return {
    read: (specs) => store.read(specs).map((weight) => (isConvolutionKernel(weight) ? turned(weight) : weight)),
  };
}

/** `[…window, channels in, channels out]`; no other kernel has more than two axes. */
function isConvolutionKernel({ name, shape }: Weight): boolean {
  return (name === 'kernel' || name === 'depthwise_kernel') && shape.length > 2;
}

function turned({ name, shape, values }: Weight): Weight {
  const position = shape.slice(-2).reduce((product, size) => product * size, 1);
  const result = new Float32Array(values.length);
  for (let start = 0; start < values.length; start += position)
    result.set(values.subarray(start, start + position), values.length - start - position);
  return { name, shape, values: result };
}

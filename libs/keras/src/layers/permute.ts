/** Permute: axes in another order; `dims` counts them from 1, the batch stays. */
import { defineLayer, first } from '../layer.js';

export const permute = defineLayer({
  classNames: ['Permute'],
  summary: 'any order of the axes behind the batch',
  read(config) {
    const dims = config.integers('dims');
    const complete = [...dims].sort((a, b) => a - b).every((axis, index) => axis === index + 1);
    if (!complete) throw config.refuse('invalid-config', `dims should be the numbers from 1 to ${dims.length}.`);
    return { config, order: [0, ...dims] };
  },
  outputShape({ config, order }, inputShapes) {
    const input = first(inputShapes);
    if (input.length !== order.length)
      throw config.refuse('shape-mismatch', `dims names ${order.length - 1} axes, its input has ${input.length - 1}.`);
    return order.map((axis) => input[axis] ?? null);
  },
  onnx: ({ order }, scope, inputs) => scope.op('Transpose', [first(inputs)], { perm: { ints: order } }),
  tensorflow: ({ order }, tf, inputs) => tf.transpose(first(inputs), order),
});

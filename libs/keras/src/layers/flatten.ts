/** Flatten: `[batch, a, b, …]` → `[batch, a·b·…]`; `[batch]` → `[batch, 1]`. */
import { defineLayer, first } from '../layer.js';
import type { Shape } from '../shape.js';
import { readLayout } from './spatial.js';

export const flatten = defineLayer({
  classNames: ['Flatten'],
  summary: 'channels first and last; also over axes of unknown size',
  read: (config) => readLayout(config),
  outputShape(_options, inputShapes) {
    const sizes = first(inputShapes).slice(1);
    return [null, sizes.reduce((product, size) => (product === null || size === null ? null : product * size), 1)];
  },
  onnx({ channelsFirst }, scope, inputs, _weights, { inputShapes, outputShapes }) {
    const order = channelsLastOrder(first(inputShapes), channelsFirst);
    const x = order ? scope.op('Transpose', [first(inputs)], { perm: { ints: order } }) : first(inputs);
    const [, size] = first(outputShapes);
    return scope.op('Reshape', [x, scope.integers(typeof size === 'number' ? [-1, size] : [0, -1])]);
  },
  tensorflow({ channelsFirst }, tf, inputs, _weights, { inputShapes }) {
    const order = channelsLastOrder(first(inputShapes), channelsFirst);
    const x = order ? tf.transpose(first(inputs), order) : first(inputs);
    return tf.reshape(x, [x.shape[0] ?? 1, -1]);
  },
});

/** Channels move behind all other axes before they are flattened; `undefined` where nothing moves. */
function channelsLastOrder(input: Shape, channelsFirst: boolean): number[] | undefined {
  if (!channelsFirst || input.length < 3) return undefined;
  return [0, ...input.slice(2).map((_, axis) => axis + 2), 1];
}

/** Flatten: `[batch, a, b, …]` → `[batch, a·b·…]`; `[batch]` → `[batch, 1]`. */
import { defineLayer, first } from '../layer.js';
import { elementCount, knownSize } from '../shape.js';

export const flatten = defineLayer({
  classNames: ['Flatten'],
  summary: 'channels last',
  read(config) {
    if (config.text('data_format', 'channels_last') !== 'channels_last') {
      throw config.refuse('unsupported-option', 'channels_first is not read; save the model with channels_last.');
    }
    return config;
  },
  outputShape(config, inputShapes) {
    const shape = first(inputShapes);
    return [null, elementCount(shape.slice(1).map((_, index) => knownSize(shape, index + 1, config)))];
  },
  onnx: (_config, scope, inputs, _weights, { outputShapes }) =>
    scope.op('Reshape', [first(inputs), scope.integers([-1, first(outputShapes)[1] ?? 1])]),
  tensorflow: (_config, tf, inputs, _weights, { outputShapes }) =>
    tf.reshape(first(inputs), [-1, first(outputShapes)[1] ?? 1]),
});

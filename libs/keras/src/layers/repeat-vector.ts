/** RepeatVector: `[batch, features]` → `[batch, n, features]`, the same at every step. */
import { defineLayer, first } from '../layer.js';

export const repeatVector = defineLayer({
  classNames: ['RepeatVector'],
  summary: 'any number of steps',
  read(config) {
    const n = config.integer('n');
    if (n < 1) throw config.refuse('invalid-config', 'n should be positive.');
    return { config, n };
  },
  outputShape({ config, n }, inputShapes) {
    const [batch, features, ...more] = first(inputShapes);
    if (batch === undefined || features === undefined || more.length > 0)
      throw config.refuse('shape-mismatch', 'its input should be [batch, features].');
    return [null, n, features];
  },
  onnx({ n }, scope, inputs) {
    const step = scope.op('Unsqueeze', [first(inputs), scope.integers([1])]);
    return scope.op('Expand', [step, scope.integers([1, n, 1])]);
  },
  tensorflow: ({ n }, tf, inputs) => tf.tile(tf.expandDims(first(inputs), 1), [1, n, 1]),
});

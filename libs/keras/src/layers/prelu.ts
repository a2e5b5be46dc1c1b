/** PReLU: x for x > 0, else alpha x, with an alpha per element, shared along `shared_axes`. */
import { defineLayer, first } from '../layer.js';
import { knownSize } from '../shape.js';

export const prelu = defineLayer({
  classNames: ['PReLU'],
  summary: 'with shared axes',
  masking: 'pass',
  read: (config) => ({ config, sharedAxes: config.has('shared_axes') ? config.integers('shared_axes') : [] }),
  weights({ config, sharedAxes }, inputShapes) {
    const input = first(inputShapes);
    const shape = input
      .slice(1)
      .map((_, index) => (sharedAxes.includes(index + 1) ? 1 : knownSize(input, index + 1, config)));
    return [{ name: 'alpha', shape }];
  },
  onnx(_options, scope, inputs, weights) {
    const alpha = first(weights);
    return scope.op('PRelu', [first(inputs), scope.floats(alpha.values, alpha.shape)]);
  },
  tensorflow(_options, tf, inputs, weights) {
    const x = first(inputs);
    return tf.sub(tf.relu(x), tf.mul(first(weights), tf.relu(tf.neg(x))));
  },
});

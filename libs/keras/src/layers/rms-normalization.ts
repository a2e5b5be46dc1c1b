/** RMSNormalization of Keras 3: x / √(mean of x² + epsilon) · scale over the given axes. */
import { defineLayer, first } from '../layer.js';
import { knownSize } from '../shape.js';
import { featureAxes } from './layer-normalization.js';

export const rmsNormalization = defineLayer({
  classNames: ['RMSNormalization'],
  summary: 'over trailing axes',
  read: (config) => ({ config, axes: config.integers('axis', [-1]), epsilon: config.number('epsilon', 1e-6) }),
  weights({ config, axes }, inputShapes) {
    const input = first(inputShapes);
    return [{ name: 'scale', shape: featureAxes(axes, input, config).map((axis) => knownSize(input, axis, config)) }];
  },
  outputShape({ config, axes }, inputShapes) {
    const input = first(inputShapes);
    const over = featureAxes(axes, input, config);
    // Keras multiplies by the scale as it is, aligned with the last axes.
    if (over[0] !== input.length - over.length)
      throw config.refuse('unsupported-option', 'axes that are not the last ones are not read; move them to the end.');
    return input;
  },
  onnx({ axes, epsilon }, scope, inputs, [scale]) {
    const x = first(inputs);
    const squares = scope.op('ReduceMean', [scope.op('Mul', [x, x])], { axes: { ints: axes } });
    const root = scope.op('Sqrt', [scope.op('Add', [squares, scope.scalar(epsilon)])]);
    if (!scale) throw new RangeError('RMSNormalization without a scale');
    return scope.op('Mul', [scope.op('Div', [x, root]), scope.floats(scale.values, scale.shape)]);
  },
  tensorflow({ axes, epsilon }, tf, inputs, [scale]) {
    const x = first(inputs);
    const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(x), axes, true), epsilon));
    if (!scale) throw new RangeError('RMSNormalization without a scale');
    return tf.mul(tf.mul(x, inverse), scale);
  },
});

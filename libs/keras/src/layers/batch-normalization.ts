/** BatchNormalization as it answers: gamma (x - moving_mean) / √(moving_variance + epsilon) + beta along one axis. */
import { defineLayer, first } from '../layer.js';
import type { Weight } from '../container/weight-spec.js';
import { axisIndex, knownSize } from '../shape.js';
import type { Shape } from '../shape.js';

export const batchNormalization = defineLayer({
  // TensorFlow 1.13 names the two forms of its class apart, which answer alike.
  classNames: ['BatchNormalization', 'BatchNormalizationV1', 'BatchNormalizationV2'],
  summary: 'any one axis, with and without scale and centre; moving averages, as outside of training',
  masking: 'pass',
  // It counts in training only.
  keywords: ['mask'],
  read(config) {
    const [axis, ...others] = config.integers('axis', [-1]);
    if (axis === undefined || others.length > 0)
      throw config.refuse('unsupported-option', 'several axes are not read; normalise one axis.');
    if (config.raw('renorm') === true)
      throw config.refuse('unsupported-option', 'renorm is not read; train without it.');
    return {
      config,
      axis,
      epsilon: config.number('epsilon', 1e-3),
      scale: config.boolean('scale', true),
      center: config.boolean('center', true),
    };
  },
  weights({ config, axis, scale, center }, inputShapes) {
    const shape = [knownSize(first(inputShapes), axis, config)];
    const names = [...(scale ? ['gamma'] : []), ...(center ? ['beta'] : []), 'moving_mean', 'moving_variance'];
    return names.map((name) => ({ name, shape, trainable: !name.startsWith('moving_') }));
  },
  onnx({ config, axis, epsilon }, scope, inputs, weights, { inputShapes }) {
    const { factor, offset } = foldStatistics(weights, epsilon);
    const shape = broadcastShape(first(inputShapes), axisIndex(axis, first(inputShapes), config));
    return scope.op('Add', [
      scope.op('Mul', [first(inputs), scope.floats(factor, shape)]),
      scope.floats(offset, shape),
    ]);
  },
  // Written out as Keras does, not folded: the two back ends then check each other.
  tensorflow({ config, axis, epsilon, scale, center }, tf, inputs, weights, { inputShapes }) {
    const shape = broadcastShape(first(inputShapes), axisIndex(axis, first(inputShapes), config));
    const [gamma, beta, mean, variance] = [
      scale ? weights[0] : undefined,
      center ? weights[scale ? 1 : 0] : undefined,
      ...weights.slice(-2),
    ];
    if (!mean || !variance) throw new RangeError('BatchNormalization without moving averages');
    const deviation = tf.sqrt(tf.add(tf.reshape(variance, shape), epsilon));
    let result = tf.div(tf.sub(first(inputs), tf.reshape(mean, shape)), deviation);
    if (gamma) result = tf.mul(result, tf.reshape(gamma, shape));
    if (beta) result = tf.add(result, tf.reshape(beta, shape));
    return result;
  },
});

/** Statistics that do not change become one multiplication and one addition, computed in float64. */
function foldStatistics(weights: readonly Weight[], epsilon: number): { factor: Float32Array; offset: Float32Array } {
  const values = (name: string): Float32Array | undefined => weights.find((weight) => weight.name === name)?.values;
  const [gamma, beta, mean, variance] = ['gamma', 'beta', 'moving_mean', 'moving_variance'].map(values);
  if (!mean || !variance) throw new RangeError('BatchNormalization without moving averages');
  const factors = Array.from(variance, (value, index) => (gamma?.[index] ?? 1) / Math.sqrt(value + epsilon));
  const offsets = factors.map((factor, index) => (beta?.[index] ?? 0) - (mean[index] ?? 0) * factor);
  return { factor: Float32Array.from(factors), offset: Float32Array.from(offsets) };
}

/** `[n]` along `axis`, 1 along every other axis but the batch. */
function broadcastShape(input: Shape, axis: number): number[] {
  return input.slice(1).map((size, index) => (index + 1 === axis ? (size ?? 1) : 1));
}

/**
 * LayerNormalization: (x - mean) / √(variance + epsilon) · gamma + beta over the given axes of every row. `rms_scaling` of
 * Keras 3 leaves the mean in, but divides by the same deviation.
 */
import type { LayerConfig } from '../config/layer-config.js';
import { defineLayer, first } from '../layer.js';
import { axisIndex, knownSize, type Shape } from '../shape.js';

export const layerNormalization = defineLayer({
  classNames: ['LayerNormalization'],
  summary: 'any axes but the batch, with and without scale and centre, rms_scaling',
  masking: 'pass',
  read(config) {
    const rmsScaling = config.boolean('rms_scaling', false);
    return {
      config,
      axes: config.integers('axis', [-1]),
      epsilon: config.number('epsilon', 1e-3),
      rmsScaling,
      scale: rmsScaling || config.boolean('scale', true),
      center: !rmsScaling && config.boolean('center', true),
    };
  },
  weights({ config, axes, scale, center }, inputShapes) {
    const input = first(inputShapes);
    featureAxes(axes, input, config);
    // In the order in which the axes are named; Keras then fills them in that of the input with the same numbers.
    const shape = axes.map((axis) => knownSize(input, axis, config));
    return [...(scale ? ['gamma'] : []), ...(center ? ['beta'] : [])].map((name) => ({ name, shape }));
  },
  outputShape({ config, axes }, inputShapes) {
    featureAxes(axes, first(inputShapes), config);
    return first(inputShapes);
  },
  onnx({ config, axes, epsilon, rmsScaling, scale, center }, scope, inputs, weights, { inputShapes }) {
    const [x, input] = [first(inputs), first(inputShapes)];
    const over = featureAxes(axes, input, config);
    const shape = spreadShape(over, input, config);
    const along = { axes: { ints: over } };
    const centred = scope.op('Sub', [x, scope.op('ReduceMean', [x], along)]);
    const variance = scope.op('ReduceMean', [scope.op('Mul', [centred, centred])], along);
    const deviation = scope.op('Sqrt', [scope.op('Add', [variance, scope.scalar(epsilon)])]);
    let result = scope.op('Div', [rmsScaling ? x : centred, deviation]);
    const [gamma, beta] = [scale ? weights[0] : undefined, center ? weights.at(-1) : undefined];
    if (gamma) result = scope.op('Mul', [result, scope.floats(gamma.values, shape)]);
    if (beta) result = scope.op('Add', [result, scope.floats(beta.values, shape)]);
    return result;
  },
  tensorflow({ config, axes, epsilon, rmsScaling, scale, center }, tf, inputs, weights, { inputShapes }) {
    const [x, input] = [first(inputs), first(inputShapes)];
    const over = featureAxes(axes, input, config);
    const shape = spreadShape(over, input, config);
    const { mean, variance } = tf.moments(x, over, true);
    const inverse = tf.rsqrt(tf.add(variance, epsilon));
    let result = tf.mul(rmsScaling ? x : tf.sub(x, mean), inverse);
    const [gamma, beta] = [scale ? weights[0] : undefined, center ? weights.at(-1) : undefined];
    if (gamma) result = tf.mul(result, tf.reshape(gamma, shape));
    if (beta) result = tf.add(result, tf.reshape(beta, shape));
    return result;
  },
});

/** The axes in ascending order. Refuses the batch axis. */
export function featureAxes(axes: readonly number[], input: Shape, config: LayerConfig): number[] {
  const indices = axes.map((axis) => axisIndex(axis, input, config)).sort((a, b) => a - b);
  if (indices.length === 0 || new Set(indices).size !== indices.length)
    throw config.refuse('invalid-config', 'axis should name axes, each once.');
  if (indices.includes(0)) throw config.refuse('unsupported-option', 'normalising along the batch axis is not read.');
  return indices;
}

/** The input's shape without the batch, 1 along every axis that is not normalised. */
export function spreadShape(over: readonly number[], input: Shape, config: LayerConfig): number[] {
  return input.slice(1).map((_, index) => (over.includes(index + 1) ? knownSize(input, index + 1, config) : 1));
}

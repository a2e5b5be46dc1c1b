/**
 * GroupNormalization: channels in groups, every group of a row normalised over all of its elements, then gamma and beta per
 * channel. One group per channel is instance normalisation.
 */
import type { LayerConfig } from '../config/layer-config.js';
import { defineLayer, first } from '../layer.js';
import { axisIndex, knownSize, type Shape } from '../shape.js';

interface Options {
  readonly config: LayerConfig;
  readonly axis: number;
  readonly groups: number;
  readonly epsilon: number;
  readonly scale: boolean;
  readonly center: boolean;
}

export const groupNormalization = defineLayer<Options>({
  classNames: ['GroupNormalization'],
  summary: 'any one axis but the batch; the sizes of all axes must be known',
  masking: 'pass',
  read: (config) => ({
    config,
    axis: config.integer('axis', -1),
    groups: config.integer('groups', 32),
    epsilon: config.number('epsilon', 1e-3),
    scale: config.boolean('scale', true),
    center: config.boolean('center', true),
  }),
  weights({ config, axis, scale, center }, inputShapes) {
    const shape = [knownSize(first(inputShapes), axis, config)];
    return [...(scale ? ['gamma'] : []), ...(center ? ['beta'] : [])].map((name) => ({ name, shape }));
  },
  outputShape(options, inputShapes) {
    grouped(options, first(inputShapes));
    return first(inputShapes);
  },
  onnx(options, scope, inputs, weights, { inputShapes }) {
    const { sizes, over, perChannel, input } = grouped(options, first(inputShapes));
    const x = scope.op('Reshape', [first(inputs), scope.integers([-1, ...sizes])]);
    const along = { axes: { ints: over } };
    const centred = scope.op('Sub', [x, scope.op('ReduceMean', [x], along)]);
    const variance = scope.op('ReduceMean', [scope.op('Mul', [centred, centred])], along);
    const deviation = scope.op('Sqrt', [scope.op('Add', [variance, scope.scalar(options.epsilon)])]);
    let result = scope.op('Reshape', [scope.op('Div', [centred, deviation]), scope.integers([-1, ...input])]);
    const gamma = options.scale ? weights[0] : undefined;
    const beta = options.center ? weights.at(-1) : undefined;
    if (gamma) result = scope.op('Mul', [result, scope.floats(gamma.values, perChannel)]);
    if (beta) result = scope.op('Add', [result, scope.floats(beta.values, perChannel)]);
    return result;
  },
  tensorflow(options, tf, inputs, weights, { inputShapes }) {
    const { sizes, over, perChannel, input } = grouped(options, first(inputShapes));
    const x = tf.reshape(first(inputs), [-1, ...sizes]);
    const { mean, variance } = tf.moments(x, over, true);
    const normal = tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, options.epsilon)));
    let result = tf.reshape(normal, [-1, ...input]);
    const gamma = options.scale ? weights[0] : undefined;
    const beta = options.center ? weights.at(-1) : undefined;
    if (gamma) result = tf.mul(result, tf.reshape(gamma, perChannel));
    if (beta) result = tf.add(result, tf.reshape(beta, perChannel));
    return result;
  },
});

/** Shapes without the batch: the input's, with the channels split into groups, and 1 along all axes but the channels'. */
function grouped(
  { config, axis, groups }: Options,
  shape: Shape,
): { input: number[]; sizes: number[]; over: number[]; perChannel: number[] } {
  const along = axisIndex(axis, shape, config);
  if (along === 0) throw config.refuse('unsupported-option', 'normalising along the batch axis is not read.');
  const input = shape.slice(1).map((_, index) => knownSize(shape, index + 1, config));
  const channels = input[along - 1] ?? 1;
  const count = groups === -1 ? channels : groups;
  if (count < 1 || channels % count !== 0)
    throw config.refuse('invalid-config', `${channels} channels cannot be split into ${groups} groups.`);
  return {
    input,
    sizes: [...input.slice(0, along - 1), count, channels / count, ...input.slice(along)],
    over: Array.from({ length: input.length + 1 }, (_, index) => index + 1).filter((index) => index !== along),
    perChannel: input.map((size, index) => (index === along - 1 ? size : 1)),
  };
}

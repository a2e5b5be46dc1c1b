/**
 * Normalization: (x - mean) / max(√variance, 1e-7) with statistics that were adapted to the training data or given,
 * kept per element of `axis` and shared along all others; `invert` computes the way back.
 */
import { defineLayer, first } from '../layer.js';
import type { LayerConfig } from '../config/layer-config.js';
import { axisIndex, elementCount, knownSize, type Shape } from '../shape.js';

/** Keras' backend epsilon: a constant column has no variance and must not divide by zero. */
const smallestDeviation = 1e-7;

interface Options {
  readonly config: LayerConfig;
  /** Axes with statistics of their own; none for `axis=None`. */
  readonly axes: readonly number[];
  readonly invert: boolean;
  /** Statistics given to the constructor, which are then no weights. */
  readonly given?: { readonly mean: Float32Array; readonly variance: Float32Array };
}

export const normalization = defineLayer<Options>({
  classNames: ['Normalization'],
  summary: 'adapted or given statistics, any axes, both directions',
  read(config) {
    const given = config.has('mean')
      ? { mean: config.array('mean').values, variance: config.array('variance').values }
      : undefined;
    const axes = config.raw('axis') === null ? [] : config.integers('axis', [-1]);
    return { config, axes, invert: config.boolean('invert', false), ...(given && { given }) };
  },
  weights({ config, axes, given }, inputShapes) {
    if (given) return [];
    const input = first(inputShapes);
    const shape = [...axes]
      .map((axis) => axisIndex(axis, input, config))
      .sort((a, b) => a - b)
      .map((axis) => knownSize(input, axis, config));
    // Keras 2 also stores how many rows it was adapted to (`count`), which no answer needs.
    return ['mean', 'variance'].map((name) => ({ name, shape, trainable: false }));
  },
  outputShape(options, inputShapes) {
    const shape = first(inputShapes);
    const size = elementCount(statisticsShape(options, shape));
    for (const statistic of [options.given?.mean, options.given?.variance]) {
      if (statistic && statistic.length !== size && statistic.length !== 1) {
        throw options.config.refuse(
          'shape-mismatch',
          `${statistic.length} statistics do not fit an input of [${shape.join(', ')}].`,
        );
      }
    }
    return shape;
  },
  onnx(options, scope, inputs, weights, { inputShapes }) {
    const shape = statisticsShape(options, first(inputShapes));
    const mean = spread(options.given?.mean ?? weights[0]?.values, elementCount(shape));
    const deviation = spread(options.given?.variance ?? weights[1]?.values, elementCount(shape)).map((variance) =>
      Math.max(Math.sqrt(variance), smallestDeviation),
    );
    const x = first(inputs);
    const [centre, spreadOut] = [scope.floats(mean, shape), scope.floats(deviation, shape)];
    if (options.invert) return scope.op('Add', [scope.op('Mul', [x, spreadOut]), centre]);
    return scope.op('Div', [scope.op('Sub', [x, centre]), spreadOut]);
  },
  tensorflow(options, tf, inputs, weights, { inputShapes }) {
    const shape = statisticsShape(options, first(inputShapes));
    const size = elementCount(shape);
    const mean = weights[0] ? tf.reshape(weights[0], shape) : tf.tensor(spread(options.given?.mean, size), shape);
    const variance = weights[1]
      ? tf.reshape(weights[1], shape)
      : tf.tensor(spread(options.given?.variance, size), shape);
    const deviation = tf.maximum(tf.sqrt(variance), smallestDeviation);
    const x = first(inputs);
    return options.invert ? tf.add(mean, tf.mul(x, deviation)) : tf.div(tf.sub(x, mean), deviation);
  },
});

/** The input's shape without the batch, 1 along every axis that shares its statistics. */
function statisticsShape({ config, axes }: Options, input: Shape): number[] {
  const kept = axes.map((axis) => axisIndex(axis, input, config));
  if (kept.includes(0)) throw config.refuse('unsupported-option', 'statistics along the batch axis are not read.');
  return input.slice(1).map((_, index) => (kept.includes(index + 1) ? knownSize(input, index + 1, config) : 1));
}

/** One given number stands for all elements. */
function spread(values: Float32Array | undefined, size: number): Float32Array {
  if (!values) throw new RangeError('Normalization without statistics');
  return values.length === size ? values : new Float32Array(size).fill(values[0] ?? 0);
}

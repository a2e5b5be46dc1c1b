/**
 * Dot: the sum of products along one axis of each of two tensors, `[batch, …x, …y]` without the axes that are summed over;
 * `[batch, 1]` for two vectors. `normalize` divides both by their L2 norm along that axis first.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayerConfig } from '../config/layer-config.js';
import { isAtLeast } from '../config/keras-version.js';
import { defineLayer, type TensorFlow } from '../layer.js';
import type { OnnxScope } from '../onnx/onnx-graph.js';
import { axisIndex, elementCount, knownSize, type Shape } from '../shape.js';
import { unitOnnx, unitTensorFlow } from './unit-length.js';

interface Options {
  readonly config: LayerConfig;
  readonly axes: readonly number[];
  readonly normalize: boolean;
}

export const dot = defineLayer<Options>({
  classNames: ['Dot'],
  summary: 'any axes but the batch, with and without normalisation',
  inputs: 'any',
  read(config) {
    const axes = config.integers('axes');
    const [axis = 0] = axes;
    if (axes.length > 2) throw config.refuse('invalid-config', 'axes should be one axis or two.');
    return {
      config,
      axes: axes.length === 2 ? axes : [axis, axis],
      normalize: config.boolean('normalize', false),
    };
  },
  outputShape(options, inputShapes) {
    const { config } = options;
    const [x, y] = inputShapes;
    if (!x || !y || inputShapes.length !== 2)
      throw config.refuse('invalid-config', `it cannot take ${inputShapes.length} inputs.`);
    const [alongX, alongY] = summedAxes(options, inputShapes);
    if (x[alongX] !== y[alongY]) {
      const message = `axis ${alongX} of [${x.join(', ')}] and axis ${alongY} of [${y.join(', ')}] differ.`;
      throw config.refuse('shape-mismatch', message);
    }
    if (Math.max(x.length, y.length) > 3) {
      if (!isAtLeast(config.keras, 2, 3))
        throw config.refuse('unsupported-option', 'tensors of more than three axes are not read; reshape them before.');
      for (const shape of [x, y]) shape.slice(1).forEach((_, index) => knownSize(shape, index + 1, config));
    }
    const rest = [...without(x, alongX), ...without(y, alongY)];
    return [null, ...(rest.length > 0 ? rest : [1])];
  },
  onnx(options, scope, inputs, _weights, { inputShapes, outputShapes }) {
    const [alongX, alongY] = summedAxes(options, inputShapes);
    const [x, y] = inputs.map((value, index) => {
      const along = index === 0 ? alongX : alongY;
      const unit = options.normalize ? unitOnnx(scope, value, [along], normFloor(options.config)) : value;
      return matrixOnnx(scope, unit, inputShapes[index] ?? [], along, index === 0);
    });
    const product = scope.op('MatMul', [x ?? '', y ?? '']);
    const ranks = inputShapes.map((shape) => shape.length);
    if (Math.max(...ranks) > 3) return scope.op('Reshape', [product, scope.integers(resultSizes(outputShapes))]);
    if (ranks[0] === 2) return scope.op('Squeeze', [product, scope.integers([1])]);
    return ranks[1] === 2 ? scope.op('Squeeze', [product, scope.integers([2])]) : product;
  },
  tensorflow(options, tf, inputs, _weights, { inputShapes }) {
    const [alongX, alongY] = summedAxes(options, inputShapes);
    const [x, y] = inputs.map((value, index) => {
      const along = index === 0 ? alongX : alongY;
      return options.normalize ? unitTensorFlow(tf, value, [along], normFloor(options.config)) : value;
    });
    if (!x || !y) throw new RangeError('Dot without two inputs');
    const product = tf.matMul(rowsOf(tf, x, alongX), rowsOf(tf, y, alongY), false, true);
    const rest = [...without(x.shape, alongX), ...without(y.shape, alongY)];
    return tf.reshape(product, [x.shape[0] ?? 1, ...(rest.length > 0 ? rest : [1])]);
  },
});

function summedAxes({ config, axes }: Options, inputShapes: readonly Shape[]): [number, number] {
  const [x, y] = inputShapes.map((shape, index) => axisIndex(axes[index] ?? 0, shape, config));
  if (!x || !y) throw config.refuse('unsupported-option', 'the sum over the batch axis is not read.');
  return [x, y];
}

/** From Keras 3 on the norm is at least 1e-7, before that 1e-6. */
function normFloor(config: LayerConfig): number {
  return config.keras.major < 3 ? 1e-12 : 1e-14;
}

function without<T>(shape: readonly T[], axis: number): T[] {
  return shape.filter((_, index) => index !== 0 && index !== axis);
}

/** `[batch, rest, summed]` for the left factor, `[batch, summed, rest]` for the right one. */
function matrixOnnx(scope: OnnxScope, value: string, shape: Shape, along: number, left: boolean): string {
  const rest = shape.map((_, index) => index).filter((index) => index !== 0 && index !== along);
  if (rest.length === 0) return scope.op('Unsqueeze', [value, scope.integers([left ? 1 : 2])]);
  const order = left ? [0, ...rest, along] : [0, along, ...rest];
  const ordered = order.every((axis, index) => axis === index)
    ? value
    : scope.op('Transpose', [value], { perm: { ints: order } });
  if (rest.length === 1) return ordered;
  const size = elementCount(rest.map((axis) => shape[axis] ?? 1));
  const summed = shape[along] ?? 1;
  return scope.op('Reshape', [ordered, scope.integers(left ? [-1, size, summed] : [-1, summed, size])]);
}

function resultSizes([shape]: readonly Shape[]): number[] {
  return [-1, ...(shape?.slice(1) ?? []).map((size) => size ?? 1)];
}

/** `[batch, rest, summed]` */
function rowsOf(tf: TensorFlow, value: Tensor, along: number): Tensor {
  const rest = value.shape.map((_, index) => index).filter((index) => index !== 0 && index !== along);
  const size = elementCount(rest.map((axis) => value.shape[axis] ?? 1));
  return tf.reshape(tf.transpose(value, [0, ...rest, along]), [value.shape[0] ?? 1, size, value.shape[along] ?? 1]);
}

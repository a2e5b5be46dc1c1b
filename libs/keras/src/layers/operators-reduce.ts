/** Sums, means, extremes and norms over axes of every row. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { CallArguments } from '../call-arguments.js';
import { defineLayer, first, type TensorFlow } from '../layer.js';
import type { OnnxScope } from '../onnx/onnx-graph.js';
import type { Shape } from '../shape.js';
import {
  entryOf,
  functionOption,
  functionOptions,
  onlyTensor,
  readOperator,
  rowAxes,
  type Operator,
} from './operands.js';

interface Reduction {
  /** Both keep the axes, with length 1. */
  readonly onnx: (scope: OnnxScope, x: string, axes: readonly number[]) => string;
  readonly tensorflow: (tf: TensorFlow, x: Tensor, axes: number[]) => Tensor;
}

function plain(opType: string, compute: Reduction['tensorflow']): Reduction {
  return { onnx: (scope, x, axes) => scope.op(opType, [x], { axes: { ints: axes } }), tensorflow: compute };
}

const mean = plain('ReduceMean', (tf, x, axes) => tf.mean(x, axes, true));
const sum: Reduction = {
  // The one reduction of opset 17 that takes its axes as an input.
  onnx: (scope, x, axes) => scope.op('ReduceSum', [x, scope.integers(axes)]),
  tensorflow: (tf, x, axes) => tf.sum(x, axes, true),
};
const maximum = plain('ReduceMax', (tf, x, axes) => tf.max(x, axes, true));
const minimum = plain('ReduceMin', (tf, x, axes) => tf.min(x, axes, true));
const product = plain('ReduceProd', (tf, x, axes) => tf.prod(x, axes, true));
const variance: Reduction = {
  onnx(scope, x, axes) {
    const centred = scope.op('Sub', [x, mean.onnx(scope, x, axes)]);
    return mean.onnx(scope, scope.op('Mul', [centred, centred]), axes);
  },
  tensorflow: (tf, x, axes) => tf.moments(x, axes, true).variance,
};
const deviation: Reduction = {
  onnx: (scope, x, axes) => scope.op('Sqrt', [variance.onnx(scope, x, axes)]),
  tensorflow: (tf, x, axes) => tf.sqrt(variance.tensorflow(tf, x, axes)),
};
const norm: Reduction = {
  onnx: (scope, x, axes) => scope.op('Sqrt', [sum.onnx(scope, scope.op('Mul', [x, x]), axes)]),
  tensorflow: (tf, x, axes) => tf.sqrt(tf.sum(tf.square(x), axes, true)),
};
const logOfSum: Reduction = {
  onnx(scope, x, axes) {
    const largest = maximum.onnx(scope, x, axes);
    const total = sum.onnx(scope, scope.op('Exp', [scope.op('Sub', [x, largest])]), axes);
    return scope.op('Add', [scope.op('Log', [total]), largest]);
  },
  tensorflow(tf, x, axes) {
    const largest = tf.max(x, axes, true);
    return tf.add(tf.log(tf.sum(tf.exp(tf.sub(x, largest)), axes, true)), largest);
  },
};

const reductions: Readonly<Record<string, Reduction>> = {
  'keras.ops.Mean': mean,
  'tf.math.reduce_mean': mean,
  'keras.ops.Sum': sum,
  'tf.math.reduce_sum': sum,
  'keras.ops.Max': maximum,
  'keras.ops.Amax': maximum,
  'tf.math.reduce_max': maximum,
  'keras.ops.Min': minimum,
  'keras.ops.Amin': minimum,
  'tf.math.reduce_min': minimum,
  'keras.ops.Prod': product,
  'tf.math.reduce_prod': product,
  'keras.ops.Var': variance,
  'tf.math.reduce_variance': variance,
  'keras.ops.Std': deviation,
  'tf.math.reduce_std': deviation,
  'keras.ops.Norm': norm,
  'tf.norm': norm,
  'tf.compat.v1.norm': norm,
  'keras.ops.Logsumexp': logOfSum,
  'tf.math.reduce_logsumexp': logOfSum,
};

export const reducingFunctions = defineLayer<Operator>({
  classNames: Object.keys(reductions),
  summary: 'over given axes but the batch, with and without keepdims; norms: Euclidean',
  inputs: 'any',
  keywords: ['*', 'name', 'axis', 'keepdims', 'ord', 'keep_dims'],
  read: readOperator,
  outputShape(operator, inputShapes, args) {
    const shape = onlyTensor(operator, args, inputShapes);
    requireReadable(operator, args);
    const { axes, keep } = reducedAxes(operator, args, shape);
    if (keep) return shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
    return shape.filter((_, axis) => !axes.includes(axis));
  },
  onnx(operator, scope, inputs, _weights, { arguments: args, inputShapes }) {
    const { axes, keep } = reducedAxes(operator, args, first(inputShapes));
    const reduced = entryOf(reductions, operator).onnx(scope, first(inputs), axes);
    return keep ? reduced : scope.op('Squeeze', [reduced, scope.integers(axes)]);
  },
  tensorflow(operator, tf, inputs, _weights, { arguments: args, inputShapes }) {
    const { axes, keep } = reducedAxes(operator, args, first(inputShapes));
    const reduced = entryOf(reductions, operator).tensorflow(tf, first(inputs), axes);
    return keep ? reduced : tf.squeeze(reduced, axes);
  },
});

function requireReadable(operator: Operator, args: CallArguments): void {
  const { config } = operator;
  if (functionOption(operator, args, 'initial') !== undefined || functionOption(operator, args, 'dtype') !== undefined)
    throw config.refuse('unsupported-option', 'initial and dtype are not read; leave them out.');
  const order = functionOption(operator, args, 'ord') ?? 'euclidean';
  const several = Array.isArray(functionOption(operator, args, 'axis'));
  // The 2-norm of a matrix is not that of its elements.
  if (order !== 'euclidean' && order !== 'fro' && (order !== 2 || several))
    throw config.refuse('unsupported-option', 'norms other than the Euclidean one are not read.');
}

function reducedAxes(operator: Operator, args: CallArguments, shape: Shape): { axes: number[]; keep: boolean } {
  if (functionOption(operator, args, 'axis') === undefined)
    throw operator.config.refuse('unsupported-option', 'it reduces over all axes, which mixes rows; name the axes.');
  const options = functionOptions(operator, args, ['axis', 'keepdims', 'keep_dims']);
  return {
    axes: rowAxes(options.integers('axis'), shape, operator),
    keep: options.boolean('keepdims', false) || options.boolean('keep_dims', false),
  };
}

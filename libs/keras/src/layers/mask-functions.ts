/**
 * The functions by which Keras 3 writes masks down as tensors of the graph: `any(not_equal(x, 0), axis=-1)` for Masking,
 * `not_equal(x, 0)` for Embedding, and what joins masks; and those of TensorFlow that authors make masks with. As every
 * tensor of a graph, what they answer is float32, 1 for true and 0 for false; a layer that takes one as `mask` makes booleans
 * of it.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { CallArguments } from '../call-arguments.js';
import { defineLayer, first, type TensorFlow } from '../layer.js';
import type { OnnxScope } from '../onnx/onnx-graph.js';
import { tensorType } from '../onnx/onnx-schema.js';
import { broadcastShapes, type Shape } from '../shape.js';
import { entryOf, functionOptions, readOperator, rowAxes, type Operator } from './operands.js';

interface Reduction {
  readonly axis: number;
  readonly keepDimensions: boolean;
  readonly all: boolean;
}

/** Whether any or every boolean along one axis holds. */
export const anyOrAll = defineLayer<Operator>({
  classNames: ['keras.ops.Any', 'tf.math.reduce_any', 'keras.ops.All', 'tf.math.reduce_all'],
  summary: 'of booleans along one axis, as masks are made',
  keywords: ['name', 'axis', 'keepdims'],
  read: readOperator,
  outputShape(operator, inputShapes, args): Shape {
    const shape = first(inputShapes);
    const { axis, keepDimensions } = reductionOf(operator, args);
    const [reduced] = rowAxes([axis], shape, operator);
    if (keepDimensions) return shape.map((size, index) => (index === reduced ? 1 : size));
    return shape.filter((_, index) => index !== reduced);
  },
  onnx(operator, scope, inputs, _weights, call) {
    const { axis, keepDimensions, all } = reductionOf(operator, call.arguments);
    // The reductions of ONNX know no booleans.
    const numbers = asNumbers(scope, asBooleans(scope, first(inputs)));
    return scope.op(all ? 'ReduceMin' : 'ReduceMax', [numbers], {
      axes: { ints: [axis] },
      keepdims: { int: keepDimensions ? 1 : 0 },
    });
  },
  tensorflow(operator, tf, inputs, _weights, call) {
    const { axis, keepDimensions, all } = reductionOf(operator, call.arguments);
    const booleans = tf.notEqual(first(inputs), 0);
    const reduced = all ? tf.all(booleans, axis, keepDimensions) : tf.any(booleans, axis, keepDimensions);
    return tf.cast(reduced, 'float32');
  },
});

function reductionOf(operator: Operator, args: CallArguments): Reduction {
  const options = functionOptions(operator, args, ['axis', 'keepdims']);
  const [axis, ...others] = options.has('axis') ? options.integers('axis') : [];
  if (axis === undefined || others.length > 0)
    throw operator.config.refuse('unsupported-option', 'it is read along one axis only, as masks are made.');
  return { axis, keepDimensions: options.boolean('keepdims', false), all: /all$/i.test(operator.key) };
}

type Connective = 'And' | 'Or' | 'Not';

const connectives: Readonly<Record<string, Connective>> = {
  'keras.ops.LogicalAnd': 'And',
  'tf.math.logical_and': 'And',
  'keras.ops.LogicalOr': 'Or',
  'tf.math.logical_or': 'Or',
  'keras.ops.LogicalNot': 'Not',
  'tf.math.logical_not': 'Not',
};

/** Masks joined. */
export const logical = defineLayer<Operator>({
  classNames: Object.keys(connectives),
  summary: 'of tensors of equal rank, broadcast, as masks are joined',
  inputs: 'any',
  keywords: ['name', 'x', 'y'],
  read: readOperator,
  outputShape(operator, inputShapes, args) {
    const { config } = operator;
    const [shape, other = shape] = inputShapes;
    const tensors = args.positional.every(({ kind }) => kind === 'tensor');
    const wanted = entryOf(connectives, operator) === 'Not' ? 1 : 2;
    if (!shape || !other || !tensors || inputShapes.length !== wanted || shape.length !== other.length)
      throw config.refuse('unsupported-option', 'it is read for tensors of equal rank only, as masks are joined.');
    return broadcastShapes([shape, other], config);
  },
  onnx: (operator, scope, inputs) =>
    asNumbers(
      scope,
      scope.op(
        entryOf(connectives, operator),
        inputs.map((input) => asBooleans(scope, input)),
      ),
    ),
  tensorflow(operator, tf, inputs) {
    const [a, b] = inputs.map((input) => tf.notEqual(input, 0));
    return tf.cast(joined(tf, entryOf(connectives, operator), a as Tensor, b), 'float32');
  },
});

function joined(tf: TensorFlow, connective: Connective, a: Tensor, b: Tensor | undefined): Tensor {
  if (!b) return tf.logicalNot(a);
  return connective === 'And' ? tf.logicalAnd(a, b) : tf.logicalOr(a, b);
}

function asBooleans(scope: OnnxScope, value: string): string {
  return scope.op('Cast', [value], { to: { int: tensorType.bool } });
}

function asNumbers(scope: OnnxScope, value: string): string {
  return scope.op('Cast', [value], { to: { int: tensorType.float } });
}

/**
 * Masks of what has none, all true; and nothing but false, which Keras joins to a mask to spread it over a tensor. In
 * TensorFlow, numbers like any other.
 */
export const constantMasks = defineLayer<Operator>({
  classNames: ['keras.ops.OnesLike', 'tf.ones_like', 'keras.ops.ZerosLike', 'tf.zeros_like'],
  summary: 'of the shape of a tensor',
  keywords: ['name', 'optimize'],
  read: readOperator,
  onnx: (operator, scope, inputs) => {
    const fill = scope.scalar(isOnes(operator) ? 1 : 0);
    return scope.op('Expand', [fill, scope.op('Shape', [first(inputs)])]);
  },
  tensorflow: (operator, tf, inputs) => (isOnes(operator) ? tf.onesLike(first(inputs)) : tf.zerosLike(first(inputs))),
});

function isOnes({ key }: Operator): boolean {
  return /ones_?like$/i.test(key);
}

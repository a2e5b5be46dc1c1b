/**
 * The functions by which Keras 3 writes masks down as tensors of the graph: `any(not_equal(x, 0), axis=-1)` for Masking,
 * `not_equal(x, 0)` for Embedding, and what joins masks. As every tensor of a graph, what they answer is float32, 1 for true
 * and 0 for false; a layer that takes one as `mask` makes booleans of it.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import { constantOf, positionalInputs, type CallArgument, type CallArguments } from '../call-arguments.js';
import type { LayerConfig } from '../config/layer-config.js';
import { defineLayer, first, type TensorFlow } from '../layer.js';
import type { OnnxScope } from '../onnx/onnx-graph.js';
import { tensorType } from '../onnx/onnx-schema.js';
import { axisIndex, broadcastShapes, type Shape } from '../shape.js';

/** `x != y`, where y is a number. */
export const notEqual = defineLayer({
  classNames: ['keras.ops.NotEqual'],
  summary: 'of a tensor and a number, as masks are made',
  inputs: 'any',
  keywords: ['*'],
  read: (config) => config,
  outputShape(config, inputShapes, args) {
    numberIn(args, config);
    return first(inputShapes);
  },
  onnx(config, scope, inputs, _weights, call) {
    const number = scope.scalar(numberIn(call.arguments, config));
    return asNumbers(scope, scope.op('Not', [scope.op('Equal', [first(inputs), number])]));
  },
  tensorflow: (config, tf, inputs, _weights, call) =>
    tf.cast(tf.notEqual(first(inputs), tf.scalar(numberIn(call.arguments, config), 'float32')), 'float32'),
});

function numberIn(args: CallArguments, config: LayerConfig): number {
  const constants = args.positional.map(constantOf).filter((value) => typeof value === 'number');
  const [number] = constants;
  if (args.positional.length !== 2 || number === undefined || positionalInputs(args).length !== 1)
    throw config.refuse('unsupported-option', 'it is read for a tensor and a number only, as masks are made.');
  return number;
}

interface Reduction {
  readonly config: LayerConfig;
  readonly axis: number;
  readonly keepDimensions: boolean;
  readonly all: boolean;
}

/** Whether any or every boolean along one axis holds. */
export const anyOrAll = defineLayer<Reduction>({
  classNames: ['keras.ops.Any', 'keras.ops.All'],
  summary: 'of booleans along one axis, as masks are made',
  read(config) {
    const [axis, ...others] = config.has('axis') ? config.integers('axis') : [];
    if (axis === undefined || others.length > 0)
      throw config.refuse('unsupported-option', 'it is read along one axis only, as masks are made.');
    return { config, axis, keepDimensions: config.boolean('keepdims', false), all: config.className === 'All' };
  },
  outputShape({ config, axis, keepDimensions }, inputShapes): Shape {
    const shape = first(inputShapes);
    const reduced = axisIndex(axis, shape, config);
    if (reduced === 0) throw config.refuse('unsupported-option', 'it is not read along the batch.');
    if (keepDimensions) return shape.map((size, index) => (index === reduced ? 1 : size));
    return shape.filter((_, index) => index !== reduced);
  },
  onnx({ axis, keepDimensions, all }, scope, inputs) {
    // The reductions of ONNX know no booleans.
    const numbers = asNumbers(scope, asBooleans(scope, first(inputs)));
    return scope.op(all ? 'ReduceMin' : 'ReduceMax', [numbers], {
      axes: { ints: [axis] },
      keepdims: { int: keepDimensions ? 1 : 0 },
    });
  },
  tensorflow({ axis, keepDimensions, all }, tf, inputs) {
    const booleans = tf.notEqual(first(inputs), 0);
    const reduced = all ? tf.all(booleans, axis, keepDimensions) : tf.any(booleans, axis, keepDimensions);
    return tf.cast(reduced, 'float32');
  },
});

/** Masks joined. */
export const logical = defineLayer({
  classNames: ['keras.ops.LogicalAnd', 'keras.ops.LogicalOr', 'keras.ops.LogicalNot'],
  summary: 'of tensors of equal rank, broadcast, as masks are joined',
  inputs: 'any',
  read: (config) => config,
  outputShape(config, inputShapes, { positional }) {
    const [shape, other = shape] = inputShapes;
    const tensors = positional.every(({ kind }: CallArgument) => kind === 'tensor');
    const wanted = config.className === 'LogicalNot' ? 1 : 2;
    if (!shape || !other || !tensors || positional.length !== wanted || shape.length !== other.length)
      throw config.refuse('unsupported-option', 'it is read for tensors of equal rank only, as masks are joined.');
    return broadcastShapes([shape, other], config);
  },
  onnx: ({ className }, scope, inputs) =>
    asNumbers(
      scope,
      scope.op(
        className.replace('Logical', ''),
        inputs.map((input) => asBooleans(scope, input)),
      ),
    ),
  tensorflow({ className }, tf, inputs) {
    const [a, b] = inputs.map((input) => tf.notEqual(input, 0));
    return tf.cast(joined(tf, className, a as Tensor, b), 'float32');
  },
});

function joined(tf: TensorFlow, className: string, a: Tensor, b: Tensor | undefined): Tensor {
  if (!b) return tf.logicalNot(a);
  return className === 'LogicalAnd' ? tf.logicalAnd(a, b) : tf.logicalOr(a, b);
}

function asBooleans(scope: OnnxScope, value: string): string {
  return scope.op('Cast', [value], { to: { int: tensorType.bool } });
}

function asNumbers(scope: OnnxScope, value: string): string {
  return scope.op('Cast', [value], { to: { int: tensorType.float } });
}

/** Masks of what has none, all true; and nothing but false, which Keras joins to a mask to spread it over a tensor. */
export const constantMasks = defineLayer({
  classNames: ['keras.ops.OnesLike', 'keras.ops.ZerosLike'],
  summary: 'of the shape of a tensor',
  read: (config) => config,
  onnx: ({ className }, scope, inputs) => {
    const fill = scope.scalar(className === 'OnesLike' ? 1 : 0);
    return scope.op('Expand', [fill, scope.op('Shape', [first(inputs)])]);
  },
  tensorflow: ({ className }, tf, inputs) =>
    className === 'OnesLike' ? tf.onesLike(first(inputs)) : tf.zerosLike(first(inputs)),
});

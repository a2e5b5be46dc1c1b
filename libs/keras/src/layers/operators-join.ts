/** Functions that join tensors or take them apart: concatenate, stack, split, unstack, the sum of a list. */
import type { Tensor } from '@tensorflow/tfjs-core';
import { positionalInputs, type CallArguments } from '../call-arguments.js';
import { defineLayer, first } from '../layer.js';
import { knownSize, type Shape } from '../shape.js';
import { joinedShape } from './join.js';
import { functionOption, functionOptions, onlyTensor, readOperator, rowAxes, type Operator } from './operands.js';

/** The tensors of a list. Refuses lists with constants in them. */
function listed(operator: Operator, args: CallArguments, inputShapes: readonly Shape[]): readonly Shape[] {
  const [list, ...others] = args.positional;
  const tensors = positionalInputs({ positional: list ? [list] : [], keywords: {} });
  const complete = list?.kind === 'tensor' || (list?.kind === 'list' && list.items.length === tensors.length);
  if (!complete || others.length > 0 || tensors.length !== inputShapes.length)
    throw operator.config.refuse('unsupported-option', 'it should be applied to a list of tensors.');
  return inputShapes;
}

function axisOf(operator: Operator, args: CallArguments, fallback: number): number {
  return functionOptions(operator, args, ['axis']).integer('axis', fallback);
}

export const concatFunctions = defineLayer<Operator>({
  classNames: ['keras.ops.Concatenate', 'tf.concat'],
  summary: 'tensors along any axis but the batch',
  inputs: 'any',
  keywords: ['*', 'name', 'axis'],
  read: readOperator,
  outputShape: (operator, inputShapes, args) =>
    joinedShape(listed(operator, args, inputShapes), axisOf(operator, args, 0), operator.config),
  onnx: (operator, scope, inputs, _weights, { arguments: args }) =>
    scope.op('Concat', inputs, { axis: { int: axisOf(operator, args, 0) } }),
  tensorflow: (operator, tf, inputs, _weights, { arguments: args }) =>
    tf.concat([...inputs], axisOf(operator, args, 0)),
});

export const stackFunctions = defineLayer<Operator>({
  classNames: ['keras.ops.Stack', 'tf.stack'],
  summary: 'tensors along any axis but the batch',
  inputs: 'any',
  keywords: ['*', 'name', 'axis'],
  read: readOperator,
  outputShape(operator, inputShapes, args) {
    const shape = first(listed(operator, args, inputShapes));
    if (inputShapes.some((other) => other.join() !== shape.join()))
      throw operator.config.refuse('shape-mismatch', 'its tensors differ in shape.');
    const at = stackAxis(operator, args, shape);
    return [...shape.slice(0, at), inputShapes.length, ...shape.slice(at)];
  },
  onnx(operator, scope, inputs, _weights, { arguments: args, inputShapes }) {
    const at = stackAxis(operator, args, first(inputShapes));
    const apart = inputs.map((value) => scope.op('Unsqueeze', [value, scope.integers([at])]));
    return scope.op('Concat', apart, { axis: { int: at } });
  },
  tensorflow: (operator, tf, inputs, _weights, { arguments: args, inputShapes }) =>
    tf.stack([...inputs], stackAxis(operator, args, first(inputShapes))),
});

function stackAxis(operator: Operator, args: CallArguments, shape: Shape): number {
  return first(rowAxes([axisOf(operator, args, 0)], [...shape, null], operator));
}

export const sumFunctions = defineLayer<Operator>({
  classNames: ['tf.math.add_n'],
  summary: 'tensors of one shape',
  inputs: 'any',
  keywords: ['*', 'name'],
  read: readOperator,
  outputShape(operator, inputShapes, args) {
    const shape = first(listed(operator, args, inputShapes));
    if (inputShapes.some((other) => other.join() !== shape.join()))
      throw operator.config.refuse('shape-mismatch', 'its tensors differ in shape.');
    return shape;
  },
  onnx: (_operator, scope, inputs) => scope.op('Sum', inputs),
  tensorflow: (_operator, tf, inputs) => tf.addN([...inputs]),
});

interface Pieces {
  readonly axis: number;
  readonly sizes: readonly number[];
  /** Each piece is one element, without the axis. */
  readonly single: boolean;
}

export const splitFunctions = defineLayer<Operator>({
  classNames: ['keras.ops.Split', 'tf.split', 'keras.ops.Unstack', 'tf.unstack'],
  summary: 'several outputs; along any axis of known length but the batch',
  inputs: 'any',
  keywords: ['*', 'name', 'axis', 'num', 'num_or_size_splits'],
  read: readOperator,
  outputShapes(operator, inputShapes, args) {
    const shape = onlyTensor(operator, args, inputShapes);
    const { axis, sizes, single } = piecesOf(operator, args, shape);
    return sizes.map((size) => {
      if (single) return shape.filter((_, index) => index !== axis);
      return shape.map((length, index) => (index === axis ? size : length));
    });
  },
  onnx(operator, scope, inputs, _weights, { arguments: args, inputShapes }) {
    const { axis, sizes, single } = piecesOf(operator, args, first(inputShapes));
    const along = { axis: { int: axis } };
    const pieces = scope.ops('Split', [first(inputs), scope.integers(sizes)], along, sizes.length);
    return single ? pieces.map((piece) => scope.op('Squeeze', [piece, scope.integers([axis])])) : pieces;
  },
  tensorflow(operator, tf, inputs, _weights, { arguments: args, inputShapes }) {
    const { axis, sizes, single } = piecesOf(operator, args, first(inputShapes));
    const pieces: Tensor[] = tf.split(first(inputs), [...sizes], axis);
    return single ? pieces.map((piece) => tf.squeeze(piece, [axis])) : pieces;
  },
});

function piecesOf(operator: Operator, args: CallArguments, shape: Shape): Pieces {
  const { config, key } = operator;
  const axis = first(rowAxes([axisOf(operator, args, 0)], shape, operator));
  const size = knownSize(shape, axis, config);
  if (key.toLowerCase().endsWith('unstack')) {
    if (size > config.context.limits.maxLayers) throw config.refuse('too-large', `it takes ${size} elements apart.`);
    return { axis, sizes: Array.from({ length: size }, () => 1), single: true };
  }
  const given = functionOption(operator, args, 'indices_or_sections', 'num_or_size_splits');
  const sizes = pieceSizes(given, size, key === 'keras.ops.Split');
  const valid = sizes.every((piece) => Number.isSafeInteger(piece) && piece > 0);
  if (!valid || sizes.length === 0 || sizes.length > config.context.limits.maxLayers || sum(sizes) !== size)
    throw config.refuse('unsupported-option', `an axis of ${size} cannot be split so.`);
  return { axis, sizes, single: false };
}

/** A number of equal pieces; a list is where to cut in Keras 3 and the sizes, one of which may be -1, in TensorFlow. */
function pieceSizes(given: unknown, size: number, cuts: boolean): number[] {
  if (typeof given === 'number') {
    if (!(given >= 1 && given <= size)) return [];
    return Array.from({ length: given }, () => size / given);
  }
  if (!Array.isArray(given)) return [];
  const list = given.map(Number);
  if (!cuts) return list.map((piece) => (piece === -1 ? size - sum(list) - 1 : piece));
  return [...list, size].map((cut, index) => cut - (list[index - 1] ?? 0));
}

function sum(list: readonly number[]): number {
  return list.reduce((total, item) => total + item, 0);
}

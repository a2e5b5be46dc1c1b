/** `x @ y` of tensors of equal rank, or of a tensor and a constant matrix; `l2_normalize` beside it. */
import { constantOf, type CallArguments } from '../call-arguments.js';
import { defineLayer, first } from '../layer.js';
import { broadcastShapes, type Shape } from '../shape.js';
import {
  functionOption,
  functionOptions,
  onlyTensor,
  operandAt,
  operandOnnx,
  operandTensorFlow,
  readOperator,
  rowAxes,
  type Operand,
  type Operator,
} from './operands.js';
import { unitOnnx, unitTensorFlow } from './unit-length.js';

interface Product {
  readonly x: Operand;
  readonly y: Operand;
  readonly transposeX: boolean;
  readonly transposeY: boolean;
}

export const matrixProducts = defineLayer<Operator>({
  classNames: ['keras.ops.Matmul', 'tf.linalg.matmul'],
  summary: 'tensors of equal rank, a tensor and a constant matrix on either side; transpose_a and transpose_b',
  inputs: 'any',
  keywords: ['*', 'name', 'x1', 'x2', 'a', 'b', 'transpose_a', 'transpose_b'],
  read: readOperator,
  outputShape(operator, inputShapes, args): Shape {
    const { config } = operator;
    const { x, y, transposeX, transposeY } = productOf(operator, inputShapes, args);
    const [left, right] = [swapped(x.shape, transposeX), swapped(y.shape, transposeY)];
    const tensors = [x, y].filter(({ kind }) => kind === 'tensor');
    const rank = Math.max(...tensors.map(({ shape }) => shape.length));
    const constant = x.kind === 'constant' ? x : y.kind === 'constant' ? y : undefined;
    // The batch must stay outside of the product: a constant matrix may only meet the last axes.
    const fits = constant
      ? constant.shape.length === 2 && (rank > 2 || (rank === 2 && constant === y && !transposeX))
      : x.shape.length === y.shape.length && rank > 2;
    if (tensors.length === 0 || !fits)
      throw config.refuse('unsupported-option', 'a product of these ranks is not read; it may mix rows.');
    if (left.at(-1) !== right.at(-2)) {
      const message = `[${left.join(', ')}] and [${right.join(', ')}] do not fit each other.`;
      throw config.refuse('shape-mismatch', message);
    }
    const outer = broadcastShapes([left.slice(0, -2), right.slice(0, -2)], config);
    return [...outer, left.at(-2) ?? null, right.at(-1) ?? null];
  },
  onnx(operator, scope, inputs, _weights, call) {
    const { x, y, transposeX, transposeY } = productOf(operator, call.inputShapes, call.arguments);
    const side = (operand: Operand, transpose: boolean): string => {
      const value = operandOnnx(scope, operand, inputs);
      const order = operand.shape.map((_, axis) => axis);
      return transpose ? scope.op('Transpose', [value], { perm: { ints: swapped(order, true) } }) : value;
    };
    return scope.op('MatMul', [side(x, transposeX), side(y, transposeY)]);
  },
  tensorflow(operator, tf, inputs, _weights, call) {
    const { x, y, transposeX, transposeY } = productOf(operator, call.inputShapes, call.arguments);
    const [left, right] = [operandTensorFlow(tf, x, inputs), operandTensorFlow(tf, y, inputs)];
    return tf.matMul(left, right, transposeX, transposeY);
  },
});

function productOf(operator: Operator, inputShapes: readonly Shape[], args: CallArguments): Product {
  return {
    x: operandAt(operator, args, inputShapes, 0, 'x1', 'a'),
    y: operandAt(operator, args, inputShapes, 1, 'x2', 'b'),
    transposeX: constantOf(args.keywords['transpose_a']) === true,
    transposeY: constantOf(args.keywords['transpose_b']) === true,
  };
}

function swapped<T>(list: readonly T[], swap: boolean): T[] {
  if (!swap) return [...list];
  return [...list.slice(0, -2), ...list.slice(-2).reverse()];
}

export const unitLengthFunctions = defineLayer<Operator>({
  classNames: ['keras.ops.Normalize', 'tf.math.l2_normalize'],
  summary: 'the L2 norm over given axes but the batch',
  inputs: 'any',
  keywords: ['*', 'name', 'axis', 'epsilon'],
  read: readOperator,
  outputShape(operator, inputShapes, args) {
    const shape = onlyTensor(operator, args, inputShapes);
    unitOf(operator, args, shape);
    return shape;
  },
  onnx(operator, scope, inputs, _weights, { arguments: args, inputShapes }) {
    const { axes, floor } = unitOf(operator, args, first(inputShapes));
    return unitOnnx(scope, first(inputs), axes, floor);
  },
  tensorflow(operator, tf, inputs, _weights, { arguments: args, inputShapes }) {
    const { axes, floor } = unitOf(operator, args, first(inputShapes));
    return unitTensorFlow(tf, first(inputs), axes, floor);
  },
});

/** Keras' epsilon bounds the norm, TensorFlow's its square. */
function unitOf(operator: Operator, args: CallArguments, shape: Shape): { axes: number[]; floor: number } {
  const { config, key } = operator;
  if ((functionOption(operator, args, 'order') ?? 2) !== 2)
    throw config.refuse('unsupported-option', 'norms other than the Euclidean one are not read.');
  const ofKeras = key === 'keras.ops.Normalize';
  const options = functionOptions(operator, args, ['axis', 'epsilon']);
  if (!ofKeras && !options.has('axis'))
    throw config.refuse('unsupported-option', 'it normalises over all axes, which mixes rows; name the axes.');
  const epsilon = options.number('epsilon', ofKeras ? 1e-7 : 1e-12);
  return { axes: rowAxes(options.integers('axis', [-1]), shape, operator), floor: ofKeras ? epsilon ** 2 : epsilon };
}

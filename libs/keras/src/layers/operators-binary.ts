/** Functions of two operands, tensors or constants: `x + y`, `2 - x`, `keras.ops.maximum(x, 0)`; and the sum of a list. */
import type { Tensor } from '@tensorflow/tfjs-core';
import { requireNumbers, type CallArguments } from '../call-arguments.js';
import { defineLayer, type TensorFlow } from '../layer.js';
import type { OnnxScope } from '../onnx/onnx-graph.js';
import { tensorType } from '../onnx/onnx-schema.js';
import { broadcastShapes, type Shape } from '../shape.js';
import {
  entryOf,
  operandAt,
  operandOnnx,
  operandTensorFlow,
  readOperator,
  requireAlignedRows,
  type Operand,
  type Operator,
} from './operands.js';

interface Binary {
  readonly onnx: (scope: OnnxScope, x: string, y: string) => string;
  readonly tensorflow: (tf: TensorFlow, x: Tensor, y: Tensor) => Tensor;
}

function plain(opType: string, compute: (tf: TensorFlow, x: Tensor, y: Tensor) => Tensor): Binary {
  return { onnx: (scope, x, y) => scope.op(opType, [x, y]), tensorflow: compute };
}

const add = plain('Add', (tf, x, y) => tf.add(x, y));
const subtract = plain('Sub', (tf, x, y) => tf.sub(x, y));
const multiply = plain('Mul', (tf, x, y) => tf.mul(x, y));
const divide = plain('Div', (tf, x, y) => tf.div(x, y));
const power = plain('Pow', (tf, x, y) => tf.pow(x, y));
const maximum = plain('Max', (tf, x, y) => tf.maximum(x, y));
const minimum = plain('Min', (tf, x, y) => tf.minimum(x, y));
const floorDivide: Binary = {
  onnx: (scope, x, y) => scope.op('Floor', [scope.op('Div', [x, y])]),
  tensorflow: (tf, x, y) => tf.floor(tf.div(x, y)),
};
const squaredDifference: Binary = {
  onnx(scope, x, y) {
    const difference = scope.op('Sub', [x, y]);
    return scope.op('Mul', [difference, difference]);
  },
  tensorflow: (tf, x, y) => tf.square(tf.sub(x, y)),
};

/** As every tensor of a graph, what a comparison answers is float32: 1 for true and 0 for false. */
function comparison(opType: string, compute: (tf: TensorFlow, x: Tensor, y: Tensor) => Tensor): Binary {
  return {
    onnx: (scope, x, y) => scope.op('Cast', [scope.op(opType, [x, y])], { to: { int: tensorType.float } }),
    tensorflow: (tf, x, y) => tf.cast(compute(tf, x, y), 'float32'),
  };
}

const greater = comparison('Greater', (tf, x, y) => tf.greater(x, y));
const greaterEqual = comparison('GreaterOrEqual', (tf, x, y) => tf.greaterEqual(x, y));
const less = comparison('Less', (tf, x, y) => tf.less(x, y));
const lessEqual = comparison('LessOrEqual', (tf, x, y) => tf.lessEqual(x, y));
const equal = comparison('Equal', (tf, x, y) => tf.equal(x, y));

const notEqual: Binary = {
  onnx: (scope, x, y) =>
    scope.op('Cast', [scope.op('Not', [scope.op('Equal', [x, y])])], { to: { int: tensorType.float } }),
  tensorflow: (tf, x, y) => tf.cast(tf.notEqual(x, y), 'float32'),
};

/** Zero where y is, whatever x is there. */
function unlessZero(compute: Binary): Binary {
  return {
    onnx: (scope, x, y) =>
      scope.op('Where', [scope.op('Equal', [y, scope.scalar(0)]), scope.scalar(0), compute.onnx(scope, x, y)]),
    tensorflow: (tf, x, y) => tf.where(tf.equal(y, 0), tf.scalar(0), compute.tensorflow(tf, x, y)),
  };
}

const binaries: Readonly<Record<string, Binary>> = {
  'keras.ops.Add': add,
  'tf.math.add': add,
  'tf.__operators__.add': add,
  'keras.ops.Subtract': subtract,
  'tf.math.subtract': subtract,
  'keras.ops.Multiply': multiply,
  'tf.math.multiply': multiply,
  'keras.ops.Divide': divide,
  'keras.ops.TrueDivide': divide,
  'tf.math.divide': divide,
  'tf.math.truediv': divide,
  'tf.realdiv': divide,
  'keras.ops.Power': power,
  'tf.math.pow': power,
  'keras.ops.Maximum': maximum,
  'tf.math.maximum': maximum,
  'keras.ops.Minimum': minimum,
  'tf.math.minimum': minimum,
  'keras.ops.FloorDivide': floorDivide,
  'tf.math.floordiv': floorDivide,
  'tf.compat.v1.floor_div': floorDivide,
  'tf.math.squared_difference': squaredDifference,
  'keras.ops.Greater': greater,
  'tf.math.greater': greater,
  'keras.ops.GreaterEqual': greaterEqual,
  'tf.math.greater_equal': greaterEqual,
  'keras.ops.Less': less,
  'tf.math.less': less,
  'keras.ops.LessEqual': lessEqual,
  'tf.math.less_equal': lessEqual,
  'keras.ops.Equal': equal,
  'tf.math.equal': equal,
  'tf.__operators__.eq': equal,
  'keras.ops.NotEqual': notEqual,
  'tf.math.not_equal': notEqual,
  'tf.__operators__.ne': notEqual,
  'tf.math.divide_no_nan': unlessZero(divide),
  'tf.math.multiply_no_nan': unlessZero(multiply),
  'tf.nn.bias_add': add,
};

export const binaryFunctions = defineLayer<Operator>({
  classNames: Object.keys(binaries),
  summary: 'tensors of equal rank and constants, on either side',
  inputs: 'any',
  keywords: ['*', 'name', 'x1', 'x2', 'x', 'y', 'other', 'value', 'bias'],
  read: readOperator,
  outputShape(operator, inputShapes, args): Shape {
    if (entryOf(binaries, operator) === add) requireNumbers(args, operator.config);
    return sharedShape(operator, operandsOf(operator, inputShapes, args));
  },
  onnx(operator, scope, inputs, _weights, call) {
    const [x, y] = operandsOf(operator, call.inputShapes, call.arguments);
    return entryOf(binaries, operator).onnx(scope, operandOnnx(scope, x, inputs), operandOnnx(scope, y, inputs));
  },
  tensorflow(operator, tf, inputs, _weights, call) {
    const [x, y] = operandsOf(operator, call.inputShapes, call.arguments);
    return entryOf(binaries, operator).tensorflow(
      tf,
      operandTensorFlow(tf, x, inputs),
      operandTensorFlow(tf, y, inputs),
    );
  },
});

function operandsOf(operator: Operator, inputShapes: readonly Shape[], args: CallArguments): [Operand, Operand] {
  return [
    operandAt(operator, args, inputShapes, 0, 'x1', 'x', 'value'),
    operandAt(operator, args, inputShapes, 1, 'x2', 'y', 'other', 'bias'),
  ];
}

/** The shape that all operands are broadcast to, of which one at least is a tensor. */
function sharedShape(operator: Operator, operands: readonly Operand[]): Shape {
  if (operands.every(({ kind }) => kind === 'constant'))
    throw operator.config.refuse('unsupported-option', 'it is applied to constants only.');
  requireAlignedRows(operator, operands);
  const [, ...sizes] = broadcastShapes(
    operands.map(({ shape }) => shape),
    operator.config,
  );
  return [null, ...sizes];
}

/** `where(condition, x, y)`: x where the condition is not 0, else y. */
export const choosingFunctions = defineLayer<Operator>({
  classNames: ['keras.ops.Where', 'tf.where'],
  summary: 'a condition and two values, each a tensor of equal rank or a constant',
  inputs: 'any',
  keywords: ['*', 'name', 'condition', 'x1', 'x2', 'x', 'y'],
  read: readOperator,
  outputShape: (operator, inputShapes, args) => sharedShape(operator, choiceOf(operator, inputShapes, args)),
  onnx(operator, scope, inputs, _weights, call) {
    const [condition, x, y] = choiceOf(operator, call.inputShapes, call.arguments).map((operand) =>
      operandOnnx(scope, operand, inputs),
    );
    const holds = scope.op('Cast', [condition ?? ''], { to: { int: tensorType.bool } });
    return scope.op('Where', [holds, x ?? '', y ?? '']);
  },
  tensorflow(operator, tf, inputs, _weights, call) {
    const [condition, x, y] = choiceOf(operator, call.inputShapes, call.arguments).map((operand) =>
      operandTensorFlow(tf, operand, inputs),
    );
    if (!condition || !x || !y) throw new RangeError('a choice without its operands');
    return tf.where(tf.notEqual(condition, 0), x, y);
  },
});

function choiceOf(operator: Operator, inputShapes: readonly Shape[], args: CallArguments): Operand[] {
  return [
    operandAt(operator, args, inputShapes, 0, 'condition'),
    operandAt(operator, args, inputShapes, 1, 'x1', 'x'),
    operandAt(operator, args, inputShapes, 2, 'x2', 'y'),
  ];
}

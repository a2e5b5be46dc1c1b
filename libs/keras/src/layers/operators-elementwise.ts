/** Functions of one tensor, element by element: `keras.ops.exp(x)`, `tf.nn.relu(x)`, `-x`, `abs(x)`. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Activation } from '../activations/activation.js';
import { namedActivation } from '../activations/named.js';
import { elu, leakyRelu, relu } from '../activations/rectified.js';
import { logSoftmax, softmax } from '../activations/softmax.js';
import type { CallArguments } from '../call-arguments.js';
import { isAtLeast } from '../config/keras-version.js';
import { defineLayer, first, type FormCall, type TensorFlow } from '../layer.js';
import { tensorType } from '../onnx/onnx-schema.js';
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

type Reading = (operator: Operator, args: CallArguments, shape: Shape) => Activation;

const unchanged: Activation = { onnx: (_scope, x) => x, tensorflow: (_tf, x) => x };

function plain(opType: string, compute: (tf: TensorFlow, x: Tensor) => Tensor): Reading {
  return () => ({ onnx: (scope, x) => scope.op(opType, [x]), tensorflow: compute });
}

function named(name: string): Reading {
  return ({ config }) => {
    const activation = namedActivation(name, config.keras.major);
    if (!activation) throw config.refuse('unsupported-layer', 'this function is not read.');
    return activation;
  };
}

const negative = plain('Neg', (tf, x) => tf.neg(x));
const absolute = plain('Abs', (tf, x) => tf.abs(x));
const tanh = plain('Tanh', (tf, x) => tf.tanh(x));
const square: Reading = () => ({ onnx: (scope, x) => scope.op('Mul', [x, x]), tensorflow: (tf, x) => tf.square(x) });
const rsqrt: Reading = () => ({
  onnx: (scope, x) => scope.op('Reciprocal', [scope.op('Sqrt', [x])]),
  tensorflow: (tf, x) => tf.rsqrt(x),
});
const log1p: Reading = () => ({
  onnx: (scope, x) => scope.op('Log', [scope.op('Add', [x, scope.scalar(1)])]),
  tensorflow: (tf, x) => tf.log(tf.add(x, 1)),
});

const expm1: Reading = () => ({
  onnx: (scope, x) => scope.op('Sub', [scope.op('Exp', [x]), scope.scalar(1)]),
  tensorflow: (tf, x) => tf.expm1(x),
});

const softmaxAlong =
  (form: (axis: number) => Activation): Reading =>
  (operator, args, shape) => {
    // In Keras 3 none is not the default, but all axes.
    if (operator.config.raw('axis') === null)
      throw operator.config.refuse('unsupported-option', 'it goes over all axes, which mixes rows; name the axis.');
    const axis = functionOptions(operator, args, ['axis']).integer('axis', -1);
    rowAxes([axis], shape, operator);
    return form(axis);
  };

/** `keras.activations.relu(x, …)`, which is a function of its own beside `keras.ops.relu`. */
const reluWithOptions: Reading = (operator, args) => {
  const options = functionOptions(operator, args, ['negative_slope', 'max_value', 'threshold']);
  return relu({
    maxValue: options.has('max_value') ? options.number('max_value') : null,
    negativeSlope: options.number('negative_slope', 0),
    threshold: options.number('threshold', 0),
  });
};

/** x Φ(x), exact or by tanh; Keras 3 takes the approximation by itself, TensorFlow does not. */
const gelu: Reading = (operator, args, shape) => {
  const byItself = operator.config.className === 'Gelu';
  const approximate = functionOptions(operator, args, ['approximate']).boolean('approximate', byItself);
  return approximate ? geluByTanh : named('gelu')(operator, args, shape);
};

/** x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2 */
const geluByTanh: Activation = {
  onnx(scope, x) {
    const cube = scope.op('Mul', [scope.op('Mul', [x, x]), scope.op('Mul', [x, scope.scalar(0.044715)])]);
    const inner = scope.op('Mul', [scope.op('Add', [x, cube]), scope.scalar(Math.sqrt(2 / Math.PI))]);
    const half = scope.op('Mul', [x, scope.scalar(0.5)]);
    return scope.op('Mul', [half, scope.op('Add', [scope.op('Tanh', [inner]), scope.scalar(1)])]);
  },
  tensorflow(tf, x) {
    const inner = tf.mul(tf.add(x, tf.mul(0.044715, tf.pow(x, 3))), Math.sqrt(2 / Math.PI));
    return tf.mul(tf.mul(0.5, x), tf.add(1, tf.tanh(inner)));
  },
};

const clip: Reading = (operator, args) => {
  const bound = (...names: string[]): number => {
    const value = functionOption(operator, args, ...names);
    if (typeof value === 'number') return value;
    throw operator.config.refuse('unsupported-option', 'its bounds are no numbers.');
  };
  const [low, high] = [bound('x_min', 'clip_value_min'), bound('x_max', 'clip_value_max')];
  return {
    onnx: (scope, x) => scope.op('Min', [scope.op('Max', [x, scope.scalar(low)]), scope.scalar(high)]),
    tensorflow: (tf, x) => tf.minimum(tf.maximum(x, low), high),
  };
};

/** As every tensor of a graph, booleans are float32: 1 for what is not 0. */
const truth: Activation = {
  onnx: (scope, x) =>
    scope.op('Cast', [scope.op('Cast', [x], { to: { int: tensorType.bool } })], { to: { int: tensorType.float } }),
  tensorflow: (tf, x) => tf.cast(tf.notEqual(x, 0), 'float32'),
};

const toFloat: Reading = (operator, args) => {
  const type = functionOption(operator, args, 'dtype', 'DstT');
  if (type === 'float32' || type === 'float64') return unchanged;
  if (type === 'bool') return truth;
  throw operator.config.refuse(
    'unsupported-dtype',
    `it makes ${String(type)} of a tensor; only float32 and bool are read.`,
  );
};

const readings: Readonly<Record<string, Reading>> = {
  'keras.ops.Negative': negative,
  'tf.math.negative': negative,
  'keras.ops.Absolute': absolute,
  'keras.ops.Abs': absolute,
  'tf.math.abs': absolute,
  'keras.ops.Square': square,
  'tf.math.square': square,
  'keras.ops.Sqrt': plain('Sqrt', (tf, x) => tf.sqrt(x)),
  'tf.math.sqrt': plain('Sqrt', (tf, x) => tf.sqrt(x)),
  'keras.ops.Rsqrt': rsqrt,
  'tf.math.rsqrt': rsqrt,
  'keras.ops.Exp': named('exponential'),
  'tf.math.exp': named('exponential'),
  'keras.ops.Log': plain('Log', (tf, x) => tf.log(x)),
  'tf.math.log': plain('Log', (tf, x) => tf.log(x)),
  'keras.ops.Log1p': log1p,
  'tf.math.log1p': log1p,
  'keras.ops.Expm1': expm1,
  'tf.math.expm1': expm1,
  'keras.ops.Sign': plain('Sign', (tf, x) => tf.sign(x)),
  'tf.math.sign': plain('Sign', (tf, x) => tf.sign(x)),
  'keras.ops.Floor': plain('Floor', (tf, x) => tf.floor(x)),
  'tf.math.floor': plain('Floor', (tf, x) => tf.floor(x)),
  'keras.ops.Ceil': plain('Ceil', (tf, x) => tf.ceil(x)),
  'tf.math.ceil': plain('Ceil', (tf, x) => tf.ceil(x)),
  'keras.ops.Reciprocal': plain('Reciprocal', (tf, x) => tf.reciprocal(x)),
  'tf.math.reciprocal': plain('Reciprocal', (tf, x) => tf.reciprocal(x)),
  'keras.ops.Sin': plain('Sin', (tf, x) => tf.sin(x)),
  'tf.math.sin': plain('Sin', (tf, x) => tf.sin(x)),
  'keras.ops.Cos': plain('Cos', (tf, x) => tf.cos(x)),
  'tf.math.cos': plain('Cos', (tf, x) => tf.cos(x)),
  'keras.ops.Tan': plain('Tan', (tf, x) => tf.tan(x)),
  'tf.math.tan': plain('Tan', (tf, x) => tf.tan(x)),
  'keras.ops.Arcsin': plain('Asin', (tf, x) => tf.asin(x)),
  'tf.math.asin': plain('Asin', (tf, x) => tf.asin(x)),
  'keras.ops.Arccos': plain('Acos', (tf, x) => tf.acos(x)),
  'tf.math.acos': plain('Acos', (tf, x) => tf.acos(x)),
  'keras.ops.Arctan': plain('Atan', (tf, x) => tf.atan(x)),
  'tf.math.atan': plain('Atan', (tf, x) => tf.atan(x)),
  'keras.ops.Sinh': plain('Sinh', (tf, x) => tf.sinh(x)),
  'tf.math.sinh': plain('Sinh', (tf, x) => tf.sinh(x)),
  'keras.ops.Cosh': plain('Cosh', (tf, x) => tf.cosh(x)),
  'tf.math.cosh': plain('Cosh', (tf, x) => tf.cosh(x)),
  'keras.ops.Arcsinh': plain('Asinh', (tf, x) => tf.asinh(x)),
  'tf.math.asinh': plain('Asinh', (tf, x) => tf.asinh(x)),
  'keras.ops.Arccosh': plain('Acosh', (tf, x) => tf.acosh(x)),
  'tf.math.acosh': plain('Acosh', (tf, x) => tf.acosh(x)),
  'keras.ops.Arctanh': plain('Atanh', (tf, x) => tf.atanh(x)),
  'tf.math.atanh': plain('Atanh', (tf, x) => tf.atanh(x)),
  'tf.math.round': plain('Round', (tf, x) => tf.round(x)),
  'keras.ops.Erf': plain('Erf', (tf, x) => tf.erf(x)),
  'tf.math.erf': plain('Erf', (tf, x) => tf.erf(x)),
  'keras.ops.Tanh': tanh,
  'tf.math.tanh': tanh,
  'tf.nn.tanh': tanh,
  'keras.ops.Relu': named('relu'),
  'tf.nn.relu': named('relu'),
  'keras.ops.ReLU': reluWithOptions,
  'keras.ops.Relu6': named('relu6'),
  'tf.nn.relu6': named('relu6'),
  'keras.ops.Sigmoid': named('sigmoid'),
  'tf.math.sigmoid': named('sigmoid'),
  'tf.nn.sigmoid': named('sigmoid'),
  'keras.ops.LogSigmoid': named('log_sigmoid'),
  'tf.math.log_sigmoid': named('log_sigmoid'),
  'keras.ops.HardSigmoid': named('hard_sigmoid'),
  'keras.ops.HardSilu': named('hard_silu'),
  'keras.ops.Silu': named('silu'),
  'tf.nn.silu': named('silu'),
  'keras.ops.Mish': named('mish'),
  'keras.ops.HardTanh': named('hard_tanh'),
  'keras.ops.TanhShrink': named('tanh_shrink'),
  'keras.ops.SparsePlus': named('sparse_plus'),
  'keras.ops.Softplus': named('softplus'),
  'tf.math.softplus': named('softplus'),
  'tf.nn.softplus': named('softplus'),
  'keras.ops.Softsign': named('softsign'),
  'tf.nn.softsign': named('softsign'),
  'keras.ops.Selu': named('selu'),
  'tf.nn.selu': named('selu'),
  'keras.ops.Elu': (operator, args) => elu(functionOptions(operator, args, ['alpha']).number('alpha', 1)),
  'tf.nn.elu': () => elu(1),
  'keras.ops.LeakyRelu': (operator, args) =>
    leakyRelu(functionOptions(operator, args, ['negative_slope']).number('negative_slope', 0.2)),
  'tf.nn.leaky_relu': (operator, args) => leakyRelu(functionOptions(operator, args, ['alpha']).number('alpha', 0.2)),
  'keras.ops.Gelu': gelu,
  'tf.nn.gelu': gelu,
  'keras.ops.Softmax': softmaxAlong(softmax),
  'tf.nn.softmax': softmaxAlong(softmax),
  'tf.compat.v1.nn.softmax': softmaxAlong(softmax),
  'keras.ops.LogSoftmax': softmaxAlong(logSoftmax),
  'tf.nn.log_softmax': softmaxAlong(logSoftmax),
  'tf.compat.v1.nn.log_softmax': softmaxAlong(logSoftmax),
  'keras.ops.Clip': clip,
  'tf.clip_by_value': clip,
  'keras.ops.Cast': toFloat,
  'tf.cast': toFloat,
  'keras.ops.ConvertToTensor': (operator, args, shape) =>
    functionOption(operator, args, 'dtype') === undefined ? unchanged : toFloat(operator, args, shape),
  'keras.ops.StopGradient': () => unchanged,
  'tf.stop_gradient': () => unchanged,
  'keras.ops.Copy': () => unchanged,
  'tf.identity': () => unchanged,
};

export const elementwiseFunctions = defineLayer<Operator>({
  classNames: Object.keys(readings),
  summary: 'functions of one tensor with their options; cast to floating point and to bool only',
  inputs: 'any',
  keywords: ['*', 'name', 'axis', 'alpha', 'approximate', 'clip_value_min', 'clip_value_max', 'dtype'],
  // A conversion to the type that a tensor has answers the tensor itself, mask and all; early Keras 3 made a new one.
  masking: ({ key, config }) => {
    const converts = key === 'tf.cast' || /\.(Cast|ConvertToTensor)$/.test(key);
    if (!converts || (config.keras.major === 3 && !isAtLeast(config.keras, 3, 8))) return 'stop';
    const rule = <Value>(operator: Operator, _scope: unknown, _inputs: unknown, call: FormCall<Value>) =>
      functionOption(operator, call.arguments, 'dtype', 'DstT') === 'bool' ? undefined : call.masks[0];
    return { onnx: rule, tensorflow: rule };
  },
  read: readOperator,
  outputShape(operator, inputShapes, args) {
    const shape = onlyTensor(operator, args, inputShapes);
    entryOf(readings, operator)(operator, args, shape);
    return shape;
  },
  onnx: (operator, scope, inputs, _weights, call) =>
    entryOf(readings, operator)(operator, call.arguments, first(call.inputShapes)).onnx(scope, first(inputs)),
  tensorflow: (operator, tf, inputs, _weights, call) =>
    entryOf(readings, operator)(operator, call.arguments, first(call.inputShapes)).tensorflow(tf, first(inputs)),
});

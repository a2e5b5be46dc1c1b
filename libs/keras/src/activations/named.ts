/** The activations that Keras knows by name, with the parameters that the bare name stands for. */
import type { Activation } from './activation.js';
import { glu } from './glu.js';
import { elu, leakyRelu, relu } from './rectified.js';
import { logSoftmax, softmax } from './softmax.js';
import { sparsemax } from './sparsemax.js';

const linear: Activation = { onnx: (_scope, x) => x, tensorflow: (_tf, x) => x };

const sigmoid: Activation = { onnx: (scope, x) => scope.op('Sigmoid', [x]), tensorflow: (tf, x) => tf.sigmoid(x) };

const tanh: Activation = { onnx: (scope, x) => scope.op('Tanh', [x]), tensorflow: (tf, x) => tf.tanh(x) };

const exponential: Activation = { onnx: (scope, x) => scope.op('Exp', [x]), tensorflow: (tf, x) => tf.exp(x) };

const softplus: Activation = { onnx: (scope, x) => scope.op('Softplus', [x]), tensorflow: (tf, x) => tf.softplus(x) };

/** x / (1 + |x|) */
const softsign: Activation = {
  onnx: (scope, x) => scope.op('Softsign', [x]),
  tensorflow: (tf, x) => tf.div(x, tf.add(1, tf.abs(x))),
};

/** Self-normalising networks, Klambauer et al. 2017; the constants are the defaults of ONNX and TensorFlow. */
const selu: Activation = { onnx: (scope, x) => scope.op('Selu', [x]), tensorflow: (tf, x) => tf.selu(x) };

/** x sigmoid(x); also called swish. */
const silu: Activation = {
  onnx: (scope, x) => scope.op('Mul', [x, scope.op('Sigmoid', [x])]),
  tensorflow: (tf, x) => tf.mul(x, tf.sigmoid(x)),
};

/** x tanh(softplus(x)); ONNX has it as an operator only from opset 18. */
const mish: Activation = {
  onnx: (scope, x) => scope.op('Mul', [x, scope.op('Tanh', [scope.op('Softplus', [x])])]),
  tensorflow: (tf, x) => tf.mul(x, tf.tanh(tf.softplus(x))),
};

/** x Φ(x) with the exact error function, which is what the bare name means in every Keras. */
const gelu: Activation = {
  onnx(scope, x) {
    const cumulative = scope.op('Add', [
      scope.scalar(1),
      scope.op('Erf', [scope.op('Mul', [x, scope.scalar(Math.SQRT1_2)])]),
    ]);
    return scope.op('Mul', [scope.op('Mul', [x, scope.scalar(0.5)]), cumulative]);
  },
  tensorflow: (tf, x) => tf.mul(tf.mul(x, 0.5), tf.add(1, tf.erf(tf.mul(x, Math.SQRT1_2)))),
};

/** clip(slope x + 0.5, 0, 1): slope 0.2 until Keras 2, 1/6 from Keras 3. */
function hardSigmoid(slope: number): Activation {
  return {
    onnx: (scope, x) => scope.op('HardSigmoid', [x], { alpha: { float: slope }, beta: { float: 0.5 } }),
    tensorflow: (tf, x) => tf.clipByValue(tf.add(tf.mul(x, slope), 0.5), 0, 1),
  };
}

/** x hard_sigmoid(x) with Keras 3's slope, relu6(x + 3) / 6. */
const hardSilu: Activation = {
  onnx: (scope, x) => scope.op('Mul', [x, hardSigmoid(1 / 6).onnx(scope, x)]),
  tensorflow: (tf, x) => tf.mul(x, hardSigmoid(1 / 6).tensorflow(tf, x)),
};

const hardTanh: Activation = {
  onnx: (scope, x) => scope.op('Clip', [x, scope.scalar(-1), scope.scalar(1)]),
  tensorflow: (tf, x) => tf.clipByValue(x, -1, 1),
};

const logSigmoid: Activation = {
  onnx: (scope, x) => scope.op('Neg', [scope.op('Softplus', [scope.op('Neg', [x])])]),
  tensorflow: (tf, x) => tf.neg(tf.softplus(tf.neg(x))),
};

const tanhShrink: Activation = {
  onnx: (scope, x) => scope.op('Sub', [x, scope.op('Tanh', [x])]),
  tensorflow: (tf, x) => tf.sub(x, tf.tanh(x)),
};

/** x moved 0.5 towards 0, and 0 within 0.5 of it. */
const softShrink: Activation = {
  onnx(scope, x) {
    const half = scope.scalar(0.5);
    const above = scope.op('Relu', [scope.op('Sub', [x, half])]);
    return scope.op('Sub', [above, scope.op('Relu', [scope.op('Sub', [scope.op('Neg', [x]), half])])]);
  },
  tensorflow: (tf, x) => tf.sub(tf.relu(tf.sub(x, 0.5)), tf.relu(tf.sub(tf.neg(x), 0.5))),
};

/** x, and 0 within 0.5 of it. */
const hardShrink: Activation = {
  onnx(scope, x) {
    const outside = scope.op('Greater', [scope.op('Abs', [x]), scope.scalar(0.5)]);
    return scope.op('Where', [outside, x, scope.scalar(0)]);
  },
  tensorflow: (tf, x) => tf.mul(x, tf.cast(tf.greater(tf.abs(x), 0.5), 'float32')),
};

/** (x + √(x² + 4)) / 2 */
const squareplus: Activation = {
  onnx(scope, x) {
    const root = scope.op('Sqrt', [scope.op('Add', [scope.op('Mul', [x, x]), scope.scalar(4)])]);
    return scope.op('Div', [scope.op('Add', [x, root]), scope.scalar(2)]);
  },
  tensorflow: (tf, x) => tf.div(tf.add(x, tf.sqrt(tf.add(tf.mul(x, x), 4))), 2),
};

/** 0 up to -1, x from 1 on, and (x + 1)² / 4 between. */
const sparsePlus: Activation = {
  onnx(scope, x) {
    const ramp = scope.op('Clip', [scope.op('Add', [x, scope.scalar(1)]), scope.scalar(0), scope.scalar(2)]);
    const curve = scope.op('Mul', [scope.op('Mul', [ramp, ramp]), scope.scalar(0.25)]);
    return scope.op('Add', [curve, scope.op('Relu', [scope.op('Sub', [x, scope.scalar(1)])])]);
  },
  tensorflow(tf, x) {
    const curve = tf.mul(tf.square(tf.add(x, 1)), 0.25);
    return tf.where(tf.greaterEqual(x, 1), x, tf.where(tf.lessEqual(x, -1), tf.zerosLike(x), curve));
  },
};

/** What a bare name means in the Keras of the given major version; `undefined` for a name that is not read. */
export function namedActivation(name: string, kerasMajor: number): Activation | undefined {
  switch (name) {
    case 'linear':
      return linear;
    case 'relu':
      return relu({ maxValue: null, negativeSlope: 0, threshold: 0 });
    case 'relu6':
      return relu({ maxValue: 6, negativeSlope: 0, threshold: 0 });
    case 'leaky_relu':
      return leakyRelu(0.2);
    case 'elu':
    case 'celu':
      return elu(1);
    case 'selu':
      return selu;
    case 'sigmoid':
      return sigmoid;
    case 'hard_sigmoid':
      return hardSigmoid(kerasMajor < 3 ? 0.2 : 1 / 6);
    case 'tanh':
      return tanh;
    case 'hard_tanh':
      return hardTanh;
    case 'softmax':
      return softmax(-1);
    case 'log_softmax':
    case 'log_softmax_v2':
      return logSoftmax(-1);
    case 'softplus':
      return softplus;
    case 'softsign':
      return softsign;
    case 'exponential':
      return exponential;
    case 'silu':
    case 'swish':
      return silu;
    case 'hard_silu':
    case 'hard_swish':
      return hardSilu;
    case 'gelu':
      return gelu;
    case 'mish':
      return mish;
    case 'log_sigmoid':
      return logSigmoid;
    case 'tanh_shrink':
      return tanhShrink;
    case 'soft_shrink':
      return softShrink;
    case 'hard_shrink':
      return hardShrink;
    case 'sparse_plus':
      return sparsePlus;
    case 'sparse_sigmoid':
      return hardSigmoid(0.5);
    case 'squareplus':
      return squareplus;
    case 'sparsemax':
      return sparsemax;
    case 'glu':
      return glu;
    default:
      return undefined;
  }
}

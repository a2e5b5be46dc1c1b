/**
 * The family of rectified activations with their parameters, as the layers ReLU, LeakyReLU, ELU and ThresholdedReLU and
 * their names use them.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../layer.js';
import type { OnnxScope } from '../onnx/onnx-graph.js';
import type { Activation } from './activation.js';

export interface ReluParameters {
  readonly maxValue: number | null;
  readonly negativeSlope: number;
  readonly threshold: number;
}

/**
 * Keras' relu(x, negative_slope, max_value, threshold), operation by operation as `keras.activations.relu` computes it,
 * so that values on the threshold itself come out alike. TensorFlow.js' own ReLU layer ignores slope and threshold.
 */
export function relu({ maxValue, negativeSlope, threshold }: ReluParameters): Activation {
  if (threshold === 0 && maxValue === null && negativeSlope !== 0) return leakyRelu(negativeSlope);
  return {
    onnx(scope, x) {
      let positive = threshold === 0 ? scope.op('Relu', [x]) : aboveThresholdOnnx(scope, x, threshold);
      if (maxValue !== null) positive = scope.op('Clip', [positive, scope.scalar(0), scope.scalar(maxValue)]);
      if (negativeSlope === 0) return positive;
      const negative = scope.op('Relu', [scope.op('Sub', [scope.scalar(threshold), x])]);
      return scope.op('Sub', [positive, scope.op('Mul', [scope.scalar(negativeSlope), negative])]);
    },
    tensorflow(tf, x) {
      let positive: Tensor = threshold === 0 ? tf.relu(x) : aboveThreshold(tf, x, threshold);
      if (maxValue !== null) positive = tf.clipByValue(positive, 0, maxValue);
      if (negativeSlope === 0) return positive;
      return tf.sub(positive, tf.mul(negativeSlope, tf.relu(tf.sub(threshold, x))));
    },
  };
}

/** x where x > threshold, else 0. */
export function thresholdedRelu(threshold: number): Activation {
  return {
    onnx: (scope, x) => aboveThresholdOnnx(scope, x, threshold),
    tensorflow: (tf, x) => aboveThreshold(tf, x, threshold),
  };
}

export function leakyRelu(negativeSlope: number): Activation {
  return {
    onnx: (scope, x) => scope.op('LeakyRelu', [x], { alpha: { float: negativeSlope } }),
    tensorflow: (tf, x) => tf.leakyRelu(x, negativeSlope),
  };
}

/** x for x > 0, else alpha (e^x - 1). */
export function elu(alpha: number): Activation {
  return {
    onnx: (scope, x) => scope.op('Elu', [x], { alpha: { float: alpha } }),
    tensorflow: (tf, x) => (alpha === 1 ? tf.elu(x) : tf.add(tf.relu(x), tf.mul(alpha, tf.elu(tf.minimum(x, 0))))),
  };
}

const onnxFloat = 1;

function aboveThresholdOnnx(scope: OnnxScope, x: string, threshold: number): string {
  const above = scope.op('Greater', [x, scope.scalar(threshold)]);
  return scope.op('Mul', [x, scope.op('Cast', [above], { to: { int: onnxFloat } })]);
}

function aboveThreshold(tf: TensorFlow, x: Tensor, threshold: number): Tensor {
  return tf.mul(x, tf.cast(tf.greater(x, threshold), 'float32'));
}

/** Softmax and its logarithm along any axis, shifted by the maximum so that large logits do not overflow. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../layer.js';
import type { Activation } from './activation.js';

/** `axis` counts from the end when negative. */
export function softmax(axis: number): Activation {
  return {
    onnx: (scope, x) => scope.op('Softmax', [x], { axis: { int: axis } }),
    tensorflow(tf, x) {
      const exponentials = tf.exp(shifted(tf, x, axis));
      return tf.div(exponentials, tf.sum(exponentials, axis, true));
    },
  };
}

export function logSoftmax(axis: number): Activation {
  return {
    onnx: (scope, x) => scope.op('LogSoftmax', [x], { axis: { int: axis } }),
    tensorflow(tf, x) {
      const logits = shifted(tf, x, axis);
      return tf.sub(logits, tf.log(tf.sum(tf.exp(logits), axis, true)));
    },
  };
}

function shifted(tf: TensorFlow, x: Tensor, axis: number): Tensor {
  return tf.sub(x, tf.max(x, axis, true));
}

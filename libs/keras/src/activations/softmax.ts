/** Softmax and its logarithm, shifted by the maximum so that large logits do not overflow. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../layer.js';
import type { OnnxScope } from '../onnx/onnx-graph.js';
import type { Activation } from './activation.js';

/** Over one axis or several together; they count from the end when negative. */
export function softmax(...axes: number[]): Activation {
  const [axis = -1, ...others] = axes;
  return {
    onnx: (scope, x) =>
      others.length === 0 ? scope.op('Softmax', [x], { axis: { int: axis } }) : softmaxOfSeveral(scope, x, axes),
    tensorflow(tf, x) {
      const exponentials = tf.exp(shifted(tf, x, axes));
      return tf.div(exponentials, tf.sum(exponentials, axes, true));
    },
  };
}

export function logSoftmax(axis: number): Activation {
  return {
    onnx: (scope, x) => scope.op('LogSoftmax', [x], { axis: { int: axis } }),
    tensorflow(tf, x) {
      const logits = shifted(tf, x, [axis]);
      return tf.sub(logits, tf.log(tf.sum(tf.exp(logits), axis, true)));
    },
  };
}

function softmaxOfSeveral(scope: OnnxScope, x: string, axes: readonly number[]): string {
  const largest = scope.op('ReduceMax', [x], { axes: { ints: axes }, keepdims: { int: 1 } });
  const exponentials = scope.op('Exp', [scope.op('Sub', [x, largest])]);
  const sum = scope.op('ReduceSum', [exponentials, scope.integers(axes)], { keepdims: { int: 1 } });
  return scope.op('Div', [exponentials, sum]);
}

function shifted(tf: TensorFlow, x: Tensor, axes: number[]): Tensor {
  return tf.sub(x, tf.max(x, axes, true));
}

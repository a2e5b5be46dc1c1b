/** Sparsemax over the last axis, after Martins and Astudillo 2016, as Keras computes it. */
import type { Activation } from './activation.js';

/**
 * max(x - τ, 0). With z the values in descending order and s their running sums, the support are the positions r (from 1)
 * where z - (s - 1) / r is positive. Martins' τ is (the last sum of the support - 1) / k; every Keras that has it adds up
 * all sums of the support instead, and Keras' answers are those that count here.
 */
export const sparsemax: Activation = {
  onnx(scope, x) {
    const last = scope.integers([-1]);
    const one = scope.scalar(1);
    const size = scope.op('Gather', [scope.op('Shape', [x]), last]);
    const [sorted = ''] = scope.ops('TopK', [x, size], { axis: { int: -1 } }, 2);
    const sums = scope.op('CumSum', [sorted, last]);
    const ones = scope.op('Add', [scope.op('Mul', [sorted, scope.scalar(0)]), one]);
    const excess = scope.op('Div', [scope.op('Sub', [sums, one]), scope.op('CumSum', [ones, last])]);
    const supports = scope.op('Greater', [sorted, excess]);
    const total = (values: string): string =>
      scope.op('ReduceSum', [scope.op('Where', [supports, values, scope.scalar(0)]), last], { keepdims: { int: 1 } });
    const threshold = scope.op('Div', [scope.op('Sub', [total(sums), one]), total(ones)]);
    return scope.op('Relu', [scope.op('Sub', [x, threshold])]);
  },
  tensorflow(tf, x) {
    const { values: sorted } = tf.topk(x, x.shape.at(-1), true);
    // The WebAssembly back end takes no negative axis.
    const last = x.rank - 1;
    const sums = tf.cumsum(sorted, last);
    const excess = tf.div(tf.sub(sums, 1), tf.cumsum(tf.onesLike(sorted), last));
    const supports = tf.cast(tf.greater(sorted, excess), 'float32');
    const threshold = tf.div(tf.sub(tf.sum(tf.mul(sums, supports), -1, true), 1), tf.sum(supports, -1, true));
    return tf.relu(tf.sub(x, threshold));
  },
};

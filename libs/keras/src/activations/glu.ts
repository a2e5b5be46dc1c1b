/** The gated linear unit, Dauphin et al. 2017: one half of the last axis, gated by the sigmoid of the other. */
import type { Activation } from './activation.js';

export const glu: Activation = {
  halvesLastAxis: true,
  onnx(scope, x) {
    const [value = '', gate = ''] = scope.ops('Split', [x], { axis: { int: -1 } }, 2);
    return scope.op('Mul', [value, scope.op('Sigmoid', [gate])]);
  },
  tensorflow(tf, x) {
    const [value, gate] = tf.split(x, 2, -1);
    if (!value || !gate) throw new RangeError('a split into two has two parts');
    return tf.mul(value, tf.sigmoid(gate));
  },
};

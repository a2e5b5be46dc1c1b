/** Division by the L2 norm along axes, as UnitNormalization, Dot and the functions `normalize` and `l2_normalize` do. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../layer.js';
import type { OnnxScope } from '../onnx/onnx-graph.js';

/** x / √max(Σx², floor) */
export function unitOnnx(scope: OnnxScope, x: string, axes: readonly number[], floor: number): string {
  const squares = scope.op('ReduceSumSquare', [x], { axes: { ints: axes } });
  return scope.op('Div', [x, scope.op('Sqrt', [scope.op('Max', [squares, scope.scalar(floor)])])]);
}

/** x / √max(Σx², floor) */
export function unitTensorFlow(tf: TensorFlow, x: Tensor, axes: readonly number[], floor: number): Tensor {
  const squares = tf.sum(tf.square(x), [...axes], true);
  return tf.mul(x, tf.rsqrt(tf.maximum(squares, floor)));
}

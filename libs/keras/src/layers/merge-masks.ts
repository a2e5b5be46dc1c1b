/**
 * What becomes of the masks of several inputs: in Keras 2 all of them must hold, from 3.4 on one is enough, and Keras 3.0 to
 * 3.3 lose the masks of whatever is called with a list.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { KerasVersion } from '../config/keras-version.js';
import { isAtLeast } from '../config/keras-version.js';
import { first, type TensorFlow } from '../layer.js';
import type { OnnxScope } from '../onnx/onnx-graph.js';
import { tensorType } from '../onnx/onnx-schema.js';

/** Whether one unmasked input is enough for a step to count. */
export function masksAreUnited(keras: KerasVersion): boolean {
  return isAtLeast(keras, 3, 4);
}

/** Whether a layer that is called with a list knows the masks of what is in it when its own mask is computed. */
export function keepsListMasks(keras: KerasVersion): boolean {
  return keras.major < 3 || masksAreUnited(keras);
}

/**
 * The mask of an elementwise layer. Joined by "and", inputs without a mask are left out; joined by "or", one of them is
 * enough for the output to have none.
 */
function combinedMask<Value>(
  masks: readonly (Value | undefined)[],
  keras: KerasVersion,
  and: (a: Value, b: Value) => Value,
  or: (a: Value, b: Value) => Value,
): Value | undefined {
  const present: Value[] = masks.flatMap((mask) => (mask === undefined ? [] : [mask]));
  const united = masksAreUnited(keras);
  if (present.length === 0 || !keepsListMasks(keras) || (united && present.length < masks.length)) return undefined;
  return present.slice(1).reduce((a: Value, b) => (united ? or(a, b) : and(a, b)), first(present));
}

export function combinedMaskOnnx(
  scope: OnnxScope,
  masks: readonly (string | undefined)[],
  keras: KerasVersion,
): string | undefined {
  return combinedMask(
    masks,
    keras,
    (a, b) => scope.op('And', [a, b]),
    (a, b) => scope.op('Or', [a, b]),
  );
}

export function combinedMaskTensorFlow(
  tf: TensorFlow,
  masks: readonly (Tensor | undefined)[],
  keras: KerasVersion,
): Tensor | undefined {
  return combinedMask<Tensor>(
    masks,
    keras,
    (a, b) => tf.logicalAnd(a, b),
    (a, b) => tf.logicalOr(a, b),
  );
}

/**
 * The mask of joined tensors: masks are spread over their tensors (true where there is none), joined along the same
 * axis, and brought back to a mask along the last one.
 */
export function joinedMaskOnnx(
  scope: OnnxScope,
  inputs: readonly string[],
  ranks: readonly number[],
  masks: readonly (string | undefined)[],
  axis: number,
  keras: KerasVersion,
): string | undefined {
  if (!keepsListMasks(keras) || masks.every((mask) => mask === undefined)) return undefined;
  const spread = inputs.map((input, index) => {
    const shape = scope.op('Shape', [input]);
    const mask = masks[index] ?? boolOnnx(scope, scope.scalar(1));
    const short = masks[index] !== undefined && (ranks[index] ?? 0) > 2;
    return scope.op('Expand', [short ? scope.op('Unsqueeze', [mask, scope.integers([-1])]) : mask, shape]);
  });
  // The reductions of ONNX know no booleans.
  const joined = scope.op('Cast', [scope.op('Concat', spread, { axis: { int: axis } })], {
    to: { int: tensorType.float },
  });
  const reduction = masksAreUnited(keras) ? 'ReduceMax' : 'ReduceMin';
  return boolOnnx(scope, scope.op(reduction, [joined], { axes: { ints: [-1] }, keepdims: { int: 0 } }));
}

export function joinedMaskTensorFlow(
  tf: TensorFlow,
  inputs: readonly Tensor[],
  masks: readonly (Tensor | undefined)[],
  axis: number,
  keras: KerasVersion,
): Tensor | undefined {
  if (!keepsListMasks(keras) || masks.every((mask) => mask === undefined)) return undefined;
  const spread = inputs.map((input, index) => {
    const mask = masks[index];
    const everywhere = tf.onesLike(tf.cast(input, 'bool'));
    if (!mask) return everywhere;
    return tf.logicalAnd(everywhere, mask.rank < input.rank ? tf.expandDims(mask, -1) : mask);
  });
  const joined = tf.concat(spread, axis);
  return masksAreUnited(keras) ? tf.any(joined, -1) : tf.all(joined, -1);
}

function boolOnnx(scope: OnnxScope, value: string): string {
  return scope.op('Cast', [value], { to: { int: tensorType.bool } });
}

/** Masking: a timestep whose features are all `mask_value` does not count and becomes zeros. */
import type { Tensor } from '@tensorflow/tfjs-core';
import { defineLayer, first, type TensorFlow } from '../layer.js';
import type { OnnxScope } from '../onnx/onnx-graph.js';
import { tensorType } from '../onnx/onnx-schema.js';

export const masking = defineLayer({
  classNames: ['Masking'],
  summary: 'any mask_value, on [batch, time, features]',
  read: (config) => ({ config, maskValue: config.number('mask_value', 0) }),
  outputShape({ config }, inputShapes) {
    const shape = first(inputShapes);
    // A mask of rows is of no use to any layer; one of more axes than batch and time is not carried.
    if (shape.length > 3)
      throw config.refuse('unsupported-option', 'a mask of more than batch and time is not read; mask one time axis.');
    return shape;
  },
  onnx({ maskValue }, scope, inputs) {
    const x = first(inputs);
    return scope.op('Where', [anyOtherOnnx(scope, x, maskValue, true), x, scope.scalar(0)]);
  },
  tensorflow({ maskValue }, tf, inputs) {
    const x = first(inputs);
    return tf.mul(x, tf.expandDims(anyOther(tf, x, maskValue), -1));
  },
  masking: {
    onnx: ({ maskValue }, scope, inputs, { inputShapes }) =>
      first(inputShapes).length === 3 ? anyOtherOnnx(scope, first(inputs), maskValue, false) : undefined,
    tensorflow: ({ maskValue }, tf, inputs, { inputShapes }) =>
      first(inputShapes).length === 3 ? tf.cast(anyOther(tf, first(inputs), maskValue), 'bool') : undefined,
  },
});

/** Booleans: whether any feature of a step is not `value`. */
function anyOtherOnnx(scope: OnnxScope, x: string, value: number, keepDimensions: boolean): string {
  const other = scope.op('Not', [scope.op('Equal', [x, scope.scalar(value)])]);
  const count = scope.op('ReduceMax', [scope.op('Cast', [other], { to: { int: tensorType.float } })], {
    axes: { ints: [-1] },
    keepdims: { int: keepDimensions ? 1 : 0 },
  });
  return scope.op('Cast', [count], { to: { int: tensorType.bool } });
}

/** 1 where any feature of a step is not `value`, else 0. */
function anyOther(tf: TensorFlow, x: Tensor, value: number): Tensor {
  return tf.max(tf.cast(tf.notEqual(x, value), 'float32'), -1);
}

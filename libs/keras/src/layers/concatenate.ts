/** Concatenate: joins tensors along one axis; the others must agree. */
import type { Shape } from '../shape.js';
import { axisIndex } from '../shape.js';
import { defineLayer } from '../layer.js';
import { joinedMaskOnnx, joinedMaskTensorFlow } from './merge-masks.js';
import { joinedShape } from './join.js';

export const concatenate = defineLayer({
  classNames: ['Concatenate'],
  summary: 'along any axis but the batch; masks are joined as the Keras that saved the file does',
  inputs: 'many',
  read: (config) => ({ config, axis: config.integer('axis', -1) }),
  outputShape: ({ config, axis }, inputShapes): Shape => joinedShape(inputShapes, axis, config),
  onnx: ({ axis }, scope, inputs) => scope.op('Concat', inputs, { axis: { int: axis } }),
  tensorflow: ({ axis }, tf, inputs) => tf.concat([...inputs], axis),
  masking: ({ config, axis }) => ({
    onnx: (_options, scope, inputs, { masks, inputShapes }) => {
      const ranks = inputShapes.map((shape) => shape.length);
      return joinedMaskOnnx(scope, inputs, ranks, masks, axisIndex(axis, inputShapes[0] ?? [], config), config.keras);
    },
    tensorflow: (_options, tf, inputs, { masks }) => joinedMaskTensorFlow(tf, inputs, masks, axis, config.keras),
  }),
});

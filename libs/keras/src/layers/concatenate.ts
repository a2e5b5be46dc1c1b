/** Concatenate: joins tensors along one axis; the others must agree. */
import type { Shape } from '../shape.js';
import { axisIndex } from '../shape.js';
import { defineLayer, first } from '../layer.js';

export const concatenate = defineLayer({
  classNames: ['Concatenate'],
  summary: 'along any axis but the batch',
  inputs: 'many',
  read: (config) => ({ config, axis: config.integer('axis', -1) }),
  outputShape({ config, axis }, inputShapes): Shape {
    const shape = first(inputShapes);
    const joined = axisIndex(axis, shape, config);
    if (joined === 0) throw config.refuse('unsupported-option', 'joining along the batch axis is not read.');
    let size: number | null = 0;
    for (const other of inputShapes) {
      const agrees =
        other.length === shape.length && other.every((length, index) => index === joined || length === shape[index]);
      if (!agrees)
        throw config.refuse(
          'shape-mismatch',
          `[${shape.join(', ')}] and [${other.join(', ')}] cannot be joined along axis ${axis}.`,
        );
      const length = other[joined];
      size = size === null || typeof length !== 'number' ? null : size + length;
    }
    return shape.map((length, index) => (index === joined ? size : length));
  },
  onnx: ({ axis }, scope, inputs) => scope.op('Concat', inputs, { axis: { int: axis } }),
  tensorflow: ({ axis }, tf, inputs) => tf.concat([...inputs], axis),
});

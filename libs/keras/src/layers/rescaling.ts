/** Rescaling: x · scale + offset, with a number or one per channel (last axis). */
import type { LayerConfig } from '../config/layer-config.js';
import { defineLayer, first } from '../layer.js';

export const rescaling = defineLayer({
  classNames: ['Rescaling'],
  summary: 'a number or one per channel',
  read: (config) => ({
    config,
    scale: config.array('scale'),
    offset: config.has('offset') ? config.array('offset') : { shape: [], values: Float32Array.of(0) },
  }),
  outputShape({ config, scale, offset }, inputShapes) {
    const shape = first(inputShapes);
    for (const constant of [scale, offset]) requireChannels(constant.shape, shape.at(-1), config);
    return shape;
  },
  onnx({ scale, offset }, scope, inputs) {
    const scaled = scope.op('Mul', [first(inputs), scope.floats(scale.values, scale.shape)]);
    return scope.op('Add', [scaled, scope.floats(offset.values, offset.shape)]);
  },
  tensorflow: ({ scale, offset }, tf, inputs) =>
    tf.add(tf.mul(first(inputs), tf.tensor(scale.values, scale.shape)), tf.tensor(offset.values, offset.shape)),
});

function requireChannels(shape: readonly number[], channels: number | null | undefined, config: LayerConfig): void {
  if (shape.length === 0 || (shape.length === 1 && shape[0] === channels)) return;
  throw config.refuse(
    'shape-mismatch',
    `its constants of [${shape.join(', ')}] do not fit ${String(channels)} channels.`,
  );
}

/** UnitNormalization: every vector along the axes divided by its L2 norm. */
import { isAtLeast } from '../config/keras-version.js';
import type { LayerConfig } from '../config/layer-config.js';
import { defineLayer, first } from '../layer.js';
import { featureAxes } from './layer-normalization.js';
import { unitOnnx, unitTensorFlow } from './unit-length.js';

export const unitNormalization = defineLayer({
  classNames: ['UnitNormalization'],
  summary: 'any axes but the batch',
  masking: 'pass',
  read: (config) => ({ config, axes: config.integers('axis', [-1]) }),
  outputShape({ config, axes }, inputShapes) {
    featureAxes(axes, first(inputShapes), config);
    return first(inputShapes);
  },
  onnx: ({ config, axes }, scope, inputs) => unitOnnx(scope, first(inputs), axes, floorOf(config)),
  tensorflow: ({ config, axes }, tf, inputs) => unitTensorFlow(tf, first(inputs), axes, floorOf(config)),
});

/** From Keras 3.6 on the norm is at least 1e-12, before that its square; a vector of zeros stays one in both. */
function floorOf({ keras }: LayerConfig): number {
  return isAtLeast(keras, 3, 6) ? 1e-24 : 1e-12;
}

/** Layers that act during training only; when a model answers they pass their input on. */
import { defineLayer, first } from '../layer.js';

export const identity = defineLayer({
  classNames: [
    'Dropout',
    'SpatialDropout1D',
    'SpatialDropout2D',
    'SpatialDropout3D',
    'GaussianDropout',
    'GaussianNoise',
    'AlphaDropout',
    'ActivityRegularization',
    'Identity',
  ],
  summary: 'pass their input on, as in Keras outside of training',
  masking: 'pass',
  read: () => undefined,
  onnx: (_options, _scope, inputs) => first(inputs),
  tensorflow: (_options, _tf, inputs) => first(inputs),
});

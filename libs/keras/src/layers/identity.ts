/** Layers that act during training only; when a model answers they pass their input on. */
import { defineLayer, first } from '../layer.js';

export const identity = defineLayer<{ passesMask: boolean }>({
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
  // Keras 2 has an Identity too, which does not declare that it supports masks.
  masking: ({ passesMask }) => (passesMask ? 'pass' : 'stop'),
  read: ({ className, keras }) => ({ passesMask: className !== 'Identity' || keras.major >= 3 }),
  onnx: (_options, _scope, inputs) => first(inputs),
  tensorflow: (_options, _tf, inputs) => first(inputs),
});

/** Activation, and the layers that are nothing but an activation: ReLU, LeakyReLU, ELU, ThresholdedReLU. */
import { layerActivation, readAnyActivation } from '../activations/read-activation.js';
import { defineLayer, first } from '../layer.js';
import { knownSize, type Shape } from '../shape.js';

export const activation = defineLayer({
  classNames: ['Activation', 'ReLU', 'LeakyReLU', 'ELU', 'ThresholdedReLU'],
  summary: 'every standard activation with its parameters; glu here alone, not as the activation of another layer',
  masking: 'pass',
  read: (config) => ({ config, chosen: layerActivation(config) ?? readAnyActivation(config) }),
  outputShape({ config, chosen }, inputShapes): Shape {
    const shape = first(inputShapes);
    if (!chosen.halvesLastAxis) return shape;
    const size = knownSize(shape, -1, config);
    if (size % 2 !== 0) throw config.refuse('shape-mismatch', `glu cannot halve ${size} values.`);
    return [...shape.slice(0, -1), size / 2];
  },
  onnx: ({ chosen }, scope, inputs) => chosen.onnx(scope, first(inputs)),
  tensorflow: ({ chosen }, tf, inputs) => chosen.tensorflow(tf, first(inputs)),
});

/** Activation, and the layers that are nothing but an activation: ReLU, LeakyReLU, ELU, ThresholdedReLU. */
import { layerActivation, readActivation } from '../activations/read-activation.js';
import { defineLayer, first } from '../layer.js';

export const activation = defineLayer({
  classNames: ['Activation', 'ReLU', 'LeakyReLU', 'ELU', 'ThresholdedReLU'],
  summary: 'every standard activation with its parameters but glu and sparsemax',
  masking: 'pass',
  read: (config) => layerActivation(config) ?? readActivation(config),
  onnx: (chosen, scope, inputs) => chosen.onnx(scope, first(inputs)),
  tensorflow: (chosen, tf, inputs) => chosen.tensorflow(tf, first(inputs)),
});

/** Activation, and the layers that are nothing but an activation: ReLU, LeakyReLU, ELU, ThresholdedReLU, Softmax. */
import { layerActivation, readActivation } from '../activations/read-activation.js';
import { defineLayer, first } from '../layer.js';

export const activation = defineLayer({
  classNames: ['Activation', 'ReLU', 'LeakyReLU', 'ELU', 'ThresholdedReLU', 'Softmax'],
  summary: 'every standard activation with its parameters; softmax over one axis, without a mask',
  masking: 'pass',
  read: (config) => layerActivation(config) ?? readActivation(config),
  onnx: (chosen, scope, inputs) => chosen.onnx(scope, first(inputs)),
  tensorflow: (chosen, tf, inputs) => chosen.tensorflow(tf, first(inputs)),
});

/** Activation, and the layers that are nothing but an activation: ReLU, LeakyReLU, ELU, ThresholdedReLU. */
import type { Activation } from '../activations/activation.js';
import { layerActivation, readAnyActivation } from '../activations/read-activation.js';
import { isAtLeast, isMultiBackend } from '../config/keras-version.js';
import type { LayerConfig } from '../config/layer-config.js';
import { defineLayer, first } from '../layer.js';
import { knownSize, type Shape } from '../shape.js';

interface Options {
  readonly config: LayerConfig;
  readonly chosen: Activation;
  readonly passesMasks: boolean;
}

export const activation = defineLayer<Options>({
  classNames: ['Activation', 'ReLU', 'LeakyReLU', 'ELU', 'ThresholdedReLU'],
  summary: 'every standard activation with its parameters; glu here alone, not as the activation of another layer',
  masking: ({ passesMasks }) => (passesMasks ? 'pass' : 'stop'),
  read: (config) => ({
    config,
    chosen: layerActivation(config) ?? readAnyActivation(config),
    // The ReLU of TensorFlow lost masks until 2.4.
    passesMasks: config.className !== 'ReLU' || isMultiBackend(config.keras) || isAtLeast(config.keras, 2, 5),
  }),
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

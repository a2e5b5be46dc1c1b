/**
 * The activation option of a layer in each form that Keras has written: a name, a serialised function, a whole layer.
 */
import { LayerConfig } from '../config/layer-config.js';
import { isAuthorsOwn } from '../config/saved-config.js';
import type { Activation } from './activation.js';
import { namedActivation } from './named.js';
import { elu, leakyRelu, relu, thresholdedRelu } from './rectified.js';
import { softmax } from './softmax.js';

/**
 * Reads option `activation` (absent or null: linear) of a layer whose shape it must keep. Throws `unsupported-activation`
 * or `lambda-layer`.
 */
export function readActivation(config: LayerConfig, option = 'activation'): Activation {
  const activation = readAnyActivation(config, option);
  if (activation.halvesLastAxis) {
    const message = 'its activation glu answers half of the values that Keras declares; use a layer Activation for it.';
    throw config.refuse('unsupported-activation', message);
  }
  return activation;
}

/** As `readActivation`, for a layer that is nothing but its activation. */
export function readAnyActivation(config: LayerConfig, option = 'activation'): Activation {
  const value = config.raw(option);
  if (value === undefined || value === null) return named('linear', config);
  if (typeof value === 'string') return named(value, config);
  const serialised = value as { class_name?: unknown; registered_name?: unknown; module?: unknown; config?: unknown };
  if (serialised.class_name === '__lambda__') {
    throw config.refuse('lambda-layer', 'its activation is Python code; use one of the activations that Keras names.');
  }
  // Keras 3 and 2.13+ write functions as {module: "keras.activations", class_name: "function", config: "relu"}.
  if (typeof serialised.config === 'string') {
    if (typeof serialised.module !== 'string' || isAuthorsOwn(serialised)) throw unsupported(serialised.config, config);
    return named(serialised.config, config);
  }
  const nested =
    typeof serialised.config === 'object' && serialised.config !== null
      ? (serialised.config as Record<string, unknown>)
      : {};
  const className = String(serialised.class_name);
  const activation = layerActivation(new LayerConfig(config.name, className, config.context, nested));
  if (!activation || isAuthorsOwn(serialised)) throw unsupported(className, config);
  return activation;
}

/** The activation that an activation layer is; `undefined` for any other class. */
export function layerActivation(config: LayerConfig): Activation | undefined {
  switch (config.className) {
    case 'ReLU':
      return relu({
        maxValue: config.has('max_value') ? config.number('max_value') : null,
        negativeSlope: config.number('negative_slope', 0),
        threshold: config.number('threshold', 0),
      });
    case 'LeakyReLU':
      // `alpha` until Keras 2, `negative_slope` from Keras 3; 0.3 in both when it is not given.
      return leakyRelu(config.has('negative_slope') ? config.number('negative_slope') : config.number('alpha', 0.3));
    case 'ELU':
      return elu(config.number('alpha', 1));
    case 'ThresholdedReLU':
      return thresholdedRelu(config.number('theta', 1));
    case 'Softmax':
      return softmax(...softmaxAxes(config));
    default:
      return undefined;
  }
}

/** One axis or several different ones. Throws `invalid-config`. */
export function softmaxAxes(config: LayerConfig): number[] {
  const axes = config.integers('axis', [-1]);
  if (axes.length === 0 || new Set(axes).size !== axes.length)
    throw config.refuse('invalid-config', 'axis should be an axis or a list of different ones.');
  return axes;
}

function named(name: string, config: LayerConfig): Activation {
  const activation = namedActivation(name, config.keras.major);
  if (!activation) throw unsupported(name, config);
  return activation;
}

function unsupported(name: string, config: LayerConfig): Error {
  return config.refuse(
    'unsupported-activation',
    `its activation ${name} is not read; use a standard activation of Keras.`,
  );
}

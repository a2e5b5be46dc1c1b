/** Every layer that is read, by Keras' class name. A new one is a file beside this one and a line here. */
import type { SavedLayer } from '../config/saved-config.js';
import type { LayerDefinition } from '../layer.js';
import { activation } from './activation.js';
import { batchNormalization } from './batch-normalization.js';
import { concatenate } from './concatenate.js';
import { dense } from './dense.js';
import { flatten } from './flatten.js';
import { identity } from './identity.js';
import { normalization } from './normalization.js';
import { prelu } from './prelu.js';
import { rescaling } from './rescaling.js';

export const layerDefinitions: readonly LayerDefinition[] = [
  activation,
  batchNormalization,
  concatenate,
  dense,
  flatten,
  identity,
  normalization,
  prelu,
  rescaling,
];

const byClassName = new Map(
  layerDefinitions.flatMap((definition) => definition.classNames.map((name) => [name, definition] as const)),
);

/**
 * The definition of a layer as a file names it. Functions are saved beside layers, under classes of the same names or of
 * one name for all: `Add` of `keras.src.ops.numpy` is `keras.ops.Add` here, TFOpLambda with the function `math.add` is
 * `tf.math.add`.
 */
export function layerDefinition({
  className,
  module,
  options,
}: Pick<SavedLayer, 'className' | 'module' | 'options'>): LayerDefinition | undefined {
  if (module !== undefined && /(^|\.)ops(\.|$)/.test(module)) return byClassName.get(`keras.ops.${className}`);
  if (className === 'TFOpLambda' || className === 'SlicingOpLambda') {
    return byClassName.get(`tf.${String(options['function'])}`);
  }
  return byClassName.get(className);
}

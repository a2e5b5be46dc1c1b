/** Every layer that is read, by Keras' class name. A new one is a file beside this one and a line here. */
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

export function layerDefinition(className: string): LayerDefinition | undefined {
  return byClassName.get(className);
}

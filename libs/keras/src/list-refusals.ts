/** Everything in a file that is not read, where the import stops at the first. */
import { parseKerasVersion } from './config/keras-version.js';
import type { ReadingContext } from './config/layer-config.js';
import { isModelClass } from './config/saved-config.js';
import { withSavedModel } from './container/saved-model.js';
import { KerasImportError } from './errors.js';
import { readKeras } from './import-keras.js';
import { defaultImportLimits, type ImportLimits } from './limits.js';
import { readingContext } from './read-layer.js';

/**
 * Why a file is not imported; empty where it is. Each layer is read by itself, so that all layers at fault are named at
 * once; what else is wrong with the file shows when these are mended.
 */
export async function listRefusals(
  bytes: Uint8Array,
  limits: Partial<ImportLimits> = {},
): Promise<readonly KerasImportError[]> {
  const first = await firstRefusal(bytes, limits);
  if (first?.layer === undefined) return first ? [first] : [];
  const bounds = { ...defaultImportLimits, ...limits };
  const all = await withSavedModel(bytes, bounds, ({ config, kerasVersion, backend, weightNames }) =>
    layerRefusals(config, readingContext(parseKerasVersion(kerasVersion, backend, weightNames), bounds)),
  );
  // What only shows between layers, shapes for instance, is not among those of single layers.
  return all.some(({ layer, code }) => layer === first.layer && code === first.code) ? all : [first, ...all];
}

async function firstRefusal(bytes: Uint8Array, limits: Partial<ImportLimits>): Promise<KerasImportError | undefined> {
  try {
    await readKeras(bytes, limits);
    return undefined;
  } catch (error) {
    if (error instanceof KerasImportError) return error;
    throw error;
  }
}

/** Opens nested models with a stack of its own; a layer that others are built around is read with them. */
function layerRefusals(model: unknown, context: ReadingContext): KerasImportError[] {
  const refusals: KerasImportError[] = [];
  const pending = savedLayers(model);
  for (let saved = pending.shift(); saved !== undefined; saved = pending.shift()) {
    const { class_name: className } = (saved ?? {}) as { class_name?: unknown };
    if (typeof className === 'string' && isModelClass({ className })) {
      pending.push(...savedLayers(saved));
    } else if (className !== 'InputLayer') {
      const refusal = refusalOf(() => context.readLayer(saved));
      if (refusal) refusals.push(refusal);
    }
  }
  return refusals;
}

function refusalOf(read: () => unknown): KerasImportError | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (error instanceof KerasImportError) return error;
    throw error;
  }
}

/** `{config: {layers}}`, or, in Keras 2.0 and 2.1, `{config: […]}`. */
function savedLayers(model: unknown): unknown[] {
  const config = (model as { config?: unknown } | null)?.config;
  const layers = Array.isArray(config) ? (config as unknown[]) : (config as { layers?: unknown } | null)?.layers;
  return Array.isArray(layers) ? [...(layers as unknown[])] : [];
}

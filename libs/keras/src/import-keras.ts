/** The importer: bytes of a saved model in, its graph out. Parses, never executes. */
import { buildGraph } from './build-graph.js';
import { parseKerasVersion } from './config/keras-version.js';
import { readModelConfig } from './config/model-config.js';
import { withSavedModel } from './container/saved-model.js';
import { KerasImportError } from './errors.js';
import type { KerasGraph } from './graph.js';
import { defaultImportLimits, type ImportLimits } from './limits.js';

/**
 * Reads a `.keras` archive or an HDF5 file of any Keras from 2.0 on, told apart by their content. Throws
 * `KerasImportError` for everything that it does not read completely; `limits` bound what a hostile file may cost.
 */
export async function importKeras(bytes: Uint8Array, limits: Partial<ImportLimits> = {}): Promise<KerasGraph> {
  try {
    return await withSavedModel(bytes, { ...defaultImportLimits, ...limits }, (saved) => {
      const keras = parseKerasVersion(saved.kerasVersion);
      return buildGraph(readModelConfig(saved.config), keras, saved.weights);
    });
  } catch (error) {
    if (error instanceof KerasImportError) throw error;
    // A contradiction that no rule foresaw must still be a refusal, with its cause kept for whoever adds the rule.
    throw new KerasImportError(
      'invalid-config',
      'The file contradicts itself in a way that is not understood; save the model again.',
      undefined,
      { cause: error },
    );
  }
}

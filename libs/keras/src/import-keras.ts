/** The importer: bytes of a saved model in, its graph out. Parses, never executes. */
import { buildStructure } from './build-structure.js';
import { parseKerasVersion, type KerasVersion } from './config/keras-version.js';
import { withSavedModel } from './container/saved-model.js';
import type { Weight } from './container/weight-spec.js';
import { KerasImportError } from './errors.js';
import type { KerasGraph } from './graph.js';
import { defaultImportLimits, type ImportLimits } from './limits.js';
import { onnxModel } from './onnx/write-onnx.js';
import { readingContext, readModel } from './read-layer.js';

/** A saved model, read completely and checked: plain data that can be handed from one thread to another. */
export interface KerasContents {
  readonly keras: KerasVersion;
  readonly packing: KerasGraph['packing'];
  /** The model's configuration as the file has it. */
  readonly config: unknown;
  /** In the order in which the graph asks for them. */
  readonly weights: readonly Weight[];
}

/**
 * Reads a `.keras` archive or an HDF5 file of any Keras from 2.0 on, told apart by their content. Throws
 * `KerasImportError` for everything that it does not read completely; `limits` bound what a hostile file may cost.
 */
export function importKeras(bytes: Uint8Array, limits: Partial<ImportLimits> = {}): Promise<KerasGraph> {
  return readKeras(bytes, limits).then((contents) => buildKerasGraph(contents, limits));
}

/** The part of the import that meets the bytes; `buildKerasGraph` makes the graph of what it answers. Throws as `importKeras`. */
export async function readKeras(bytes: Uint8Array, limits: Partial<ImportLimits> = {}): Promise<KerasContents> {
  const bounds = { ...defaultImportLimits, ...limits };
  try {
    return await withSavedModel(bytes, bounds, ({ kerasVersion, backend, weightNames, packing, config, weights }) => {
      const keras = parseKerasVersion(kerasVersion, backend, weightNames);
      const { weightSpecs } = buildStructure(readModel(config), readingContext(keras, bounds));
      const contents = { keras, packing, config, weights: weights.read(weightSpecs) };
      // What layers make of each other's masks shows only when they are carried out.
      onnxModel(buildKerasGraph(contents, bounds));
      return contents;
    });
  } catch (error) {
    throw asRefusal(error);
  }
}

/** The graph of contents that `readKeras` has read, under the same limits. The weights are shared, not copied. */
export function buildKerasGraph(contents: KerasContents, limits: Partial<ImportLimits> = {}): KerasGraph {
  const { keras, packing, config, weights } = contents;
  try {
    const context = readingContext(keras, { ...defaultImportLimits, ...limits });
    const structure = buildStructure(readModel(config), context);
    return {
      ...structure,
      keras,
      packing,
      nodes: structure.nodes.map((node) => ({ ...node, weights: weights.slice(...node.weightRange) })),
      weights,
      parameterCount: weights.reduce((sum, { values }) => sum + values.length, 0),
    };
  } catch (error) {
    throw asRefusal(error);
  }
}

/** A contradiction that no rule foresaw must still be a refusal, with its cause kept for whoever adds the rule. */
function asRefusal(error: unknown): KerasImportError {
  if (error instanceof KerasImportError) return error;
  return new KerasImportError(
    'invalid-config',
    'The file contradicts itself in a way that is not understood; save the model again.',
    undefined,
    { cause: error },
  );
}

/** A saved file of any packing, brought to one form: which Keras wrote it, its configuration, its weights. */
import { KerasImportError } from '../errors.js';
import type { ImportLimits } from '../limits.js';
import { withHdf5File } from './hdf5.js';
import { modelJsonOf, readLayersModel, weightsRoot } from './layers-model.js';
import { readNpz } from './npz.js';
import { parsePythonJson } from './python-json.js';
import { containerKind } from './signature.js';
import { withTurnedKernels } from './turned-kernels.js';
import { archiveWeightStore, legacyWeightStore, weightNamesOf, type WeightStore } from './weight-store.js';
import type { WeightTree } from './weight-tree.js';
import { openZip, type ZipArchive } from './zip.js';

export interface SavedModel {
  /** As stored, for instance `2.15.0`. */
  readonly kerasVersion: string;
  /** What Keras ran on: `tensorflow`, `theano`, …; absent in `.keras` archives. */
  readonly backend?: string;
  /** As HDF5 files list them, in no order, read when asked for; absent in `.keras` archives. */
  readonly weightNames?: () => readonly string[];
  readonly packing: 'keras' | 'h5' | 'tfjs';
  /** `{class_name, config, …}`, unchecked. */
  readonly config: unknown;
  readonly weights: WeightStore;
}

/** Opens a file for the time of `use`, as the weights are read on demand. Throws `KerasImportError`. */
export async function withSavedModel<T>(
  bytes: Uint8Array,
  limits: ImportLimits,
  use: (model: SavedModel) => T,
): Promise<T> {
  if (bytes.length > limits.maxFileBytes) {
    throw new KerasImportError('too-large', `The file is ${bytes.length} bytes, the bound is ${limits.maxFileBytes}.`);
  }
  const kind = containerKind(bytes);
  if (kind === 'hdf5') return withHdf5File(bytes, limits, (file) => use(readLegacyFile(file, limits)));
  if (kind === 'zip') return withArchive(await openZip(bytes, limits), limits, use);
  throw new KerasImportError(
    'not-keras',
    'The file is neither HDF5 nor a .keras archive; save the model with model.save().',
  );
}

async function withArchive<T>(archive: ZipArchive, limits: ImportLimits, use: (model: SavedModel) => T): Promise<T> {
  const modelJson = archive.names.has('config.json') ? undefined : modelJsonOf(archive);
  if (modelJson !== undefined) return use(await layersModelIn(archive, modelJson, limits));
  if (!archive.names.has('config.json')) {
    throw new KerasImportError(
      'not-keras',
      'The archive holds no config.json, nor the model.json of a TensorFlow.js layers model; save the model with model.save("model.keras").',
    );
  }
  const config = parseJson('config.json', await archive.read('config.json', limits.maxConfigBytes));
  const metadata = archive.names.has('metadata.json')
    ? parseJson('metadata.json', await archive.read('metadata.json', limits.maxConfigBytes))
    : {};
  const kerasVersion = (metadata as { keras_version?: unknown }).keras_version;
  if (typeof kerasVersion !== 'string') {
    throw new KerasImportError(
      'invalid-config',
      'metadata.json does not say which Keras saved the model; save it again with model.save().',
    );
  }
  const useWith = (weights: WeightTree): T =>
    use({ kerasVersion, packing: 'keras', config, weights: archiveWeightStore(weights) });
  if (archive.names.has('model.weights.h5'))
    return withHdf5File(await archive.read('model.weights.h5', limits.maxInflatedBytes), limits, useWith);
  if (archive.names.has('model.weights.npz'))
    return useWith(await readNpz(await archive.read('model.weights.npz', limits.maxInflatedBytes), limits));
  throw missingWeightsFile(archive);
}

async function layersModelIn(archive: ZipArchive, path: string, limits: ImportLimits): Promise<SavedModel> {
  const description = parseJson('model.json', await archive.read(path, limits.maxConfigBytes));
  const { kerasVersion, config, tree } = await readLayersModel(description, path, archive, limits);
  return { kerasVersion, packing: 'tfjs', config, weights: legacyWeightStore(tree, weightsRoot) };
}

function missingWeightsFile(archive: ZipArchive): KerasImportError {
  if (archive.names.has('model.weights.json')) {
    return new KerasImportError(
      'sharded-weights',
      'The weights are spread over several files; save the model without max_shard_size.',
    );
  }
  return new KerasImportError(
    'missing-weights',
    'The archive holds no model.weights.h5; save the model again with model.save().',
  );
}

function readLegacyFile(file: WeightTree, limits: ImportLimits): SavedModel {
  const root = file.groups.get('');
  const text = root?.text('model_config');
  if (text === undefined) {
    const message =
      'The file holds no model configuration: it was written by save_weights() or not by Keras. Save the whole model with model.save().';
    throw new KerasImportError('weights-only', message);
  }
  if (text.length > limits.maxConfigBytes)
    throw new KerasImportError('too-large', 'The model configuration exceeds its bound.');
  const kerasVersion = root?.text('keras_version') ?? file.groups.get('model_weights')?.text('keras_version') ?? '1.0';
  const config = parse('model_config', text);
  const backend = root?.text('backend');
  const stored = legacyWeightStore(file, 'model_weights');
  return {
    kerasVersion,
    ...(backend !== undefined && { backend }),
    weightNames: () => weightNamesOf(file, 'model_weights'),
    packing: 'h5',
    config,
    weights: backend === 'theano' ? withTurnedKernels(stored) : stored,
  };
}

function parseJson(name: string, bytes: Uint8Array): unknown {
  return parse(name, new TextDecoder().decode(bytes));
}

function parse(name: string, text: string): unknown {
  requireModest(name, text);
  try {
    const value: unknown = parsePythonJson(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch (error) {
    throw new KerasImportError('invalid-config', `${name} is not valid JSON; save the model again.`, undefined, {
      cause: error,
    });
  }
  throw new KerasImportError('invalid-config', `${name} is not a JSON object; save the model again.`);
}

/** Nested models take about ten levels each; what is nested without end would exhaust the stack of whoever walks it. */
const maxJsonDepth = 1_000;
/** A layer has about a hundred; parsed, a value takes up to 100 bytes. */
const maxJsonValues = 500_000;

/** Before it is parsed: V8 ends the whole process, and not the thread alone, where its heap overflows within a parse. */
function requireModest(name: string, text: string): void {
  let depth = 0;
  let values = 0;
  let inText = false;
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (inText) {
      if (character === backslash) at += 1;
      else if (character === quote) inText = false;
    } else if (character === quote) {
      inText = true;
    } else if (character === openBracket || character === openBrace) {
      depth += 1;
      values += 1;
    } else if (character === closeBracket || character === closeBrace) {
      depth -= 1;
    } else if (character === comma || character === colon) {
      values += 1;
    }
    if (depth > maxJsonDepth)
      throw new KerasImportError('too-large', `${name} is nested more than ${maxJsonDepth} levels deep.`);
    if (values > maxJsonValues)
      throw new KerasImportError('too-large', `${name} holds more than ${maxJsonValues} values.`);
  }
}

const [quote, backslash, comma, colon] = ['"', '\\', ',', ':'].map((character) => character.charCodeAt(0));
const [openBracket, closeBracket, openBrace, closeBrace] = ['[', ']', '{', '}'].map((character) =>
  character.charCodeAt(0),
);

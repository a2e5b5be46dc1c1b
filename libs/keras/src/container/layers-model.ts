/**
 * TensorFlow.js layers models: `model.json` with the topology, which is a configuration of Keras, and the shards that its
 * `weightsManifest` names, together in a zip archive. Both `model.save` of TensorFlow.js and its converter write them.
 */
import { KerasImportError } from '../errors.js';
import type { ImportLimits } from '../limits.js';
import { readStoredWeights, type StoredGroup } from './stored-weights.js';
import type { WeightArray, WeightGroup, WeightTree } from './weight-tree.js';
import type { ZipArchive } from './zip.js';

/** What `withSavedModel` makes a `SavedModel` of. */
export interface LayersModel {
  readonly kerasVersion: string;
  readonly config: unknown;
  /** A group for each layer of the model below `model_weights`, as HDF5 files have them. */
  readonly tree: WeightTree;
}

export const weightsRoot = 'model_weights';
type Json = Readonly<Record<string, unknown>>;

/** The name of `model.json` in an archive, which may have it in a folder; undefined where there is none. */
export function modelJsonOf({ names }: ZipArchive): string | undefined {
  return names.has('model.json') ? 'model.json' : [...names].find((name) => /^[^/]+\/model\.json$/.test(name));
}

/**
 * @param description the parsed `model.json`, at `path` in the archive
 * @throws KerasImportError: `unsupported-model` for graph models, `invalid-config`, `missing-weights`, `unsupported-dtype`
 */
export async function readLayersModel(
  description: unknown,
  path: string,
  archive: ZipArchive,
  limits: ImportLimits,
): Promise<LayersModel> {
  const { format, modelTopology, weightsManifest } = asObject(description);
  const topology = asObject(modelTopology);
  if (format === 'graph-model' || 'node' in topology) {
    const message =
      'The archive holds a TensorFlow.js graph model, whose layers are no longer to be told apart; save or convert it as a layers model (tfjs_layers_model).';
    throw new KerasImportError('unsupported-model', message);
  }
  // The converter keeps what the HDF5 file had; TensorFlow.js itself writes the model where it has its configuration.
  const config = 'model_config' in topology ? topology['model_config'] : topology;
  const version = topology['keras_version'];
  if (typeof version !== 'string' || typeof config !== 'object' || config === null)
    throw invalid('model.json holds no topology of layers');
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const groups = asList(weightsManifest, 'weightsManifest').map(asObject) as readonly StoredGroup[];
  const weights = await readStoredWeights(groups, (shard) => readShard(archive, `${folder}${shard}`, limits), limits);
  return { kerasVersion: version, config, tree: treeOf(weights, layersOf(config)) };
}

function readShard(archive: ZipArchive, name: string, limits: ImportLimits): Promise<Uint8Array> {
  if (archive.names.has(name)) return archive.read(name, limits.maxInflatedBytes);
  throw new KerasImportError(
    'missing-weights',
    `The archive holds no ${name}, which model.json names; put all files of the model into it.`,
  );
}

/** Layer of the model → the names that its weights may begin with: its own and those of what it is made of. */
function layersOf(config: object): Map<string, Set<string>> {
  const own = (config as Json)['config'];
  const layers = asList(Array.isArray(own) ? own : asObject(own)['layers'], 'The list of layers').map(asObject);
  return new Map(
    layers.map((layer) => {
      const names = namesIn(layer);
      const [name = ''] = names;
      return [name, new Set(names)];
    }),
  );
}

/** A layer's name, then those of all layers in it, however deep. */
function namesIn(layer: Json): string[] {
  const options = asObject(layer['config']);
  const name = options['name'] ?? layer['name'];
  const names = typeof name === 'string' ? [name] : [];
  // Configurations are bounded in depth before they are read.
  const pending: unknown[] = Object.values(options);
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (typeof next !== 'object' || next === null) continue;
    if ('name' in next && typeof next.name === 'string') names.push(next.name);
    pending.push(...(Object.values(next) as unknown[]).filter((value) => value !== undefined));
  }
  return names;
}

/** Weights are named `layer/weight`, those of nested models by the inner layer; what belongs to no layer is the optimizer's. */
function treeOf(
  weights: ReadonlyMap<string, WeightArray>,
  layers: ReadonlyMap<string, ReadonlySet<string>>,
): WeightTree {
  const named = new Map([...layers.keys()].map((layer) => [layer, [] as string[]]));
  const owners = new Map([...layers].flatMap(([layer, names]) => [...names].map((name) => [name, layer] as const)));
  const datasets = new Map<string, WeightArray>();
  for (const [name, weight] of weights) {
    const layer = ownerOf(name, owners, named);
    if (layer === undefined) continue;
    named.get(layer)?.push(name);
    datasets.set(`${weightsRoot}/${layer}/${name}`, weight);
  }
  const groups = new Map<string, WeightGroup>(
    [...named].map(([layer, names]) => [`${weightsRoot}/${layer}`, groupWith('weight_names', names)]),
  );
  groups.set(weightsRoot, groupWith('layer_names', [...named.keys()]));
  return { groups, datasets };
}

/** By the longest beginning that names a layer; a layer of the model comes before one that only stands in another. */
function ownerOf(
  name: string,
  owners: ReadonlyMap<string, string>,
  layers: ReadonlyMap<string, unknown>,
): string | undefined {
  const segments = name.split('/');
  const beginnings = segments.map((_, end) => segments.slice(0, segments.length - end).join('/'));
  const owner =
    beginnings.find((beginning) => layers.has(beginning)) ??
    beginnings.map((beginning) => owners.get(beginning)).find((layer) => layer !== undefined);
  // Keras 3 puts the model's name before it.
  return owner ?? (segments.length > 2 ? ownerOf(segments.slice(1).join('/'), owners, layers) : undefined);
}

function groupWith(attribute: string, values: readonly string[]): WeightGroup {
  return { text: () => undefined, texts: (name) => (name === attribute ? [...values] : undefined) };
}

function asObject(value: unknown): Json {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  throw invalid('model.json is not that of a layers model');
}

function asList(value: unknown, what: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw invalid(`${what} is missing in model.json`);
}

function invalid(detail: string): KerasImportError {
  return new KerasImportError('invalid-config', `${detail}; save the model again with TensorFlow.js.`);
}

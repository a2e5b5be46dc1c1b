/**
 * Where a layer's weights are in a file. Three layouts name them differently; a layer only says which arrays it
 * expects, in Keras' own order, and gets them checked against their shapes.
 */
import { KerasImportError } from '../errors.js';
import type { Hdf5Dataset, Hdf5File } from './hdf5.js';

export interface WeightSpec {
  /** Keras' own name: `kernel`, `bias`, `gamma`, … */
  readonly name: string;
  readonly shape: readonly number[];
  /** Sub-object that holds the weight in a `.keras` archive, for instance `cell`. */
  readonly owner?: string;
}

/** Row-major values. */
export interface Weight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** A layer as its weights are looked up. */
export interface WeightOwner {
  readonly name: string;
  readonly className: string;
  /** The how-manieth layer of its class it is in the model, from 0: `.keras` archives number layers per class. */
  readonly indexInClass: number;
  /** How many layers of its class the model has. */
  readonly layersOfClass: number;
}

export interface WeightStore {
  /** Reads a layer's weights in the order of `specs`. Throws `missing-weights` or `shape-mismatch`. */
  read(owner: WeightOwner, specs: readonly WeightSpec[]): Weight[];
}

/** `.h5` of Keras 2 and 3: a group per layer, named as the layer, with the order of its weights in `weight_names`. */
export function legacyWeightStore(file: Hdf5File, root: string): WeightStore {
  return {
    read(owner, specs) {
      if (specs.length === 0) return [];
      const group = `${root}/${owner.name}`;
      const names = file.groups.get(group)?.texts('weight_names');
      if (!names) throw missing(owner, `there is no group ${group}`);
      const stored = names.map((name) => ({
        name: baseName(name),
        dataset: file.datasets.get(`${group}/${name.replaceAll('\\', '/')}`),
      }));
      return specs.map((spec, position) => {
        // By name where names are telling; MultiHeadAttention and cells repeat `kernel`, there the order tells.
        const sameName = stored.filter(({ name }) => name === spec.name);
        const found = sameName.length === 1 ? sameName[0] : stored[position];
        return readWeight(owner, spec, found?.dataset);
      });
    },
  };
}

/**
 * `.keras`: `layers/<class in snake case>[_n]/<owner>/vars/<i>`. Keras 2.12 and 2.13 call the root
 * `_layer_checkpoint_dependencies` and leave gaps in `n` (a layer with weights is counted twice there), so that only
 * the order of the numbers is meaningful. From Keras 3.6 `vars` carries the layer's name, which is then decisive.
 */
export function archiveWeightStore(file: Hdf5File): WeightStore {
  const old = '_layer_checkpoint_dependencies';
  const root = [...file.groups.keys()].some((path) => path === old || path.startsWith(`${old}/`)) ? old : 'layers';
  const numbered = numberedGroups(file, root);
  return {
    read(owner, specs) {
      if (specs.length === 0) return [];
      const siblings = numbered.get(snakeCase(owner.className)) ?? [];
      const named = siblings.filter((path) => file.groups.get(`${path}/vars`)?.text('name') === owner.name);
      const counted = siblings.length === owner.layersOfClass ? siblings[owner.indexInClass] : undefined;
      const group = named.length === 1 ? named[0] : counted;
      if (group === undefined) throw missing(owner, `there is no group for it below ${root}`);
      const taken = new Map<string, number>();
      return specs.map((spec) => {
        const folder = spec.owner ? `${group}/${spec.owner}/vars` : `${group}/vars`;
        const index = taken.get(folder) ?? 0;
        taken.set(folder, index + 1);
        return readWeight(owner, spec, file.datasets.get(`${folder}/${index}`));
      });
    },
  };
}

/** Class in snake case → its groups in the order of their numbers. */
function numberedGroups(file: Hdf5File, root: string): Map<string, string[]> {
  const found = new Map<string, { path: string; number: number }[]>();
  const childOfRoot = new RegExp(`^(${root}/([^/]+))(?:/|$)`);
  const seen = new Set<string>();
  for (const path of file.groups.keys()) {
    const [, group, name] = childOfRoot.exec(path) ?? [];
    if (group === undefined || name === undefined || seen.has(group)) continue;
    seen.add(group);
    const [, stem = name, digits] = /^(.+?)_(\d+)$/.exec(name) ?? [];
    // `dense` is number 0 of its class, `dense_1` number 1.
    const entry = { path: group, number: digits === undefined ? 0 : Number(digits) };
    found.set(stem, [...(found.get(stem) ?? []), entry]);
  }
  const inOrder = [...found].map(
    ([stem, entries]) => [stem, entries.sort((a, b) => a.number - b.number).map(({ path }) => path)] as const,
  );
  return new Map(inOrder);
}

/** As Keras' `naming.to_snake_case`: `BatchNormalization` → `batch_normalization`, `Conv1D` → `conv1d`. */
export function snakeCase(className: string): string {
  return className
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}

function baseName(weightName: string): string {
  return (weightName.replaceAll('\\', '/').split('/').pop() ?? '').replace(/:\d+$/, '');
}

function readWeight(owner: WeightOwner, spec: WeightSpec, dataset: Hdf5Dataset | undefined): Weight {
  if (!dataset) throw missing(owner, `it has no ${spec.name}`);
  const agrees =
    dataset.shape.length === spec.shape.length && dataset.shape.every((size, axis) => size === spec.shape[axis]);
  if (!agrees) {
    const message = `The ${spec.name} of layer ${owner.name} should be [${spec.shape.join(', ')}] by the configuration, but [${dataset.shape.join(', ')}] is stored; save the model again.`;
    throw new KerasImportError('shape-mismatch', message, owner.name);
  }
  return { name: spec.name, shape: spec.shape, values: dataset.read() };
}

function missing(owner: WeightOwner, detail: string): KerasImportError {
  const message = `The file holds no weights for layer ${owner.name}: ${detail}. Save the whole model again.`;
  return new KerasImportError('missing-weights', message, owner.name);
}

/**
 * Where a layer's weights are in a file. Three layouts name them differently; a layer only says which arrays it
 * expects, in Keras' own order, and gets them checked against their shapes.
 */
import { KerasImportError } from '../errors.js';
import { isOwner, type PathStep, type Weight, type WeightOwner, type WeightSpec } from './weight-spec.js';
import type { WeightArray, WeightTree } from './weight-tree.js';

export interface WeightStore {
  /** Reads weights in the order of `specs`; their paths begin with a layer of the model. Throws `missing-weights` or `shape-mismatch`. */
  read(specs: readonly WeightSpec[]): Weight[];
}

/** A spec with the layer of the model it belongs to, and the innermost layer, which refusals name. */
interface PlacedSpec {
  readonly spec: WeightSpec;
  readonly owner: WeightOwner;
  readonly innermost: WeightOwner;
  readonly steps: readonly PathStep[];
}

function placed(spec: WeightSpec): PlacedSpec {
  const [owner, ...steps] = spec.path ?? [];
  if (owner === undefined || !isOwner(owner)) throw new RangeError(`the weight ${spec.name} belongs to no layer`);
  return { spec, owner, innermost: steps.filter(isOwner).at(-1) ?? owner, steps };
}

interface StoredWeight {
  readonly segments: readonly string[];
  readonly dataset: WeightArray | undefined;
}

/** `.h5` of Keras 2 and 3: a group per layer, named as the layer, with the order of its weights in `weight_names`. */
export function legacyWeightStore(file: WeightTree, root: string): WeightStore {
  return {
    read(specs) {
      const perLayer = new Map<string, { spec: PlacedSpec; index: number }[]>();
      specs.forEach((spec, index) => {
        const place = placed(spec);
        const siblings = perLayer.get(place.owner.name) ?? [];
        siblings.push({ spec: place, index });
        perLayer.set(place.owner.name, siblings);
      });
      const weights: Weight[] = [];
      for (const wanted of perLayer.values()) {
        const place = wanted[0]?.spec as PlacedSpec;
        const stored = storedWeights(file, groupOf(file, root, place, perLayer), place);
        const found = matchWeights(
          wanted.map(({ spec }) => spec),
          stored,
        );
        wanted.forEach(({ spec, index }, position) => {
          weights[index] = readWeight(spec, found[position]?.dataset);
        });
      }
      return weights;
    },
  };
}

/** The names of all weights below `root`, of one layer after the other. */
export function weightNamesOf(file: WeightTree, root: string): string[] {
  return [...file.groups].flatMap(([path, group]) =>
    path.startsWith(`${root}/`) ? (group.texts('weight_names') ?? []) : [],
  );
}

/**
 * The group of a layer: that of its name. Keras 2.0 and 2.1 write no name for a Sequential within another model; its group is the
 * one that belongs to no other layer.
 */
function groupOf(
  file: WeightTree,
  root: string,
  { owner }: PlacedSpec,
  layers: { has(name: string): boolean },
): string {
  const named = `${root}/${owner.name}`;
  if (file.groups.has(named) || owner.className !== 'Sequential') return named;
  const others = (file.groups.get(root)?.texts('layer_names') ?? []).filter(
    (name) => !layers.has(name) && (file.groups.get(`${root}/${name}`)?.texts('weight_names') ?? []).length > 0,
  );
  return others.length === 1 ? `${root}/${others[0]}` : named;
}

function storedWeights(file: WeightTree, group: string, place: PlacedSpec): StoredWeight[] {
  const names = file.groups.get(group)?.texts('weight_names');
  if (!names) throw missing(place, `there is no group ${group}`);
  // Keras 3.0 to 3.2 do not say in the configuration that a layer is adapted by them.
  if (names.some((name) => /(^|\/)lora_/.test(name))) {
    const message = `The weights of layer ${place.owner.name} are adapted by LoRA, which is not read; save the merged model.`;
    throw new KerasImportError('unsupported-option', message, place.owner.name);
  }
  return names.map((name) => {
    const path = name.replaceAll('\\', '/');
    return { segments: path.replace(/:\d+$/, '').split('/'), dataset: file.datasets.get(`${group}/${path}`) };
  });
}

type Match = readonly (StoredWeight | undefined)[];

/**
 * Which stored weight is which. Keras itself goes by position; names are asked where positions tell nothing. A file whose
 * names contradict its positions, such as one of layers that were given the names of each other, is refused.
 */
function matchWeights(wanted: readonly PlacedSpec[], stored: readonly StoredWeight[]): Match {
  const [named, counted] = [byLayer(wanted, stored), byPosition(wanted, stored)];
  const contradicted = wanted.find((place, index) => {
    const weight = counted?.[index];
    return weight && ((named && named[index] !== weight) || isOfOtherDirection(place, weight));
  });
  if (contradicted) throw contradiction(contradicted);
  return named ?? counted ?? byOwnName(wanted, stored);
}

/** Bidirectional lists a layer that is frozen alone after the other: whose weight it is, only its name says then. */
function isOfOtherDirection({ steps }: PlacedSpec, { segments }: StoredWeight): boolean {
  const named = ways.some((way) => isOfWay(segments, way));
  return wayOf(steps) !== undefined && named && !runsTheWayOf(segments, steps);
}

/** By the names of the layers that a weight belongs to, where that tells each from all others. */
function byLayer(wanted: readonly PlacedSpec[], stored: readonly StoredWeight[]): Match | undefined {
  const found = wanted.map(({ spec, steps, owner }) => {
    const layers = steps.filter(isOwner);
    const names = (layers.length > 0 ? layers : [owner]).map(({ name }) => name);
    const sameName = stored.filter(({ segments }) => segments.at(-1) === spec.name);
    const innermost = sameName.filter(({ segments }) => holds(segments, names.slice(-1)));
    const chain = innermost.length > 1 ? innermost.filter(({ segments }) => holds(segments, names)) : innermost;
    const alike = chain.length > 1 ? chain.filter(({ segments }) => runsTheWayOf(segments, steps)) : chain;
    return alike.length === 1 ? alike[0] : undefined;
  });
  return new Set(found).size === wanted.length && !found.includes(undefined) ? found : undefined;
}

/** The two layers in a Bidirectional are told apart by the beginning of their names, `forward_…` and `backward_…`. */
function runsTheWayOf(segments: readonly string[], steps: readonly PathStep[]): boolean {
  const way = wayOf(steps);
  return way !== undefined && isOfWay(segments, way);
}

const ways = ['forward', 'backward'] as const;
type Way = (typeof ways)[number];

function wayOf(steps: readonly PathStep[]): Way | undefined {
  return ways.find((way) => steps.includes(`${way}_layer`));
}

function isOfWay(segments: readonly string[], way: Way): boolean {
  return segments.some((segment) => segment.startsWith(`${way}_`));
}

/** Names of layers may hold slashes. */
function holds(segments: readonly string[], names: readonly string[]): boolean {
  const path = `/${segments.slice(0, -1).join('/')}/`;
  return names.every((name) => path.includes(`/${name}/`));
}

/**
 * As Keras reads them back: what is trainable first, then the rest. Names need not tell layers apart (a second model in one
 * session is `dense_1_1`), but each must be a weight of that name (`kernel_1` of a second cell too), or tell nothing.
 */
function byPosition(wanted: readonly PlacedSpec[], stored: readonly StoredWeight[]): Match | undefined {
  const names = new Set(wanted.map(({ spec }) => spec.name));
  // What the importer does not ask for, such as the number of rows that Normalization has seen.
  const known = stored.length === wanted.length ? stored : stored.filter((weight) => names.has(baseName(weight)));
  const inOrder = wanted.toSorted(byPlaceInModel);
  const inFileOrder = [
    ...inOrder.filter(({ spec }) => spec.trainable !== false),
    ...inOrder.filter(({ spec }) => spec.trainable === false),
  ];
  const agrees = inFileOrder.every(({ spec }, position) => {
    const weight = known[position];
    if (!weight) return false;
    const name = baseName(weight);
    return name === spec.name || !names.has(name);
  });
  return agrees && known.length === wanted.length
    ? wanted.map((place) => known[inFileOrder.indexOf(place)])
    : undefined;
}

/** Layers as their models list them, and not as they are computed; weights of one layer stay as they are. */
function byPlaceInModel(a: PlacedSpec, b: PlacedSpec): number {
  const others = b.steps.filter(isOwner);
  const apart = a.steps.filter(isOwner).map(({ position }, depth) => position - (others[depth]?.position ?? position));
  return apart.find((distance) => distance !== 0) ?? 0;
}

/** `kernel` of `lstm/kernel_1:0`. */
function baseName({ segments }: StoredWeight): string {
  return (segments.at(-1) ?? '').replace(/_\d+$/, '');
}

/** By the names of the weights alone, where each occurs once. */
function byOwnName(wanted: readonly PlacedSpec[], stored: readonly StoredWeight[]): Match {
  return wanted.map(({ spec }) => {
    const alike = wanted.filter((other) => other.spec.name === spec.name);
    const sameName = stored.filter(({ segments }) => segments.at(-1) === spec.name);
    return alike.length === 1 && sameName.length === 1 ? sameName[0] : undefined;
  });
}

const archiveRoots = ['layers', '_layer_checkpoint_dependencies'] as const;

/**
 * `.keras`: `layers/<class in snake case>[_n]/<attribute>/vars/<i>`, a nested model with `layers` of its own. Keras 2.12 and
 * 2.13 call the root `_layer_checkpoint_dependencies` and leave gaps in `n` (a layer with weights is counted twice there),
 * so that only the order of the numbers is meaningful. From Keras 3.6 `vars` carries the layer's name, which is then
 * decisive.
 */
export function archiveWeightStore(file: WeightTree): WeightStore {
  const children = childGroups(file);
  const numbered = new Map<string, Map<string, string[]>>();
  const layersBelow = (prefix: string): Map<string, string[]> => {
    const known = numbered.get(prefix) ?? numberedLayers(prefix, children);
    numbered.set(prefix, known);
    return known;
  };
  const follow = (prefix: string, step: PathStep): string | undefined => {
    if (!isOwner(step)) {
      return [step]
        .flat()
        .map((name) => join(prefix, name))
        .find((path) => file.groups.has(path));
    }
    const siblings = layersBelow(prefix).get(snakeCase(step.className)) ?? [];
    const named = siblings.filter((path) => file.groups.get(`${path}/vars`)?.text('name') === step.name);
    return named.length === 1
      ? named[0]
      : siblings.length === step.layersOfClass
        ? siblings[step.indexInClass]
        : undefined;
  };
  return {
    read(specs) {
      const taken = new Map<string, number>();
      return specs.map((spec) => {
        const place = placed(spec);
        let group: string | undefined = '';
        for (const step of spec.path ?? []) group = group === undefined ? undefined : follow(group, step);
        if (group === undefined) throw missing(place, 'there is no group for it in the archive');
        const index = taken.get(group) ?? 0;
        taken.set(group, index + 1);
        return readWeight(place, file.datasets.get(`${group}/vars/${index}`));
      });
    },
  };
}

/** Group → the groups directly in it. */
function childGroups(file: WeightTree): Map<string, string[]> {
  const children = new Map<string, string[]>();
  for (const path of file.groups.keys()) {
    if (path === '') continue;
    const parent = path.slice(0, Math.max(path.lastIndexOf('/'), 0));
    const siblings = children.get(parent) ?? [];
    siblings.push(path);
    children.set(parent, siblings);
  }
  return children;
}

/** Of the model at `prefix`: class in snake case → its layers' groups in the order of their numbers. */
function numberedLayers(prefix: string, children: ReadonlyMap<string, readonly string[]>): Map<string, string[]> {
  const root = archiveRoots.map((name) => join(prefix, name)).find((path) => children.has(path));
  const found = new Map<string, { path: string; number: number }[]>();
  for (const path of root === undefined ? [] : (children.get(root) ?? [])) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const [, stem = name, digits] = /^(.+?)_(\d+)$/.exec(name) ?? [];
    // `dense` is number 0 of its class, `dense_1` number 1.
    const siblings = found.get(stem) ?? [];
    siblings.push({ path, number: digits === undefined ? 0 : Number(digits) });
    found.set(stem, siblings);
  }
  return new Map(
    [...found].map(([stem, layers]) => [stem, layers.sort((a, b) => a.number - b.number).map(({ path }) => path)]),
  );
}

/** As Keras' `naming.to_snake_case`: `BatchNormalization` → `batch_normalization`, `Conv1D` → `conv1d`. */
export function snakeCase(className: string): string {
  return className
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}

function join(prefix: string, name: string): string {
  return prefix === '' ? name : `${prefix}/${name}`;
}

function readWeight(place: PlacedSpec, dataset: WeightArray | undefined): Weight {
  const { spec, innermost } = place;
  if (!dataset) throw missing(place, `it has no ${spec.name}`);
  const agrees =
    dataset.shape.length === spec.shape.length && dataset.shape.every((size, axis) => size === spec.shape[axis]);
  if (!agrees) {
    const message = `The ${spec.name} of layer ${innermost.name} should be [${spec.shape.join(', ')}] by the configuration, but [${dataset.shape.join(', ')}] is stored; save the model again.`;
    throw new KerasImportError('shape-mismatch', message, innermost.name);
  }
  return { name: spec.name, shape: spec.shape, values: dataset.read() };
}

function contradiction({ innermost }: PlacedSpec): KerasImportError {
  const message = `The names of the weights of layer ${innermost.name} contradict their order; give its layers their first names, make them all trainable and save it again.`;
  return new KerasImportError('invalid-config', message, innermost.name);
}

function missing({ innermost }: PlacedSpec, detail: string): KerasImportError {
  const message = `The file holds no weights for layer ${innermost.name}: ${detail}. Save the whole model again.`;
  return new KerasImportError('missing-weights', message, innermost.name);
}

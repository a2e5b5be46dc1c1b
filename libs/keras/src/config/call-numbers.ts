/**
 * References to the output of a call carry the call's number, and every Keras counts otherwise. Here they are brought to
 * one count: calls as the layer's own list has them, from 0.
 */
import {
  isSerialisedCall,
  referencesOf,
  type LayerEntry,
  type ModelConfig,
  type ModelEnd,
  type SavedArgument,
  type TensorReference,
} from './saved-config.js';

/** Layer → number in the file → number in the layer's list of calls, where the two differ. */
type Renumbering = ReadonlyMap<string, ReadonlyMap<number, number>>;

/**
 * Keras 2 counts the making of a nested model as its call 0. Keras 3 does so in the ends of a model only, for Functional
 * ones; before 3.3 it counts calls that belong to other models between layers. A count that starts too high shows by a
 * number past the last call: the numbers used are then those of the calls in their order.
 */
export function withCallsOfThisModel(model: ModelConfig): ModelConfig {
  const between = model.layers.flatMap(({ calls }) => calls.flatMap(referencesOf));
  const ends = [...model.inputs, ...model.outputs].map(({ reference }) => reference);
  if (!isKeras3(model)) {
    const renumbering = inTheirOrder(model.layers, [...between, ...ends]);
    return renumber(model, renumbering, renumbering);
  }
  return renumber(model, inTheirOrder(model.layers, between), withoutTheMaking(model.layers));
}

function isKeras3({ layers }: ModelConfig): boolean {
  return layers.some(({ entry }) => {
    const calls = entry['inbound_nodes'];
    return Array.isArray(calls) && isSerialisedCall(calls[0]);
  });
}

function inTheirOrder(layers: readonly LayerEntry[], references: readonly TensorReference[]): Renumbering {
  const used = new Map<string, Set<number>>();
  for (const { layer, call } of references) {
    const numbers = used.get(layer) ?? new Set();
    used.set(layer, numbers.add(call));
  }
  const renumbering = new Map<string, ReadonlyMap<number, number>>();
  for (const { name, calls } of layers) {
    const numbers = [...(used.get(name) ?? [])].sort((a, b) => a - b);
    const pastTheLast = numbers.some((number) => number >= calls.length);
    if (!pastTheLast || numbers.length !== calls.length) continue;
    renumbering.set(name, new Map(numbers.map((number, position) => [number, position])));
  }
  return renumbering;
}

function withoutTheMaking(layers: readonly LayerEntry[]): Renumbering {
  const models = layers.filter(({ className }) => className === 'Functional' || className === 'Model');
  return new Map(models.map(({ name, calls }) => [name, new Map(calls.map((_, number) => [number + 1, number]))]));
}

function renumber(model: ModelConfig, between: Renumbering, ends: Renumbering): ModelConfig {
  if (between.size === 0 && ends.size === 0) return model;
  const renumbered = (reference: TensorReference, by: Renumbering): TensorReference => {
    const numbers = by.get(reference.layer);
    // A number that the count does not know stays as it is, and is refused as a reference to nothing.
    return numbers ? { ...reference, call: numbers.get(reference.call) ?? reference.call } : reference;
  };
  const argument = (saved: SavedArgument): SavedArgument => {
    if (saved.kind === 'tensor') return { ...saved, reference: renumbered(saved.reference, between) };
    return saved.kind === 'list' ? { ...saved, items: saved.items.map(argument) } : saved;
  };
  const end = (saved: ModelEnd): ModelEnd => ({ ...saved, reference: renumbered(saved.reference, ends) });
  return {
    name: model.name,
    layers: model.layers.map((layer) => ({
      ...layer,
      calls: layer.calls.map(({ positional, keywords }) => ({
        positional: positional.map(argument),
        keywords: Object.fromEntries(Object.entries(keywords).map(([keyword, saved]) => [keyword, argument(saved)])),
      })),
    })),
    inputs: model.inputs.map(end),
    outputs: model.outputs.map(end),
  };
}

/**
 * From a configuration and its weights to the graph: every layer read, every shape worked out, every weight checked.
 */
import { LayerConfig } from './config/layer-config.js';
import { requireFloatPolicy } from './config/dtype.js';
import type { KerasVersion } from './config/keras-version.js';
import { requireList, type LayerEntry, type ModelConfig, type TensorReference } from './config/saved-config.js';
import type { Weight, WeightOwner, WeightStore } from './container/weight-store.js';
import { KerasImportError } from './errors.js';
import type { GraphNode, GraphPort, GraphTensor, KerasGraph } from './graph.js';
import type { Layer } from './layer.js';
import { layerDefinition } from './layers/registry.js';
import type { Shape } from './shape.js';

const inputClass = 'InputLayer';

/** Throws `KerasImportError` with the layer at fault. */
export function buildGraph(model: ModelConfig, keras: KerasVersion, store: WeightStore): KerasGraph {
  const entries = new Map(model.layers.map((entry) => [entry.name, entry]));
  if (entries.size !== model.layers.length)
    throw new KerasImportError('invalid-config', 'Two layers have one name; save the model again.');
  for (const entry of model.layers) requireKnownClass(entry);
  const owners = weightOwners(model.layers);
  const tensors = new Map<string, GraphTensor>();
  const read = new Map<string, { layer: Layer; weights?: readonly Weight[] }>();
  const nodes: GraphNode[] = [];

  const apply = (entry: LayerEntry, call: number): void => {
    const config = new LayerConfig(entry.name, entry.className, keras, entry.options);
    if (entry.className === inputClass) {
      tensors.set(tensorId({ layer: entry.name, call, output: 0 }), {
        id: tensorId({ layer: entry.name, call, output: 0 }),
        shape: inputShape(config),
      });
      return;
    }
    const known = read.get(entry.name) ?? { layer: readLayer(config) };
    const inputs = (entry.calls[call] ?? []).map((reference) => tensorOf(tensors, reference));
    const inputShapes = inputs.map(({ shape }) => shape);
    const outputShapes = known.layer.outputShapes(inputShapes);
    const owner = owners.get(entry.name);
    const weights = known.weights ?? (owner ? store.read(owner, known.layer.weights(inputShapes)) : []);
    if (known.weights) requireSameWeights(known.layer, known.weights, inputShapes);
    read.set(entry.name, { layer: known.layer, weights });
    const outputs = outputShapes.map((shape, output) => ({ id: tensorId({ layer: entry.name, call, output }), shape }));
    for (const tensor of outputs) tensors.set(tensor.id, tensor);
    nodes.push({ id: call === 0 ? entry.name : `${entry.name}#${call}`, layer: known.layer, weights, inputs, outputs });
  };
  for (const { entry, call } of inExecutionOrder(model, entries)) apply(entry, call);

  const port = (reference: TensorReference): GraphPort => ({
    name: reference.layer,
    tensor: tensorOf(tensors, reference),
  });
  const weights = [...read.values()].flatMap((layer) => layer.weights ?? []);
  return {
    name: model.name,
    keras,
    inputs: model.inputs.map(port),
    outputs: model.outputs.map(port),
    nodes,
    parameterCount: weights.reduce((sum, { values }) => sum + values.length, 0),
  };
}

function tensorId({ layer, call, output }: TensorReference): string {
  return `${layer}#${call}:${output}`;
}

function tensorOf(tensors: ReadonlyMap<string, GraphTensor>, reference: TensorReference): GraphTensor {
  const tensor = tensors.get(tensorId(reference));
  if (!tensor)
    throw new KerasImportError(
      'invalid-config',
      `The model refers to an output of ${reference.layer} that does not exist; save it again.`,
    );
  return tensor;
}

/** Before anything else, so that a model is refused for the layer that is not read and not for a consequence of it. */
function requireKnownClass({ name, className, module }: LayerEntry): void {
  // Functions of keras.ops are saved as operations of the same names as layers, with their arguments elsewhere.
  const operation = module !== undefined && /(^|\.)ops(\.|$)/.test(module);
  if (!operation && (className === inputClass || layerDefinition(className))) return;
  const what = operation ? `the function ${className} of ${module}` : `a ${className}`;
  throw new KerasImportError(
    'unsupported-layer',
    `Layer ${name} is ${what}, which is not read; rebuild the model with layers that are.`,
    name,
  );
}

function readLayer(config: LayerConfig): Layer {
  const definition = layerDefinition(config.className);
  if (!definition)
    throw config.refuse(
      'unsupported-layer',
      'layers of this class are not read; rebuild the model with layers that are.',
    );
  requireFloatPolicy(config);
  return definition.read(config);
}

/**
 * `[null, …]` of an InputLayer. Its batch size may be fixed; a row is answered alike in any batch, so it is ignored.
 */
function inputShape(config: LayerConfig): Shape {
  requireFloatPolicy(config);
  if (config.raw('sparse') === true || config.raw('ragged') === true) {
    throw config.refuse('unsupported-option', 'sparse and ragged inputs are not read; use a dense input.');
  }
  const shape = requireList(
    config.raw('batch_shape') ?? config.raw('batch_input_shape'),
    `The shape of input ${config.name}`,
  );
  const valid =
    shape.length > 0 &&
    shape.slice(1).every((size) => size === null || (Number.isSafeInteger(size) && (size as number) > 0));
  if (!valid) throw config.refuse('invalid-config', 'its shape is not a list of sizes; save the model again.');
  return [null, ...(shape.slice(1) as (number | null)[])];
}

function requireSameWeights(layer: Layer, weights: readonly Weight[], inputShapes: readonly Shape[]): void {
  const agrees = layer.weights(inputShapes).every((spec, index) => spec.shape.join() === weights[index]?.shape.join());
  if (!agrees)
    throw new KerasImportError(
      'shape-mismatch',
      `Layer ${layer.name} is shared by inputs that need different weights.`,
      layer.name,
    );
}

/** `.keras` archives number the layers of each class in the order of the configuration. */
function weightOwners(layers: readonly LayerEntry[]): Map<string, WeightOwner> {
  const perClass = new Map<string, LayerEntry[]>();
  for (const entry of layers) perClass.set(entry.className, [...(perClass.get(entry.className) ?? []), entry]);
  const owners = [...perClass.values()].flatMap((siblings) =>
    siblings.map(({ name, className }, indexInClass) => ({
      name,
      className,
      indexInClass,
      layersOfClass: siblings.length,
    })),
  );
  return new Map(owners.map((owner) => [owner.name, owner]));
}

/** Every application of every layer, each after those whose tensors it takes. Throws `invalid-config` for a cycle. */
function inExecutionOrder(
  model: ModelConfig,
  entries: ReadonlyMap<string, LayerEntry>,
): { entry: LayerEntry; call: number }[] {
  const order: { entry: LayerEntry; call: number }[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const key = (layer: string, call: number): string => `${layer}#${call}`;
  const pending = model.outputs.map(({ layer, call }) => ({ layer, call }));
  // Depth first with a stack of its own: a chain of 10,000 layers must not exhaust the call stack.
  for (let next = pending.at(-1); next; next = pending.at(-1)) {
    const { layer, call } = next;
    const entry = entries.get(layer);
    const inputs = entry?.calls[call];
    if (!entry || !inputs)
      throw new KerasImportError(
        'invalid-config',
        `The model refers to layer ${layer}, which does not exist; save it again.`,
        layer,
      );
    const seen = state.get(key(layer, call));
    const missing = inputs.filter((input) => state.get(key(input.layer, input.call)) !== 'done');
    if (seen === 'done') {
      pending.pop();
    } else if (missing.length === 0) {
      pending.pop();
      state.set(key(layer, call), 'done');
      order.push({ entry, call });
    } else if (seen === 'open') {
      throw new KerasImportError('invalid-config', `Layer ${layer} takes its own output; save the model again.`, layer);
    } else {
      state.set(key(layer, call), 'open');
      pending.push(...missing.reverse().map((input) => ({ layer: input.layer, call: input.call })));
    }
  }
  for (const { layer, call } of model.inputs) {
    if (state.has(key(layer, call))) continue;
    const message = `Input ${layer} is not used by any output; remove it and save the model again.`;
    throw new KerasImportError('invalid-config', message, layer);
  }
  return order;
}

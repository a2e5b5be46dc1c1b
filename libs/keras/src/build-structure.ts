/** From a configuration to the model's structure: every layer read, every shape worked out, every weight named. */
import type { CallArgument, CallArguments } from './call-arguments.js';
import { requireNumericInput } from './config/dtype.js';
import { LayerConfig, type ReadingContext } from './config/layer-config.js';
import {
  referencesOf,
  requireList,
  type LayerEntry,
  type ModelConfig,
  type ModelEnd,
  type SavedArgument,
  type SavedCall,
  type TensorReference,
} from './config/saved-config.js';
import { below, type WeightOwner, type WeightSpec } from './container/weight-spec.js';
import { KerasImportError } from './errors.js';
import { inExecutionOrder } from './execution-order.js';
import type { GraphPort, GraphTensor, ModelStructure, StructureNode } from './graph.js';
import type { Layer } from './layer.js';
import type { Shape } from './shape.js';

export const inputClass = 'InputLayer';

/** What is read of one layer; its weights are known from its first application on. */
interface ReadLayer {
  readonly layer: Layer;
  readonly owner: WeightOwner;
  weights?: { readonly specs: readonly WeightSpec[]; readonly range: readonly [number, number] };
}

/**
 * `inputShapes`, where given, take the place of those that the model's inputs declare: a nested model takes what it is
 * called with. Throws `KerasImportError` with the layer at fault.
 */
export function buildStructure(
  model: ModelConfig,
  context: ReadingContext,
  inputShapes?: readonly Shape[],
): ModelStructure {
  const entries = new Map(model.layers.map((entry) => [entry.name, entry]));
  if (entries.size !== model.layers.length)
    throw new KerasImportError('invalid-config', 'Two layers have one name; save the model again.');
  requireKnownCalls(model, context);
  const layers = readLayers(model, context);
  const tensors = new Map<string, GraphTensor>();
  const nodes: StructureNode[] = [];
  const weightSpecs: WeightSpec[] = [];
  let layerCount = 0;

  const addTensor = (reference: TensorReference, shape: Shape): GraphTensor => {
    requireBoundedTensor(reference.layer, shape, context);
    const tensor = { id: tensorId(reference), shape };
    tensors.set(tensor.id, tensor);
    return tensor;
  };
  for (const { entry, call } of inExecutionOrder(model, entries)) {
    const read = layers.get(entry.name);
    if (!read) {
      addTensor({ layer: entry.name, call, output: 0 }, inputShape(entry, model, context, inputShapes));
      continue;
    }
    const saved = entry.calls[call] ?? { positional: [], keywords: {} };
    const inputs = referencesOf(saved).map((reference) => tensorOf(tensors, reference));
    const shapes = inputs.map(({ shape }) => shape);
    const args = indexArguments(saved);
    const outputShapes = read.layer.outputShapes(shapes, args);
    const weightRange = placeWeights(read, shapes, args, weightSpecs);
    layerCount += read.layer.layerCount?.(shapes, args) ?? 1;
    if (layerCount > context.limits.maxLayers)
      throw new KerasImportError('too-large', `The model has more than ${context.limits.maxLayers} layers.`);
    nodes.push({
      id: call === 0 ? entry.name : `${entry.name}#${call}`,
      layer: read.layer,
      inputs,
      outputs: outputShapes.map((shape, output) => addTensor({ layer: entry.name, call, output }, shape)),
      call: { inputShapes: shapes, outputShapes, arguments: args },
      weightRange,
    });
  }
  return {
    name: model.name,
    inputs: portsOf(model.inputs, tensors),
    outputs: portsOf(model.outputs, tensors),
    nodes,
    weightSpecs,
    layerCount,
  };
}

/**
 * Keras 3.2 writes 0 for the call of every tensor that one layer takes of another (only the ends of a model have theirs), so
 * that of a layer called several times nobody can tell which is meant. Throws `unsupported-option`.
 */
function requireKnownCalls({ layers }: ModelConfig, { keras }: ReadingContext): void {
  if (keras.major !== 3 || keras.minor !== 2) return;
  const taken = new Set(layers.flatMap(({ calls }) => calls.flatMap(referencesOf)).map(({ layer }) => layer));
  const shared = layers.find(({ name, calls }) => calls.length > 1 && taken.has(name));
  if (!shared) return;
  const message = `Layer ${shared.name} is called several times, and Keras ${keras.text} does not write down which call other layers take; save the model with a later Keras.`;
  throw new KerasImportError('unsupported-option', message, shared.name);
}

/** Every layer but the inputs. `.keras` archives number the layers of each class in the order of the configuration. */
function readLayers(model: ModelConfig, context: ReadingContext): Map<string, ReadLayer> {
  const perClass = new Map<string, number>();
  for (const { className } of model.layers) perClass.set(className, (perClass.get(className) ?? 0) + 1);
  const seen = new Map<string, number>();
  const layers = new Map<string, ReadLayer>();
  for (const [position, { name, className, entry, module }] of model.layers.entries()) {
    const indexInClass = seen.get(className) ?? 0;
    seen.set(className, indexInClass + 1);
    if (className === inputClass) continue;
    // The name beside a layer's config is the one that calls refer to; in a chain it stands in the config alone.
    const layer = context.readLayer({ ...entry, class_name: className, module, name });
    const owner = { name, className, position, indexInClass, layersOfClass: perClass.get(className) ?? 1 };
    layers.set(name, { layer, owner });
  }
  return layers;
}

/** At its first application a layer's weights join those of the model; at any other they must be the same. */
function placeWeights(
  read: ReadLayer,
  shapes: readonly Shape[],
  args: CallArguments,
  weightSpecs: WeightSpec[],
): readonly [number, number] {
  const specs = read.layer.weights(shapes, args);
  if (read.weights) {
    const agrees = specs.every((spec, index) => spec.shape.join() === read.weights?.specs[index]?.shape.join());
    if (!agrees || specs.length !== read.weights.specs.length) {
      const message = `Layer ${read.layer.name} is shared by inputs that need different weights.`;
      throw new KerasImportError('shape-mismatch', message, read.layer.name);
    }
    return read.weights.range;
  }
  const range = [weightSpecs.length, weightSpecs.length + specs.length] as const;
  for (const spec of below(specs, read.owner)) weightSpecs.push(spec);
  read.weights = { specs, range };
  return range;
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

/** Tensors become their index in the inputs of the call, in the order of `referencesOf`. */
function indexArguments({ positional, keywords }: SavedCall): CallArguments {
  let inputs = 0;
  const index = (argument: SavedArgument): CallArgument => {
    if (argument.kind === 'tensor') {
      const { dtype } = argument;
      return { kind: 'tensor', input: inputs++, ...(dtype !== undefined && { dtype }) };
    }
    return argument.kind === 'list' ? { ...argument, items: argument.items.map(index) } : argument;
  };
  const indexed = positional.map(index);
  return {
    positional: indexed,
    keywords: Object.fromEntries(Object.entries(keywords).map(([keyword, argument]) => [keyword, index(argument)])),
  };
}

/** Several ends of one name are told apart by a number. */
function portsOf(ends: readonly ModelEnd[], tensors: ReadonlyMap<string, GraphTensor>): GraphPort[] {
  const taken = new Set<string>();
  return ends.map(({ name, reference }) => {
    let unique = name;
    for (let number = 1; taken.has(unique); number++) unique = `${name}_${number}`;
    taken.add(unique);
    return { name: unique, tensor: tensorOf(tensors, reference) };
  });
}

/**
 * `[null, …]` of an InputLayer. Its batch size may be fixed; a row is answered alike in any batch, so it is ignored.
 */
function inputShape(
  { name, options, className }: LayerEntry,
  model: ModelConfig,
  context: ReadingContext,
  given: readonly Shape[] | undefined,
): Shape {
  const config = new LayerConfig(name, className, context, options);
  requireNumericInput(config);
  if (config.raw('sparse') === true || config.raw('ragged') === true) {
    throw config.refuse('unsupported-option', 'sparse and ragged inputs are not read; use a dense input.');
  }
  const position = model.inputs.findIndex(({ reference }) => reference.layer === name);
  if (position === -1) throw config.refuse('invalid-config', 'it is not among the inputs of its model; save it again.');
  const called = given?.[position];
  if (called) return called;
  const saved = config.raw('batch_shape') ?? config.raw('batch_input_shape');
  if (saved === undefined) {
    const message =
      'The model was saved before it knew the shape of its input; call it once or give its first layer an input_shape, and save it again.';
    throw new KerasImportError('invalid-config', message, name);
  }
  const shape = requireList(saved, `The shape of input ${name}`);
  const valid =
    shape.length > 0 &&
    shape.slice(1).every((size) => size === null || (Number.isSafeInteger(size) && (size as number) > 0));
  if (!valid) throw config.refuse('invalid-config', 'its shape is not a list of sizes; save the model again.');
  return [null, ...(shape.slice(1) as (number | null)[])];
}

/** A shape is a promise of memory: one row through the model must not take more than configured. */
function requireBoundedTensor(layer: string, shape: Shape, { limits }: ReadingContext): void {
  const sizes = shape.slice(1);
  const invalid = sizes.some((size) => size !== null && (!Number.isSafeInteger(size) || size < 1));
  if (invalid) {
    const message = `Layer ${layer} would answer tensors of [${shape.join(', ')}]; save the model again.`;
    throw new KerasImportError('shape-mismatch', message, layer);
  }
  const elements = sizes.reduce<number>((product, size) => product * (size ?? 1), 1);
  if (elements > limits.maxTensorElements) {
    const message = `Layer ${layer} would answer ${elements} numbers for one row, the bound is ${limits.maxTensorElements}.`;
    throw new KerasImportError('too-large', message, layer);
  }
}

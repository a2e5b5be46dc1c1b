/** A model as a layer of another one: its own layers, carried out in their order at every call. */
import { buildStructure } from './build-structure.js';
import { positionalInputs, type CallArguments } from './call-arguments.js';
import { LayerConfig, type ReadingContext } from './config/layer-config.js';
import type { ModelConfig, ModelEnd } from './config/saved-config.js';
import { requireReadableArguments } from './call-arguments.js';
import { runStructure, type ModelStructure } from './graph.js';
import { givenMasks, type Layer, type Masked } from './layer.js';
import { tensorType } from './onnx/onnx-schema.js';
import type { Shape } from './shape.js';

/** Throws `KerasImportError` for what it is called with, when it is called. */
export function modelLayer(name: string, className: string, saved: ModelConfig, context: ReadingContext): Layer {
  const model = { ...saved, inputs: asCounted(saved.inputs), outputs: asCounted(saved.outputs) };
  const config = new LayerConfig(name, className, context, {});
  const structures = new Map<string, ModelStructure>();
  const structureFor = (inputShapes: readonly Shape[], args: CallArguments): ModelStructure => {
    requireReadableArguments(args, ['mask'], config);
    const taken = inputsOfModel(model, args, config).map((index) => inputShapes[index] as Shape);
    const key = JSON.stringify(taken);
    const structure = structures.get(key) ?? buildStructure(model, context, taken);
    structures.set(key, structure);
    return structure;
  };
  /** Positional inputs only; masks that are given take the place of their own. */
  const modelInputs = <Value>(
    inputs: readonly Masked<Value>[],
    args: CallArguments,
    toBooleans: (value: Value) => Value,
  ): Masked<Value>[] => {
    const taken = inputsOfModel(model, args, config).map((index) => inputs[index] as Masked<Value>);
    const masks = givenMasks(inputs, args, toBooleans);
    return masks ? taken.map(({ value }, index) => ({ value, mask: masks[index] })) : taken;
  };
  return {
    name,
    className,
    weights: (inputShapes, args) => structureFor(inputShapes, args).weightSpecs,
    outputShapes: (inputShapes, args) => structureFor(inputShapes, args).outputs.map(({ tensor }) => tensor.shape),
    layerCount: (inputShapes, args) => structureFor(inputShapes, args).layerCount,
    onnx: (scope, inputs, weights, call) =>
      runStructure(
        structureFor(call.inputShapes, call.arguments),
        modelInputs(inputs, call.arguments, (mask) => scope.op('Cast', [mask], { to: { int: tensorType.bool } })),
        weights,
        (node, values, own) => node.layer.onnx(scope.within(node.id), values, own, node.call),
      ),
    tensorflow: (tf, inputs, weights, call) =>
      runStructure(
        structureFor(call.inputShapes, call.arguments),
        modelInputs(inputs, call.arguments, (mask) => tf.notEqual(mask, 0)),
        weights,
        (node, values, own) => node.layer.tensorflow(tf, values, own, node.call),
      ),
  };
}

/** Other layers refer to a model's ends by number; Keras counts those of a dictionary in the order of their keys. */
function asCounted(ends: readonly ModelEnd[]): readonly ModelEnd[] {
  return ends.every(({ isNamed }) => isNamed) ? ends.toSorted((a, b) => (a.name < b.name ? -1 : 1)) : ends;
}

/** Which of the call's inputs are those of the model, in its own order: a dictionary goes by the names of its inputs. */
function inputsOfModel(model: ModelConfig, args: CallArguments, config: LayerConfig): number[] {
  const inputs = positionalInputs(args);
  if (inputs.length !== model.inputs.length)
    throw config.refuse('invalid-config', `it takes ${model.inputs.length} inputs, not ${inputs.length}.`);
  const [argument] = args.positional;
  const keys = argument?.kind === 'list' ? argument.keys : undefined;
  if (!keys) return inputs;
  return model.inputs.map(({ name }) => {
    const input = inputs[keys.indexOf(name)];
    if (input === undefined) throw config.refuse('invalid-config', `it is given no input ${name}.`);
    return input;
  });
}

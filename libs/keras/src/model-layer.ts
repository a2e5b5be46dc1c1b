/** A model as a layer of another one: its own layers, carried out in their order at every call. */
import { buildStructure } from './build-structure.js';
import { positionalInputs, type CallArguments } from './call-arguments.js';
import { LayerConfig, type ReadingContext } from './config/layer-config.js';
import type { ModelConfig } from './config/saved-config.js';
import { requireReadableArguments } from './call-arguments.js';
import { runStructure, type ModelStructure } from './graph.js';
import type { Layer, Masked } from './layer.js';
import { tensorType } from './onnx/onnx-schema.js';
import type { Shape } from './shape.js';

/** Throws `KerasImportError` for what it is called with, when it is called. */
export function modelLayer(name: string, className: string, model: ModelConfig, context: ReadingContext): Layer {
  const config = new LayerConfig(name, className, context, {});
  const structures = new Map<string, ModelStructure>();
  const structureFor = (inputShapes: readonly Shape[], args: CallArguments): ModelStructure => {
    requireReadableArguments(args, ['mask'], config);
    const taken = positionalInputs(args).map((index) => inputShapes[index] as Shape);
    if (taken.length !== model.inputs.length)
      throw config.refuse('invalid-config', `it takes ${model.inputs.length} inputs, not ${taken.length}.`);
    const key = JSON.stringify(taken);
    const structure = structures.get(key) ?? buildStructure(model, context, taken);
    structures.set(key, structure);
    return structure;
  };
  /** Positional inputs only; a mask that is given takes the place of the first one's. */
  const modelInputs = <Value>(
    inputs: readonly Masked<Value>[],
    args: CallArguments,
    toBooleans: (value: Value) => Value,
  ): Masked<Value>[] => {
    const taken = positionalInputs(args).map((index) => inputs[index] as Masked<Value>);
    const argument = args.keywords['mask'];
    const mask = argument?.kind === 'tensor' ? inputs[argument.input]?.value : undefined;
    if (mask === undefined) return taken;
    return taken.map(({ value }, index) => (index === 0 ? { value, mask: toBooleans(mask) } : { value }));
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

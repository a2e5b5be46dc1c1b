/** A model as both back ends read it: a directed graph without cycles, of layers applied to tensors. */
import type { KerasVersion } from './config/keras-version.js';
import type { Weight, WeightSpec } from './container/weight-spec.js';
import type { Layer, LayerCall, Masked } from './layer.js';
import type { Shape } from './shape.js';

/** A tensor of the graph. Ids are unique within it. */
export interface GraphTensor {
  readonly id: string;
  /** `[null, …]`: the batch is axis 0. */
  readonly shape: Shape;
}

/** A named end of the graph, in the model's own order and by the model's own name. */
export interface GraphPort {
  readonly name: string;
  readonly tensor: GraphTensor;
}

/** One application of a layer. */
export interface StructureNode {
  /** Unique; the layer's name, with a suffix from the second application on. */
  readonly id: string;
  readonly layer: Layer;
  readonly inputs: readonly GraphTensor[];
  readonly outputs: readonly GraphTensor[];
  readonly call: LayerCall;
  /** Where the layer's weights stand in those of the model, `[start, end)`; a shared layer's nodes name the same. */
  readonly weightRange: readonly [start: number, end: number];
}

/** A model without its weights: what a layer that is itself a model consists of. */
export interface ModelStructure {
  readonly name: string;
  readonly inputs: readonly GraphPort[];
  readonly outputs: readonly GraphPort[];
  /** In an order in which every node follows those it reads from. */
  readonly nodes: readonly StructureNode[];
  /** The weights of all layers, each layer's once. */
  readonly weightSpecs: readonly WeightSpec[];
  /** Layers at work, those of nested models counted at every use. */
  readonly layerCount: number;
}

/** A node with its weights; a shared layer occurs in several nodes, its weights are the same objects in each. */
export interface GraphNode extends StructureNode {
  readonly weights: readonly Weight[];
}

export interface KerasGraph extends Omit<ModelStructure, 'nodes'> {
  readonly keras: KerasVersion;
  /** What the file was: a `.keras` archive, HDF5, or a zip of a TensorFlow.js layers model. */
  readonly packing: 'keras' | 'h5' | 'tfjs';
  readonly nodes: readonly GraphNode[];
  /** As `weightSpecs` asks for them. */
  readonly weights: readonly Weight[];
  /** Numbers in all weights together, shared ones counted once. */
  readonly parameterCount: number;
}

/**
 * Carries values through a model, whatever they are: names of ONNX values, tensors. `apply` computes one node; masks
 * travel beside the values. Returns the outputs.
 */
export function runStructure<Value, Stored>(
  structure: Pick<ModelStructure, 'nodes' | 'inputs' | 'outputs'>,
  inputs: readonly Masked<Value>[],
  weights: readonly Stored[],
  apply: (node: StructureNode, inputs: readonly Masked<Value>[], weights: readonly Stored[]) => Masked<Value>[],
): Masked<Value>[] {
  const values = new Map<string, Masked<Value>>();
  const valueOf = ({ id }: GraphTensor): Masked<Value> => present(values.get(id), id);
  structure.inputs.forEach(({ name, tensor }, index) => values.set(tensor.id, present(inputs[index], name)));
  for (const node of inRunningOrder(structure.nodes)) {
    const outputs = apply(node, node.inputs.map(valueOf), weights.slice(...node.weightRange));
    if (node.layer.forgetsInputMasks) {
      for (const tensor of node.inputs) values.set(tensor.id, { value: valueOf(tensor).value });
    }
    node.outputs.forEach(({ id }, index) => values.set(id, present(outputs[index], id)));
  }
  return structure.outputs.map(({ tensor }) => valueOf(tensor));
}

/**
 * Where a layer takes masks away, it matters which layers come before it: Keras carries out first what is furthest from the
 * outputs.
 */
function inRunningOrder(nodes: readonly StructureNode[]): readonly StructureNode[] {
  if (!nodes.some(({ layer }) => layer.forgetsInputMasks)) return nodes;
  const distance = new Map<string, number>();
  const distanceOf = ({ outputs }: StructureNode): number =>
    Math.max(...outputs.map(({ id }) => distance.get(id) ?? 0));
  for (const node of nodes.toReversed()) {
    const next = distanceOf(node) + 1;
    for (const { id } of node.inputs) distance.set(id, Math.max(distance.get(id) ?? 0, next));
  }
  return nodes.toSorted((a, b) => distanceOf(b) - distanceOf(a));
}

function present<T>(item: T | undefined, name: string): T {
  if (item === undefined) throw new RangeError(`no value for ${name}`);
  return item;
}

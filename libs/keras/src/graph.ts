/** A model as both back ends read it: a directed graph without cycles, of layers applied to tensors. */
import type { Layer } from './layer.js';
import type { Weight } from './container/weight-store.js';
import type { KerasVersion } from './config/keras-version.js';
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

/** A layer with its weights; a shared layer occurs in several nodes, its weights are the same object in each. */
export interface GraphNode {
  /** Unique; the layer's name, with a suffix from the second application on. */
  readonly id: string;
  readonly layer: Layer;
  readonly weights: readonly Weight[];
  readonly inputs: readonly GraphTensor[];
  readonly outputs: readonly GraphTensor[];
}

export interface KerasGraph {
  readonly name: string;
  readonly keras: KerasVersion;
  readonly inputs: readonly GraphPort[];
  readonly outputs: readonly GraphPort[];
  /** In an order in which every node follows those it reads from. */
  readonly nodes: readonly GraphNode[];
  /** Numbers in all weights together, shared ones counted once. */
  readonly parameterCount: number;
}

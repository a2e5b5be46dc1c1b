/** A Keras graph as a function over TensorFlow.js tensors, on whatever back end the given `tf` runs. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Weight } from '../container/weight-store.js';
import type { KerasGraph } from '../graph.js';
import type { TensorFlow } from '../layer.js';

export interface TensorFlowModel {
  /** `inputs` in the graph's order, `[batch, …]` float32; the answers likewise. The caller disposes of both. */
  run(inputs: readonly Tensor[]): Tensor[];
  /** Frees the weights. */
  dispose(): void;
}

/** Uploads the weights once; every `run` then allocates its intermediate tensors only. */
export function buildTensorFlowModel(graph: KerasGraph, tf: TensorFlow): TensorFlowModel {
  const uploaded = new Map<Weight, Tensor>();
  for (const weight of graph.nodes.flatMap((node) => node.weights)) {
    if (!uploaded.has(weight)) uploaded.set(weight, tf.tensor(weight.values, [...weight.shape], 'float32'));
  }
  return {
    run(inputs) {
      return tf.tidy(() => {
        const tensors = new Map<string, Tensor>();
        graph.inputs.forEach((port, index) => tensors.set(port.tensor.id, required(inputs[index], port.name)));
        for (const node of graph.nodes) {
          const read = node.inputs.map(({ id }) => required(tensors.get(id), id));
          const weights = node.weights.map((weight) => required(uploaded.get(weight), weight.name));
          const call = {
            inputShapes: node.inputs.map(({ shape }) => shape),
            outputShapes: node.outputs.map(({ shape }) => shape),
          };
          const written = node.layer.tensorflow(tf, read, weights, call);
          node.outputs.forEach(({ id }, index) => tensors.set(id, required(written[index], id)));
        }
        // A copy, so that an output that is an input may be disposed of without the other.
        return graph.outputs.map((port) => tf.clone(required(tensors.get(port.tensor.id), port.name)));
      });
    },
    dispose() {
      for (const tensor of uploaded.values()) tensor.dispose();
      uploaded.clear();
    },
  };
}

function required(tensor: Tensor | undefined, name: string): Tensor {
  if (!tensor) throw new RangeError(`no tensor for ${name}`);
  return tensor;
}

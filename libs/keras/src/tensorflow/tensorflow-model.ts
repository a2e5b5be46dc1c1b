/** A Keras graph as a function over TensorFlow.js tensors, on whatever back end the given `tf` runs. */
import type { Tensor } from '@tensorflow/tfjs-core';
import { runStructure, type KerasGraph } from '../graph.js';
import type { TensorFlow } from '../layer.js';

export interface TensorFlowModel {
  /** `inputs` in the graph's order, `[batch, …]` float32; the answers likewise. The caller disposes of both. */
  run(inputs: readonly Tensor[]): Tensor[];
  /** Frees the weights. */
  dispose(): void;
}

/** Uploads the weights once; every `run` then allocates its intermediate tensors only. */
export function buildTensorFlowModel(graph: KerasGraph, tf: TensorFlow): TensorFlowModel {
  const weights = graph.weights.map(({ values, shape }) => tf.tensor(values, [...shape], 'float32'));
  return {
    run(inputs) {
      return tf.tidy(() => {
        const given = inputs.map((value) => ({ value }));
        const computed = runStructure<Tensor, Tensor>(graph, given, weights, ({ layer, call }, values, own) =>
          layer.tensorflow(tf, values, own, call),
        );
        // A copy, so that an output that is an input may be disposed of without the other.
        return computed.map(({ value }) => tf.clone(value));
      });
    },
    dispose() {
      for (const weight of weights) weight.dispose();
    },
  };
}

/**
 * What a layer is to the importer: its options as read, the weights it expects, its shape rule and its two forms. A new
 * layer is one file in `layers/` that calls `defineLayer`, and one line in `layers/registry.ts`.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayerConfig } from './config/layer-config.js';
import type { Weight, WeightSpec } from './container/weight-store.js';
import type { OnnxScope } from './onnx/onnx-graph.js';
import type { Shape } from './shape.js';

/** The functions of `@tensorflow/tfjs-core`; the caller brings them, so that this library depends on no back end. */
export type TensorFlow = typeof import('@tensorflow/tfjs-core');

/** What is known about one application of a layer. Batch is axis 0 of every shape. */
export interface LayerCall {
  readonly inputShapes: readonly Shape[];
  readonly outputShapes: readonly Shape[];
}

/** A layer of a model, its options read. */
export interface Layer {
  readonly name: string;
  readonly className: string;
  weights(inputShapes: readonly Shape[]): WeightSpec[];
  outputShapes(inputShapes: readonly Shape[]): Shape[];
  /** Names of the output values, as many as `outputShapes`. */
  onnx(scope: OnnxScope, inputs: readonly string[], weights: readonly Weight[], call: LayerCall): string[];
  /** `weights` hold the same values as for ONNX, in the same order. The caller disposes of intermediate tensors. */
  tensorflow(tf: TensorFlow, inputs: readonly Tensor[], weights: readonly Tensor[], call: LayerCall): Tensor[];
}

/** The four forms of a layer class, with the options that its `read` returns. */
export interface LayerForms<Options> {
  /** Keras' class names. */
  readonly classNames: readonly string[];
  /** What is read and what is refused, for the table of layers. */
  readonly summary: string;
  readonly read: (config: LayerConfig) => Options;
  readonly weights?: (options: Options, inputShapes: readonly Shape[]) => WeightSpec[];
  /** Absent: the shape of the only input. */
  readonly outputShape?: (options: Options, inputShapes: readonly Shape[]) => Shape;
  readonly onnx: (
    options: Options,
    scope: OnnxScope,
    inputs: readonly string[],
    weights: readonly Weight[],
    call: LayerCall,
  ) => string;
  readonly tensorflow: (
    options: Options,
    tf: TensorFlow,
    inputs: readonly Tensor[],
    weights: readonly Tensor[],
    call: LayerCall,
  ) => Tensor;
  /** How many tensors the layer takes; absent: exactly one. */
  readonly inputs?: 'one' | 'many';
}

export interface LayerDefinition {
  readonly classNames: readonly string[];
  readonly summary: string;
  readonly read: (config: LayerConfig) => Layer;
}

/**
 * Binds the forms of a layer class together. Layers of one output; one of several implements `LayerDefinition` itself.
 */
export function defineLayer<Options>(forms: LayerForms<Options>): LayerDefinition {
  return {
    classNames: forms.classNames,
    summary: forms.summary,
    read(config) {
      const options = forms.read(config);
      const requireInputs = (shapes: readonly Shape[]): void => {
        if ((forms.inputs ?? 'one') === 'one' ? shapes.length !== 1 : shapes.length < 2) {
          throw config.refuse('invalid-config', `it cannot take ${shapes.length} inputs.`);
        }
      };
      return {
        name: config.name,
        className: config.className,
        weights: (inputShapes) => forms.weights?.(options, inputShapes) ?? [],
        outputShapes(inputShapes) {
          requireInputs(inputShapes);
          return [forms.outputShape?.(options, inputShapes) ?? first(inputShapes)];
        },
        onnx: (scope, inputs, weights, call) => [forms.onnx(options, scope, inputs, weights, call)],
        tensorflow: (tf, inputs, weights, call) => [forms.tensorflow(options, tf, inputs, weights, call)],
      };
    },
  };
}

/** The first of a list that is known not to be empty. */
export function first<T>(list: readonly T[]): T {
  const [item] = list;
  if (item === undefined) throw new RangeError('an empty list has no first item');
  return item;
}

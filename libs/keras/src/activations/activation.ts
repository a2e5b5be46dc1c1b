/** An activation function: elementwise, or along one axis, of the shape it is given but for the last axis of glu. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../layer.js';
import type { OnnxScope } from '../onnx/onnx-graph.js';

export interface Activation {
  readonly halvesLastAxis?: true;
  /** Name of the output value. */
  onnx(scope: OnnxScope, input: string): string;
  tensorflow(tf: TensorFlow, input: Tensor): Tensor;
}

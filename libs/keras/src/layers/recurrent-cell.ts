/**
 * What one step of a recurrent layer computes. LSTM, GRU and SimpleRNN are cells; `recurrence.ts` carries them over
 * time, as the layers of the same names do, and as RNN does with the cells of its author's choice.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Activation } from '../activations/activation.js';
import { readActivation } from '../activations/read-activation.js';
import { LayerConfig } from '../config/layer-config.js';
import type { Weight, WeightSpec } from '../container/weight-spec.js';
import type { TensorFlow } from '../layer.js';
import type { OnnxScope } from '../onnx/onnx-graph.js';
import type { RecurrentOperator } from './recurrent-operator.js';

export interface RecurrentCell {
  readonly outputSize: number;
  /** Sizes of the states in Keras' order. */
  readonly stateSizes: readonly number[];
  /** Which of the states is the output. */
  readonly outputState: number;
  /** Which of the states stands for the output of a masked step, where one does; absent: the output. */
  readonly maskedState?: number;
  weights(inputSize: number): readonly WeightSpec[];
  /**
   * The part of a step that needs no state, for all steps at once: `[batch, time, features]` → `[batch, time, n]`, which
   * `onnxStep` is given step by step.
   */
  onnxInput(scope: OnnxScope, sequence: string, weights: readonly Weight[]): string;
  /** The states after the step. */
  onnxStep(scope: OnnxScope, input: string, states: readonly string[], weights: readonly Weight[]): string[];
  /** The states after the step; `input` is `[batch, features]`. */
  tensorflowStep(tf: TensorFlow, input: Tensor, states: readonly Tensor[], weights: readonly Tensor[]): Tensor[];
  /** Where the file keeps other weights than a step takes: how the one becomes the other. */
  readonly stored?: {
    onnx(weights: readonly Weight[]): Weight[];
    tensorflow(tf: TensorFlow, weights: readonly Tensor[]): Tensor[];
  };
  /** The operator of ONNX that computes all steps at once; absent where there is none. */
  readonly operator?: RecurrentOperator;
}

export interface Recurrence {
  readonly config: LayerConfig;
  readonly cell: RecurrentCell;
  readonly returnSequences: boolean;
  readonly returnState: boolean;
  /** From the last step to the first; outputs stand in the order in which they were computed. */
  readonly goBackwards: boolean;
  /** What stands for the output of a masked step. */
  readonly maskedOutput: MaskedOutput;
  /**
   * Zeros then take the place of outputs by a mask in the order of time, while the outputs may stand in the opposite one:
   * what Keras does with TensorFlow to unrolled layers with zero_output_for_mask.
   */
  readonly zeroedInOrderOfTime: boolean;
}

/**
 * `state`: the output state, which a masked step keeps. `previous`: the output before, zeros where there was none: another
 * answer than the state only where the layer was given initial states. `zero`: zeros.
 */
export type MaskedOutput = 'state' | 'previous' | 'zero';

/** The option `units`, with a bound that keeps the product of a hostile file's options a safe integer. */
export function readUnits(config: LayerConfig): number {
  const units = config.integer('units');
  if (units < 1) throw config.refuse('invalid-config', 'units should be positive.');
  if (units > config.context.limits.maxTensorElements)
    throw config.refuse('too-large', `${units} units are more than a tensor may hold.`);
  return units;
}

/** What a cell applies to its gates and to its candidate; `null` is linear, an option that is not there Keras' default. */
export function readCellActivations(config: LayerConfig): { activation: Activation; recurrentActivation: Activation } {
  const { major, minor } = config.keras;
  const read = (option: string, standard: string): Activation =>
    config.raw(option) === undefined
      ? readActivation(new LayerConfig(config.name, config.className, config.context, { activation: standard }))
      : readActivation(config, option);
  return {
    activation: read('activation', 'tanh'),
    recurrentActivation: read('recurrent_activation', major === 2 && minor < 3 ? 'hard_sigmoid' : 'sigmoid'),
  };
}

/** `[n]` or `[…, n]` cut along the last axis into `parts` of equal length, in ONNX. */
export function splitGates(scope: OnnxScope, value: string, parts: number): string[] {
  return parts === 1 ? [value] : scope.ops('Split', [value], { axis: { int: -1 } }, parts);
}

/** `sequence · kernel + bias` over the last axis, in ONNX. */
export function projected(scope: OnnxScope, value: string, kernel: Weight, bias?: ArrayLike<number>): string {
  const product = scope.op('MatMul', [value, scope.floats(kernel.values, kernel.shape)]);
  return bias ? scope.op('Add', [product, scope.floats(bias, [bias.length])]) : product;
}

/** A weight that the cell has asked for. */
export function required<T>(weight: T | undefined): T {
  if (weight === undefined) throw new RangeError('a recurrent cell without its weights');
  return weight;
}

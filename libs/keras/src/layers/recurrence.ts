/**
 * A recurrent cell carried over time: `[batch, time, features]` → the last output `[batch, units]` or all of them
 * `[batch, time, units]`, and the states after the last step where they are asked for.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import { inputsOf, positionalInputs, type CallArguments } from '../call-arguments.js';
import type { LayerConfig } from '../config/layer-config.js';
import { carriesMasksAsMultiBackend, isAtLeast } from '../config/keras-version.js';
import { below } from '../container/weight-spec.js';
import { defineLayer, first, type FormCall, type LayerDefinition, type TensorFlow } from '../layer.js';
import { knownSize, type Shape } from '../shape.js';
import type { Recurrence, RecurrentCell } from './recurrent-cell.js';
import { writeRecurrence } from './recurrent-onnx.js';

/** A layer of one cell class. `readCell` may throw `KerasImportError`. */
export function defineRecurrence(
  classNames: readonly string[],
  summary: string,
  readCell: (config: LayerConfig) => RecurrentCell,
): LayerDefinition {
  return defineLayer<Recurrence>({
    classNames,
    summary,
    inputs: 'many',
    keywords: ['initial_state', 'mask'],
    masking: ({ returnSequences }) => (returnSequences ? 'pass' : 'stop'),
    read: (config) => readRecurrence(config, readCell(config)),
    weights: ({ config, cell }, inputShapes) => below(cell.weights(knownSize(first(inputShapes), 2, config)), 'cell'),
    outputShapes,
    onnx(options, scope, inputs, weights, call) {
      const sequence = first(inputs);
      const states = stateInputs(call.arguments).map((index) => inputs[index] as string);
      const own = options.cell.stored?.onnx(weights) ?? weights;
      const [, length = null] = first(call.inputShapes);
      const mask = sequenceMask(options, call);
      const answer = writeRecurrence(options, scope, { sequence, states, mask, length }, own);
      let { output } = answer;
      if (options.zeroedInOrderOfTime && mask !== undefined) {
        const counts = scope.op('Unsqueeze', [mask, scope.integers([2])]);
        output = scope.op('Where', [counts, output, scope.scalar(0)]);
      }
      return [output, ...(options.returnState ? answer.states : [])];
    },
    tensorflow: (options, tf, inputs, weights, call) =>
      tf.tidy(() => {
        const own = options.cell.stored?.tensorflow(tf, weights) ?? weights;
        return stepByStep(options, tf, inputs, own, call);
      }),
  });
}

function readRecurrence(config: LayerConfig, cell: RecurrentCell): Recurrence {
  if (config.boolean('time_major', false))
    throw config.refuse('unsupported-option', 'time_major is not read; save the model with batches first.');
  requireNoConstants(config);
  return {
    config,
    cell,
    returnSequences: config.boolean('return_sequences', false),
    returnState: config.boolean('return_state', false),
    goBackwards: config.boolean('go_backwards', false),
    ...readMaskedOutput(config),
  };
}

/** Keras 2 lists constants of a cell behind the states it is called with. Throws `unsupported-option`. */
export function requireNoConstants(config: LayerConfig): void {
  if (config.integer('num_constants', 0) > 0)
    throw config.refuse('unsupported-option', 'constants are not read; pass sequences and states only.');
}

/**
 * Back ends of Keras 3 disagree about the output of a masked step in two rare cases, before the first step that counts of
 * a layer with initial states, and unrolled with zero_output_for_mask; there it is the answer of TensorFlow, Keras' own
 * default, and in both that of Keras 2.
 */
function readMaskedOutput(config: LayerConfig): Pick<Recurrence, 'maskedOutput' | 'zeroedInOrderOfTime'> {
  const unroll = config.boolean('unroll', false);
  const zero = config.boolean('zero_output_for_mask', false);
  const turned = config.boolean('return_sequences', false) && config.boolean('go_backwards', false);
  const zeroedInOrderOfTime = zero && unroll && turned;
  if (zero && !zeroedInOrderOfTime) return { maskedOutput: 'zero', zeroedInOrderOfTime };
  // Keras 2.3 has its steps carried out by TensorFlow's own Keras, in which it is the output before, as it is on Theano.
  const early = carriesMasksAsMultiBackend(config.keras) && !isAtLeast(config.keras, 2, 3) && !config.keras.onTheano;
  const state = early && !unroll;
  return { maskedOutput: state ? 'state' : 'previous', zeroedInOrderOfTime };
}

function outputShapes(
  { config, cell, returnSequences, returnState }: Recurrence,
  inputShapes: readonly Shape[],
  args: CallArguments,
): Shape[] {
  const [batch, time, ...features] = first(inputShapes);
  if (batch === undefined || time === undefined || features.length !== 1)
    throw config.refuse('shape-mismatch', 'its input should be [batch, time, features].');
  const states = stateInputs(args).map((index) => inputShapes[index] as Shape);
  const fit =
    states.length === cell.stateSizes.length &&
    states.every((shape, index) => shape.length === 2 && shape[1] === cell.stateSizes[index]);
  if (states.length > 0 && !fit)
    throw config.refuse(
      'shape-mismatch',
      `its initial states should be ${cell.stateSizes.join(' and ')} numbers wide.`,
    );
  if (args.positional.slice(2).some((argument) => inputsOf(argument).length > 0))
    throw config.refuse('unsupported-option', 'it is called with more than a sequence and states; pass masks by name.');
  return [
    returnSequences ? [null, time, cell.outputSize] : [null, cell.outputSize],
    ...(returnState ? cell.stateSizes.map((size): Shape => [null, size]) : []),
  ];
}

/**
 * Which inputs are initial states: Keras 2 lists them behind the sequence, Keras 3 passes them as `initial_state`, the
 * second parameter.
 */
function stateInputs(args: CallArguments): number[] {
  return [...positionalInputs(args).slice(1), ...inputsOf(args.keywords['initial_state'])];
}

/**
 * The mask that the steps are computed with. Keras 3 hands a layer of several tensors no mask but one that is passed to
 * it, so that one with initial states computes every step; the mask only goes on to the layers behind it.
 */
function sequenceMask<Value>(recurrence: Recurrence, call: FormCall<Value>): Value | undefined {
  const { config } = recurrence;
  const passed = call.arguments.keywords['mask']?.kind === 'tensor';
  const overlooked = config.keras.major >= 3 && !passed && stateInputs(call.arguments).length > 0;
  const mask = overlooked ? undefined : call.masks[0];
  if (mask !== undefined) requireMaskedState(recurrence);
  return mask;
}

/** A state stands for the output of a masked step as it is; one of another size has Keras itself give up. */
function requireMaskedState({ config, cell, maskedOutput }: Recurrence): void {
  const { stateSizes, outputState, maskedState = outputState } = cell;
  if (maskedOutput === 'state' && stateSizes[maskedState] !== cell.outputSize)
    throw config.refuse(
      'unsupported-option',
      'its mask is not read, as its cells differ in size, which no Keras of its version computes with a mask.',
    );
}

function stepByStep(
  options: Recurrence,
  tf: TensorFlow,
  inputs: readonly Tensor[],
  weights: readonly Tensor[],
  call: FormCall<Tensor>,
): Tensor[] {
  const sequence = first(inputs);
  const [batch = 0, length = 0] = sequence.shape;
  const steps = tf.unstack(sequence, 1);
  const { cell, returnSequences, returnState, goBackwards, maskedOutput, zeroedInOrderOfTime } = options;
  const given = sequenceMask(options, call);
  const mask = given && tf.unstack(tf.expandDims(given, 2), 1);
  const initial = stateInputs(call.arguments).map((index) => inputs[index] as Tensor);
  let states: readonly Tensor[] =
    initial.length > 0 ? initial : cell.stateSizes.map((size) => tf.zeros([batch, size], 'float32'));
  const nothing = tf.zeros([batch, cell.outputSize], 'float32');
  let output: Tensor = nothing;
  const outputs: Tensor[] = [];
  for (let time = 0; time < length; time++) {
    const at = goBackwards ? length - 1 - time : time;
    const next = cell.tensorflowStep(tf, steps[at] as Tensor, states, weights);
    const counts = mask?.[at];
    if (!counts) {
      states = next;
      output = next[cell.outputState] as Tensor;
    } else {
      const computed = next[cell.outputState] as Tensor;
      const kept = states[cell.maskedState ?? cell.outputState] as Tensor;
      states = next.map((state, index) => tf.where(counts, state, states[index] as Tensor));
      const otherwise = { zero: nothing, previous: output, state: kept }[maskedOutput];
      output = tf.where(counts, computed, otherwise);
    }
    outputs.push(output);
  }
  let answer = returnSequences ? tf.stack(outputs, 1) : output;
  if (zeroedInOrderOfTime && given) answer = tf.mul(answer, tf.cast(tf.expandDims(given, 2), 'float32'));
  return [answer, ...(returnState ? states : [])];
}

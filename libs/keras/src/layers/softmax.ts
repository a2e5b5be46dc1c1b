/** Softmax as a layer, with a mask of what takes part: given by hand, or carried beside a tensor of two axes. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Activation } from '../activations/activation.js';
import { softmaxAxes } from '../activations/read-activation.js';
import { softmax } from '../activations/softmax.js';
import { boundArgument, positionalInputs } from '../call-arguments.js';
import { isAtLeast } from '../config/keras-version.js';
import type { LayerConfig } from '../config/layer-config.js';
import { defineLayer, first, type FormCall } from '../layer.js';
import type { OnnxScope } from '../onnx/onnx-graph.js';
import { tensorType } from '../onnx/onnx-schema.js';
import { axisIndex, type Shape } from '../shape.js';

interface SoftmaxOptions {
  readonly config: LayerConfig;
  readonly axes: readonly number[];
  readonly activation: Activation;
  /** From Keras 3.13 what is masked is replaced; until then a number is added to it. */
  readonly replaces: boolean;
  /** From Keras 3.10 masked places answer 0 even where all are masked. */
  readonly zeroes: boolean;
}

/** Keras' own, added to or put in place of masked logits. */
const largeNegative = -1e9;
export const softmaxLayer = defineLayer<SoftmaxOptions>({
  classNames: ['Softmax'],
  summary: 'over one axis or several, with a mask of as many axes as its input',
  inputs: 'any',
  keywords: ['mask'],
  read(config) {
    const axes = softmaxAxes(config);
    const { major, minor } = config.keras;
    return {
      config,
      axes,
      activation: softmax(...axes),
      replaces: major > 3 || (major === 3 && minor >= 13),
      zeroes: major > 3 || (major === 3 && minor >= 10),
    };
  },
  outputShape({ config, axes }, inputShapes, args) {
    const input = first(inputShapes);
    if (new Set(axes.map((axis) => axisIndex(axis, input, config))).size !== axes.length)
      throw config.refuse('invalid-config', 'axis names one axis twice.');
    if (positionalInputs(args).length > 2) throw config.refuse('invalid-config', 'it takes one input and a mask.');
    const mask = boundArgument(args, 1, 'mask');
    if (mask?.kind === 'tensor') requireSameRank(config, inputShapes[mask.input]?.length, input.length);
    return input;
  },
  onnx(options, scope, inputs, _weights, call) {
    const x = first(inputs);
    const mask = maskOf(options, inputs, call);
    if (mask === undefined) return options.activation.onnx(scope, x);
    const kept = scope.op('Cast', [mask], { to: { int: tensorType.float } });
    return options.replaces
      ? replacedOnnx(options, scope, x, scope.op('Greater', [kept, scope.scalar(0.5)]))
      : addedOnnx(options, scope, x, kept);
  },
  tensorflow(options, tf, inputs, _weights, call) {
    const x = first(inputs);
    const mask = maskOf(options, inputs, call);
    if (!mask) return options.activation.tensorflow(tf, x);
    const weight = tf.cast(mask, 'float32');
    const kept: Tensor = options.replaces ? tf.cast(tf.greater(weight, 0.5), 'float32') : weight;
    const penalty = tf.mul(tf.sub(1, kept), largeNegative);
    // With masks of 0 and 1 both come to the same numbers.
    const logits = options.replaces ? tf.add(tf.mul(x, kept), penalty) : tf.add(x, penalty);
    const answer = options.activation.tensorflow(tf, logits);
    return options.zeroes ? tf.mul(answer, kept) : answer;
  },
  masking: {
    onnx: (_options, _scope, _inputs, call) => (isMaskGiven(call) ? undefined : call.masks[0]),
    tensorflow: (_options, _tf, _inputs, call) => (isMaskGiven(call) ? undefined : call.masks[0]),
  },
});

function isMaskGiven<Value>(call: FormCall<Value>): boolean {
  return boundArgument(call.arguments, 1, 'mask') !== undefined;
}

function maskOf<Value>({ config }: SoftmaxOptions, inputs: readonly Value[], call: FormCall<Value>): Value | undefined {
  const given = boundArgument(call.arguments, 1, 'mask');
  if (given?.kind === 'tensor') return inputs[given.input];
  const [mask] = call.masks;
  if (mask === undefined || !heedsMask(config, first(call.inputShapes))) return undefined;
  // One boolean a timestep.
  requireSameRank(config, 2, first(call.inputShapes).length);
  return mask;
}

/**
 * Softmax knows masks since TensorFlow 2.4. Both 2.3 and 2.4 call their Keras 2.4.0; a mask of timesteps that does not fit
 * the last two axes is none that 2.4 would take.
 */
function heedsMask({ keras }: LayerConfig, [, time, features]: Shape): boolean {
  if (!isAtLeast(keras, 2, 4)) return false;
  const fits = [time, 1, null].includes(features ?? null) || time === 1 || time === null;
  return fits || isAtLeast(keras, 2, 5) || features === undefined;
}

/** Keras would spread a mask of fewer axes over the wrong ones: its batch over timesteps. */
function requireSameRank(config: LayerConfig, mask: number | undefined, input: number): void {
  if (mask !== input)
    throw config.refuse('unsupported-option', `a mask of ${mask ?? 0} axes on an input of ${input} is not read.`);
}

function replacedOnnx({ activation }: SoftmaxOptions, scope: OnnxScope, x: string, kept: string): string {
  const answer = activation.onnx(scope, scope.op('Where', [kept, x, scope.scalar(largeNegative)]));
  return scope.op('Where', [kept, answer, scope.scalar(0)]);
}

function addedOnnx({ activation, zeroes }: SoftmaxOptions, scope: OnnxScope, x: string, kept: string): string {
  const masked = scope.op('Sub', [scope.scalar(1), kept]);
  const penalty = scope.op('Mul', [masked, scope.scalar(largeNegative)]);
  const answer = activation.onnx(scope, scope.op('Add', [x, penalty]));
  return zeroes ? scope.op('Mul', [answer, kept]) : answer;
}

/**
 * Bidirectional: a recurrent layer over the sequence and another one, from its end to its start, over the same; the
 * outputs of both are merged per step, the states follow those of the first layer by those of the second.
 */
import { inputsOf, positionalInputs, type CallArgument, type CallArguments } from '../call-arguments.js';
import { carriesMasksAsMultiBackend } from '../config/keras-version.js';
import type { LayerConfig } from '../config/layer-config.js';
import { requireObject, type JsonObject } from '../config/saved-config.js';
import { below } from '../container/weight-spec.js';
import { defineLayer, first, type FormCall, type Layer, type LayerCall, type Masked } from '../layer.js';
import type { Shape } from '../shape.js';
import { requireNoConstants } from './recurrence.js';
import { reversedTime } from './recurrent-onnx.js';

const mergeModes = ['concat', 'sum', 'mul', 'ave', null] as const;
type MergeMode = (typeof mergeModes)[number];

interface Options {
  readonly config: LayerConfig;
  readonly forward: Layer;
  readonly backward: Layer;
  readonly mergeMode: MergeMode;
  readonly returnSequences: boolean;
}

/** Layers that Keras lets run both ways. */
const recurrentClasses = new Set(['LSTM', 'GRU', 'SimpleRNN', 'RNN', 'CuDNNLSTM', 'CuDNNGRU']);

export const bidirectional = defineLayer<Options>({
  classNames: ['Bidirectional'],
  summary: 'around every recurrent layer that is read; every merge mode, a backward layer of its own, states',
  inputs: 'many',
  keywords: ['initial_state', 'mask'],
  read: readBidirectional,
  masking: ({ returnSequences, mergeMode }) => {
    if (!returnSequences) return 'stop';
    const rule = <Value>(_options: Options, _scope: unknown, _inputs: unknown, { masks }: FormCall<Value>) =>
      mergeMode === null ? [masks[0], masks[0]] : masks[0];
    return { onnx: rule, tensorflow: rule };
  },
  weights({ forward, backward }, inputShapes, args) {
    const [there, back] = bothCalls(args, inputShapes);
    return [
      ...below(forward.weights(there.shapes, there.arguments), 'forward_layer'),
      ...below(backward.weights(back.shapes, back.arguments), 'backward_layer'),
    ];
  },
  outputShapes({ config, forward, backward, mergeMode }, inputShapes, args) {
    const [there, back] = bothCalls(args, inputShapes);
    const [y, ...states] = forward.outputShapes(there.shapes, there.arguments);
    const [reversed, ...reversedStates] = backward.outputShapes(back.shapes, back.arguments);
    return [...mergedShapes(mergeMode, y ?? [], reversed ?? [], config), ...states, ...reversedStates];
  },
  layerCount: () => 3,
  onnx({ forward, backward, mergeMode, returnSequences }, scope, inputs, weights, call) {
    const [there, back] = bothCalls(call.arguments, call.inputShapes);
    const split = forward.weights(there.shapes, there.arguments).length;
    const run = (layer: Layer, own: typeof there, values: typeof weights) =>
      layer
        .onnx(scope.within(layer.name), maskedInputs(inputs, own, call), values, callOf(layer, own))
        .map(({ value }) => value);
    const [y = '', ...states] = run(forward, there, weights.slice(0, split));
    const [last = '', ...reversedStates] = run(backward, back, weights.slice(split));
    const reversed = returnSequences ? reversedTime(scope, last) : last;
    const merged = {
      concat: () => [scope.op('Concat', [y, reversed], { axis: { int: -1 } })],
      sum: () => [scope.op('Add', [y, reversed])],
      mul: () => [scope.op('Mul', [y, reversed])],
      ave: () => [scope.op('Mul', [scope.op('Add', [y, reversed]), scope.scalar(0.5)])],
      none: () => [y, reversed],
    }[mergeMode ?? 'none']();
    return [...merged, ...states, ...reversedStates];
  },
  tensorflow({ forward, backward, mergeMode, returnSequences }, tf, inputs, weights, call) {
    const [there, back] = bothCalls(call.arguments, call.inputShapes);
    const split = forward.weights(there.shapes, there.arguments).length;
    const run = (layer: Layer, own: typeof there, values: typeof weights) =>
      layer.tensorflow(tf, maskedInputs(inputs, own, call), values, callOf(layer, own)).map(({ value }) => value);
    const [y, ...states] = run(forward, there, weights.slice(0, split));
    const [last, ...reversedStates] = run(backward, back, weights.slice(split));
    if (!y || !last) throw new RangeError('Bidirectional without outputs');
    const reversed = returnSequences ? tf.reverse(last, 1) : last;
    const merged = {
      concat: () => [tf.concat([y, reversed], -1)],
      sum: () => [tf.add(y, reversed)],
      mul: () => [tf.mul(y, reversed)],
      ave: () => [tf.div(tf.add(y, reversed), 2)],
      none: () => [y, reversed],
    }[mergeMode ?? 'none']();
    return [...merged, ...states, ...reversedStates];
  },
});

function readBidirectional(config: LayerConfig): Options {
  const mode = config.raw('merge_mode') === undefined ? 'concat' : config.raw('merge_mode');
  const mergeMode = mergeModes.find((known) => known === mode);
  if (mergeMode === undefined)
    throw config.refuse('invalid-config', 'merge_mode should be one of Keras; save it again.');
  requireNoConstants(config);
  const saved = requireObject(config.raw('layer'), `layer ${config.name}`);
  const own = requireObject(saved['config'], `layer ${config.name}`);
  const backwards = own['go_backwards'] === true;
  const backward = config.has('backward_layer')
    ? requireObject(config.raw('backward_layer'), `layer ${config.name}`)
    : { ...saved, config: { ...own, go_backwards: !backwards, name: `backward_${config.name}` } };
  const other = requireObject(backward['config'], `layer ${config.name}`);
  const agree = (['return_sequences', 'return_state'] as const).every((option) => own[option] === other[option]);
  if (!agree || (other['go_backwards'] === true) === backwards)
    throw config.refuse('invalid-config', 'its two layers do not fit each other; save the model again.');
  for (const { class_name: className } of [saved, backward]) {
    if (!recurrentClasses.has(String(className)))
      throw config.refuse('unsupported-layer', `it is around a ${String(className)}, which is not read both ways.`);
  }
  return {
    config,
    forward: config.context.readLayer(withMaskedZeros(saved, config)),
    backward: config.context.readLayer(withMaskedZeros(backward, config)),
    mergeMode,
    returnSequences: own['return_sequences'] === true,
  };
}

/**
 * Whatever the layers say, masked steps of sequences are zeros, but for Keras up to 2.3 of its own, and for the layers that
 * TensorFlow 2.1 carries out as a whole.
 */
function withMaskedZeros(saved: JsonObject, config: LayerConfig): JsonObject {
  if (carriesMasksAsMultiBackend(config.keras)) return saved;
  const own = requireObject(saved['config'], `layer ${config.name}`);
  if (config.keras.ofTensorFlow21 && isCarriedOutAsWhole(saved['class_name'], own)) return saved;
  return { ...saved, config: { ...own, zero_output_for_mask: own['return_sequences'] === true } };
}

/** Layers that have a kernel on graphics cards, which TensorFlow 2 hands over as one function wherever it runs. */
function isCarriedOutAsWhole(className: unknown, own: JsonObject): boolean {
  return (
    (className === 'LSTM' || (className === 'GRU' && own['reset_after'] === true)) &&
    own['activation'] === 'tanh' &&
    own['recurrent_activation'] === 'sigmoid' &&
    own['use_bias'] !== false &&
    own['unroll'] !== true &&
    (own['recurrent_dropout'] ?? 0) === 0
  );
}

/** The call of one of the two layers: the sequence and the layer's half of the initial states. */
interface HalfCall {
  /** Which of the inputs it takes, in its own order; a mask that is passed comes last. */
  readonly inputs: readonly number[];
  readonly shapes: readonly Shape[];
  readonly arguments: CallArguments;
}

function bothCalls(args: CallArguments, inputShapes: readonly Shape[]): [HalfCall, HalfCall] {
  const states = [...positionalInputs(args).slice(1), ...inputsOf(args.keywords['initial_state'])];
  const half = Math.floor(states.length / 2);
  const callWith = (own: readonly number[]): HalfCall => {
    const masks = inputsOf(args.keywords['mask']);
    const inputs = [0, ...own, ...masks];
    const items = own.map((_, index): CallArgument => ({ kind: 'tensor', input: index + 1 }));
    return {
      inputs,
      shapes: inputs.map((input) => inputShapes[input] as Shape),
      arguments: {
        positional: [{ kind: 'tensor', input: 0 }],
        keywords: {
          ...(items.length > 0 && { initial_state: { kind: 'list', items } }),
          ...(masks.length > 0 && { mask: { kind: 'tensor', input: inputs.length - 1 } }),
        },
      },
    };
  };
  return [callWith(states.slice(0, half)), callWith(states.slice(half))];
}

function callOf(layer: Layer, { shapes, arguments: args }: HalfCall): LayerCall {
  return { inputShapes: shapes, outputShapes: layer.outputShapes(shapes, args), arguments: args };
}

function maskedInputs<Value>(
  values: readonly Value[],
  { inputs }: HalfCall,
  { masks }: FormCall<Value>,
): Masked<Value>[] {
  return inputs.map((input) => ({ value: values[input] as Value, mask: input === 0 ? masks[0] : undefined }));
}

function mergedShapes(mergeMode: MergeMode, y: Shape, reversed: Shape, config: LayerConfig): Shape[] {
  if (mergeMode === null) return [y, reversed];
  const [size, other] = [first(y.slice(-1)), first(reversed.slice(-1))];
  if (mergeMode === 'concat') return [[...y.slice(0, -1), (size ?? 0) + (other ?? 0)]];
  if (size !== other)
    throw config.refuse('shape-mismatch', `${size} and ${other} units cannot be merged by ${mergeMode}.`);
  return [y];
}

/**
 * CategoryEncoding: ids from 0 to `num_tokens` - 1 become indicators (`one_hot`; `multi_hot` for any of several) or numbers
 * of occurrences (`count`). An id outside stands for no category, as in Keras 3; Keras 2 stops there.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import { boundArgument, inputsOf, positionalInputs, type CallArguments } from '../call-arguments.js';
import { isAtLeast } from '../config/keras-version.js';
import type { LayerConfig } from '../config/layer-config.js';
import { defineLayer, first } from '../layer.js';
import type { OnnxScope } from '../onnx/onnx-graph.js';
import { tensorType } from '../onnx/onnx-schema.js';
import type { Shape } from '../shape.js';
import { readCount } from './convolution.js';

type Mode = 'one_hot' | 'multi_hot' | 'count';

interface EncodingOptions {
  readonly config: LayerConfig;
  readonly tokens: number;
  readonly mode: Mode;
}

export const categoryEncoding = defineLayer<EncodingOptions>({
  classNames: ['CategoryEncoding'],
  summary: 'one_hot, multi_hot, count with and without weights; ids outside of the tokens count for nothing',
  inputs: 'any',
  keywords: ['count_weights'],
  read(config) {
    // In Keras 2.4 `max_tokens`, without which it learns the number from data.
    const count = config.has('num_tokens') ? 'num_tokens' : 'max_tokens';
    if (!config.has(count))
      throw config.refuse('unsupported-option', 'it was saved without num_tokens; save it with a later Keras.');
    if (config.raw('sparse') === true)
      throw config.refuse('unsupported-option', 'sparse output is not read; use a dense one.');
    const named = config.text('output_mode', 'multi_hot');
    const mode = named === 'binary' ? 'multi_hot' : named;
    if (mode !== 'one_hot' && mode !== 'multi_hot' && mode !== 'count')
      throw config.refuse('unsupported-option', `output mode ${mode} is not read; use one_hot, multi_hot or count.`);
    return { config, tokens: readCount(config, count), mode };
  },
  outputShape(options, inputShapes, args): Shape {
    const { config, tokens, mode } = options;
    const input = first(inputShapes);
    requireWeights(config, mode, inputShapes, args);
    if (mode !== 'one_hot' && input.length !== 2)
      throw config.refuse('unsupported-option', `${mode} is read for inputs of [batch, ids] only.`);
    if (mode === 'one_hot' && !keepsAxes(options, input)) return [...input.slice(0, -1), tokens];
    if (mode === 'one_hot' && config.keras.major < 3 && input.length > 1)
      throw config.refuse('invalid-config', 'one_hot takes one id a row in Keras 2.');
    return mode === 'one_hot' ? [...input, tokens] : [null, tokens];
  },
  onnx(options, scope, inputs, _weights, { inputShapes, arguments: args }) {
    const { tokens, mode } = options;
    const cast = (value: string, to: number): string => scope.op('Cast', [value], { to: { int: to } });
    const ids = cast(first(inputs), tensorType.int64);
    // The axis of a single id becomes that of the categories.
    const apart = mode === 'one_hot' && !keepsAxes(options, first(inputShapes)) ? ids : unsqueezed(scope, ids);
    const range = scope.op('Range', [scope.scalar(0), scope.scalar(tokens), scope.scalar(1)]);
    const categories = cast(range, tensorType.int64);
    const equal = cast(scope.op('Equal', [apart, categories]), tensorType.float);
    if (mode === 'one_hot') return equal;
    if (mode === 'multi_hot') return scope.op('ReduceMax', [equal], { axes: { ints: [1] }, keepdims: { int: 0 } });
    const counted = weightsInput(args);
    const each = counted === undefined ? equal : scope.op('Mul', [equal, unsqueezed(scope, inputs[counted] as string)]);
    return scope.op('ReduceSum', [each, scope.integers([1])], { keepdims: { int: 0 } });
  },
  tensorflow(options, tf, inputs, _weights, { inputShapes, arguments: args }) {
    const { tokens, mode } = options;
    const x = first(inputs);
    const squeezed = mode === 'one_hot' && !keepsAxes(options, first(inputShapes));
    const ids = squeezed ? tf.reshape(x, x.shape.slice(0, -1)) : x;
    const encoded = tf.cast(tf.oneHot(tf.cast(ids, 'int32'), tokens), 'float32');
    if (mode === 'one_hot') return encoded;
    if (mode === 'multi_hot') return tf.max(encoded, 1);
    const counted = weightsInput(args);
    return tf.sum(counted === undefined ? encoded : tf.mul(encoded, tf.expandDims(inputs[counted] as Tensor, -1)), 1);
  },
});

/** Which input says how much each id counts. */
function weightsInput(args: CallArguments): number | undefined {
  return inputsOf(boundArgument(args, 1, 'count_weights'))[0];
}

function requireWeights(config: LayerConfig, mode: Mode, inputShapes: readonly Shape[], args: CallArguments): void {
  const argument = boundArgument(args, 1, 'count_weights');
  const tensors = positionalInputs(args).length;
  if (tensors < 1 || tensors > 2) throw config.refuse('invalid-config', `it cannot take ${tensors} inputs.`);
  if (argument === undefined) return;
  if (argument.kind !== 'tensor' || mode !== 'count' || inputShapes[argument.input]?.join() !== inputShapes[0]?.join())
    throw config.refuse('unsupported-option', 'count_weights should be a tensor of one weight for each id to count.');
  // Until 3.3 Keras spreads them over the tokens.
  if (config.keras.major === 3 && !isAtLeast(config.keras, 3, 4))
    throw config.refuse('unsupported-option', 'count_weights differ there; save it with a later Keras.');
}

/**
 * Whether an axis for the categories is added, and not put in the place of the axis of one id. Keras 3.0 to 3.3 always add
 * it, though they save the layers behind as if the other were gone.
 */
function keepsAxes({ mode, config: { keras } }: EncodingOptions, input: Shape): boolean {
  const always = keras.major === 3 && !isAtLeast(keras, 3, 4);
  return mode === 'one_hot' && (always || input.length === 1 || input.at(-1) !== 1);
}

function unsqueezed(scope: OnnxScope, value: string): string {
  return scope.op('Unsqueeze', [value, scope.integers([-1])]);
}

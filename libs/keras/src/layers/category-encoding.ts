/**
 * CategoryEncoding: ids from 0 to `num_tokens` - 1 become indicators (`one_hot`; `multi_hot` for any of several) or numbers
 * of occurrences (`count`). An id outside stands for no category, as in Keras 3; Keras 2 stops there.
 */
import { boundArgument, type CallArgument, type CallArguments } from '../call-arguments.js';
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
  summary: 'one_hot, multi_hot, count, with count_weights; ids outside of the tokens count for nothing',
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
  outputShape({ config, tokens, mode }, inputShapes, args): Shape {
    const input = first(inputShapes);
    const weights = countWeights(args);
    const perId = weights?.kind === 'tensor' && inputShapes[weights.input]?.join() === input.join();
    if (weights && !(perId && mode === 'count'))
      throw config.refuse('unsupported-option', 'count_weights are read as a tensor of one weight per id to count.');
    if (mode !== 'one_hot' && input.length !== 2)
      throw config.refuse('unsupported-option', `${mode} is read for inputs of [batch, ids] only.`);
    if (mode === 'one_hot' && input.length > 1 && input.at(-1) === 1) {
      // Until 3.3 the axis of one id stays in the answer, though the model is saved as if it did not.
      if (config.keras.major === 3 && config.keras.minor < 4)
        throw config.refuse('unsupported-option', 'one_hot of a single id differs there; save it with a later Keras.');
      return [...input.slice(0, -1), tokens];
    }
    if (mode === 'one_hot' && config.keras.major < 3 && input.length > 1)
      throw config.refuse('invalid-config', 'one_hot takes one id a row in Keras 2.');
    return mode === 'one_hot' ? [...input, tokens] : [null, tokens];
  },
  onnx({ tokens, mode }, scope, inputs, _weights, { inputShapes, arguments: args }) {
    const cast = (value: string, to: number): string => scope.op('Cast', [value], { to: { int: to } });
    const ids = cast(first(inputs), tensorType.int64);
    // The axis of a single id becomes that of the categories.
    const apart = mode === 'one_hot' && !keepsAxes(mode, first(inputShapes)) ? ids : unsqueezed(scope, ids);
    const range = scope.op('Range', [scope.scalar(0), scope.scalar(tokens), scope.scalar(1)]);
    const categories = cast(range, tensorType.int64);
    const equal = cast(scope.op('Equal', [apart, categories]), tensorType.float);
    if (mode === 'one_hot') return equal;
    if (mode === 'multi_hot') return scope.op('ReduceMax', [equal], { axes: { ints: [1] }, keepdims: { int: 0 } });
    const weights = countWeights(args);
    const counted =
      weights?.kind === 'tensor' ? scope.op('Mul', [equal, unsqueezed(scope, inputs[weights.input] ?? '')]) : equal;
    return scope.op('ReduceSum', [counted, scope.integers([1])], { keepdims: { int: 0 } });
  },
  tensorflow({ tokens, mode }, tf, inputs, _weights, { inputShapes, arguments: args }) {
    const x = first(inputs);
    const squeezed = mode === 'one_hot' && !keepsAxes(mode, first(inputShapes));
    const ids = squeezed ? tf.reshape(x, x.shape.slice(0, -1)) : x;
    const encoded = tf.cast(tf.oneHot(tf.cast(ids, 'int32'), tokens), 'float32');
    if (mode === 'one_hot') return encoded;
    if (mode === 'multi_hot') return tf.max(encoded, 1);
    const argument = countWeights(args);
    const weights = argument?.kind === 'tensor' ? inputs[argument.input] : undefined;
    return tf.sum(weights ? tf.mul(encoded, tf.expandDims(weights, -1)) : encoded, 1);
  },
});

/** What each id counts; by itself, one. */
function countWeights(args: CallArguments): CallArgument | undefined {
  return boundArgument(args, 1, 'count_weights');
}

/** Whether an axis for the categories is added, and not put in the place of the axis of one id. */
function keepsAxes(mode: Mode, input: Shape): boolean {
  return mode === 'one_hot' && (input.length === 1 || input.at(-1) !== 1);
}

function unsqueezed(scope: OnnxScope, value: string): string {
  return scope.op('Unsqueeze', [value, scope.integers([-1])]);
}

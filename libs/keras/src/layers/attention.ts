/**
 * Attention (Luong) and AdditiveAttention (Bahdanau): `[query, value]` or `[query, value, key]`, each `[batch, time,
 * features]`. Every query gets the average of the values, weighted by the softmax of its scores against the keys.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import { constantOf, inputsOf, positionalInputs, type CallArguments } from '../call-arguments.js';
import type { LayerConfig } from '../config/layer-config.js';
import type { Weight, WeightSpec } from '../container/weight-spec.js';
import { defineLayer, type FormCall, type TensorFlow } from '../layer.js';
import type { OnnxScope } from '../onnx/onnx-graph.js';
import { knownSize, type Shape } from '../shape.js';
import { keepsListMasks } from './merge-masks.js';
import {
  positionsOnnx,
  positionsTensorFlow,
  suppressOnnx,
  suppressTensorFlow,
  toFloatOnnx,
} from './attention-masks.js';

interface Options {
  readonly config: LayerConfig;
  readonly score: 'dot' | 'concat' | 'additive';
  readonly useScale: boolean;
  readonly causal: boolean;
}

export const attention = defineLayer<Options>({
  classNames: ['Attention', 'AdditiveAttention'],
  summary: 'both scores, scale, causal, masks, attention scores as a second output; sequences of vectors only',
  inputs: 'any',
  keywords: ['mask', 'use_causal_mask', 'return_attention_scores'],
  masking: ({ config }) => (keepsListMasks(config.keras) ? 'pass' : 'stop'),
  read(config) {
    const additive = config.className === 'AdditiveAttention';
    const score = additive ? 'additive' : config.text('score_mode', 'dot');
    if (score !== 'dot' && score !== 'concat' && score !== 'additive')
      throw config.refuse('invalid-config', 'score_mode should be dot or concat; save the model again.');
    return {
      config,
      score,
      useScale: config.boolean('use_scale', additive),
      causal: config.boolean('causal', false),
    };
  },
  weights({ config, score, useScale }, inputShapes): WeightSpec[] {
    const size = score === 'additive' ? [knownSize(inputShapes[0] ?? [], -1, config)] : [];
    const scale = useScale ? [{ name: 'scale', shape: size }] : [];
    return score === 'concat' ? [...scale, { name: 'concat_score_weight', shape: [] }] : scale;
  },
  outputShapes(options, inputShapes, args) {
    const { query, value, key } = shapesOf(options, inputShapes, args);
    const output = [...query.slice(0, -1), value.at(-1) ?? null];
    return returnsScores(args) ? [output, [null, query[1] ?? null, key[1] ?? null]] : [output];
  },
  onnx(options, scope, inputs, weights, call) {
    const [query = '', value = '', key = value] = sequencesOf(inputs, call.arguments);
    const [queryMask, valueMask] = call.masks;
    const scores = scoresOnnx(options, scope, query, key, weights);
    const parts: string[] = [];
    if (valueMask !== undefined) parts.push(scope.op('Unsqueeze', [valueMask, scope.integers([1])]));
    if (isCausal(options, call)) {
      const { query: queryShape, key: keyShape } = shapesOf(options, call.inputShapes, call.arguments);
      parts.push(positionsOnnx(scope, { causal: true }, [query, key], [queryShape, keyShape]));
    }
    const kept =
      parts.length === 0
        ? scores
        : suppressOnnx(
            scope,
            scores,
            toFloatOnnx(
              scope,
              parts.reduce((a, b) => scope.op('And', [a, b])),
            ),
          );
    const probabilities = scope.op('Softmax', [kept], { axis: { int: -1 } });
    let output = scope.op('MatMul', [probabilities, value]);
    if (queryMask !== undefined) {
      const counts = toFloatOnnx(scope, scope.op('Unsqueeze', [queryMask, scope.integers([2])]));
      output = scope.op('Mul', [output, counts]);
    }
    return returnsScores(call.arguments) ? [output, probabilities] : output;
  },
  tensorflow(options, tf, inputs, weights, call) {
    const [query, value, key = value] = sequencesOf(inputs, call.arguments);
    if (!query || !value || !key) throw new RangeError('Attention without a query and a value');
    const [queryMask, valueMask] = call.masks;
    let scores = scoresTensorFlow(options, tf, query, key, weights);
    const causal = isCausal(options, call)
      ? positionsTensorFlow(tf, { causal: true }, query.shape[1] ?? 1, key.shape[1] ?? 1)
      : undefined;
    const keys = valueMask && tf.expandDims(valueMask, 1);
    const keep = keys && causal ? tf.logicalAnd(keys, causal) : (keys ?? causal);
    if (keep) scores = suppressTensorFlow(tf, scores, tf.cast(keep, 'float32'));
    const probabilities = tf.softmax(scores);
    let output = tf.matMul(probabilities, value);
    if (queryMask) output = tf.mul(output, tf.cast(tf.expandDims(queryMask, -1), 'float32'));
    return returnsScores(call.arguments) ? [output, probabilities] : output;
  },
});

/** Query, value and, where it is not the value, key: what stands before masks that are given. */
function sequencesOf<T>(inputs: readonly T[], args: CallArguments): readonly T[] {
  return inputs.slice(0, positionalInputs(args).length);
}

function requireStepMasks(config: LayerConfig, inputShapes: readonly Shape[], { keywords }: CallArguments): void {
  const given = keywords['mask'];
  const ofSteps = inputsOf(given).every((input) => inputShapes[input]?.length === 2);
  if (given?.kind === 'tensor' || !ofSteps)
    throw config.refuse('unsupported-option', 'its mask should be a list of masks, each of a batch axis and time.');
}

function returnsScores({ keywords }: CallArguments): boolean {
  return constantOf(keywords['return_attention_scores']) === true;
}

function isCausal<Value>({ causal }: Options, call: FormCall<Value>): boolean {
  return causal || constantOf(call.arguments.keywords['use_causal_mask']) === true;
}

function shapesOf(
  { config, score }: Options,
  inputShapes: readonly Shape[],
  args: CallArguments,
): { query: Shape; value: Shape; key: Shape } {
  const taken = positionalInputs(args).length;
  const [query, value, key = value] = sequencesOf(inputShapes, args);
  if (!query || !value || !key || taken < 2 || taken > 3)
    throw config.refuse('invalid-config', `it cannot take ${taken} inputs.`);
  requireStepMasks(config, inputShapes, args);
  if ([query, value, key].some((shape) => shape.length !== 3))
    throw config.refuse('unsupported-option', 'only sequences of vectors are read; reshape its inputs to three axes.');
  const features = knownSize(query, -1, config);
  if (features !== knownSize(key, -1, config) || (value[1] ?? key[1]) !== (key[1] ?? value[1]))
    throw config.refuse('shape-mismatch', 'its query, value and key do not fit each other.');
  const elements = (query[1] ?? 1) * (key[1] ?? 1) * (score === 'dot' ? 1 : features);
  if (elements > config.context.limits.maxTensorElements)
    throw config.refuse('too-large', `its scores would take ${elements} numbers for one row.`);
  return { query, value, key };
}

function scoresOnnx(
  { score, useScale }: Options,
  scope: OnnxScope,
  query: string,
  key: string,
  weights: readonly Weight[],
): string {
  const weight = ({ values, shape }: Weight): string => scope.floats(values, shape);
  const scale = useScale ? weights[0] : undefined;
  if (score === 'dot') {
    const products = scope.op('MatMul', [query, scope.op('Transpose', [key], { perm: { ints: [0, 2, 1] } })]);
    return scale ? scope.op('Mul', [products, weight(scale)]) : products;
  }
  const pairs = scope.op('Add', [
    scope.op('Unsqueeze', [query, scope.integers([2])]),
    scope.op('Unsqueeze', [key, scope.integers([1])]),
  ]);
  const last = [scope.integers([-1])];
  const summed = (value: string): string => scope.op('ReduceSum', [value, ...last], { keepdims: { int: 0 } });
  if (score === 'additive') {
    const activated = scope.op('Tanh', [pairs]);
    return summed(scale ? scope.op('Mul', [activated, weight(scale)]) : activated);
  }
  const total = summed(scope.op('Tanh', [scale ? scope.op('Mul', [pairs, weight(scale)]) : pairs]));
  const concat = weights.at(-1);
  return concat ? scope.op('Mul', [total, weight(concat)]) : total;
}

function scoresTensorFlow(
  { score, useScale }: Options,
  tf: TensorFlow,
  query: Tensor,
  key: Tensor,
  weights: readonly Tensor[],
): Tensor {
  const scale = (useScale ? weights[0] : undefined) ?? tf.scalar(1);
  if (score === 'dot') return tf.mul(tf.matMul(query, key, false, true), scale);
  const pairs = tf.add(tf.expandDims(query, 2), tf.expandDims(key, 1));
  if (score === 'additive') return tf.sum(tf.mul(scale, tf.tanh(pairs)), -1);
  return tf.mul(weights.at(-1) ?? tf.scalar(1), tf.sum(tf.tanh(tf.mul(scale, pairs)), -1));
}

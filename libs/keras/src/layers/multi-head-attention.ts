/**
 * MultiHeadAttention: query, key and value projected to every head, scaled dot-product attention along the attention axes,
 * heads joined by one more projection.
 */
import { isAtLeast } from '../config/keras-version.js';
import type { LayerConfig } from '../config/layer-config.js';
import type { WeightSpec } from '../container/weight-spec.js';
import { defineLayer } from '../layer.js';
import { knownSize, type Shape } from '../shape.js';
import { attendOnnx, attendTensorFlow } from './multi-head-forms.js';
import { multiHeadPlan, multiHeadShapes, returnsScores, usesMasks, type MultiHeadOptions } from './multi-head-plan.js';

export const multiHeadAttention = defineLayer<MultiHeadOptions>({
  classNames: ['MultiHeadAttention'],
  summary:
    'all sizes, attention axes, masks, use_causal_mask, attention_mask, gate, sliding window, attention scores as a second output',
  inputs: 'any',
  keywords: [
    ...['value', 'key', 'attention_mask', 'query_mask', 'value_mask', 'key_mask'],
    ...['use_causal_mask', 'return_attention_scores'],
  ],
  masking: ({ config }) => (usesMasks(config) ? 'pass' : 'stop'),
  forgetsInputMasks: ({ config }) => isAtLeast(config.keras, 3, 8),
  read(config) {
    const keySize = positive(config, 'key_dim');
    const sizes = config.has('output_shape') ? config.integers('output_shape') : undefined;
    const axes = config.has('attention_axes') ? config.integers('attention_axes') : undefined;
    if (sizes?.some((size) => size < 1)) throw config.refuse('invalid-config', 'output_shape should be positive.');
    return {
      config,
      heads: positive(config, 'num_heads'),
      keySize,
      valueSize: config.has('value_dim') ? positive(config, 'value_dim') : keySize,
      useBias: config.boolean('use_bias', true),
      useGate: config.boolean('use_gate', false),
      dropout: config.number('dropout', 0),
      outputSizes: sizes && sizes.length > 0 ? sizes : undefined,
      attentionAxes: axes,
      slidingWindow: config.has('sliding_window') ? positive(config, 'sliding_window') : undefined,
    };
  },
  weights(options, inputShapes, args): WeightSpec[] {
    const { config, heads, keySize, valueSize, useBias } = options;
    const { query, key, value } = multiHeadShapes(options, inputShapes, args);
    const out = options.outputSizes ?? [knownSize(query, -1, config)];
    const projection = (attribute: string, kernel: readonly number[], bias: readonly number[]): WeightSpec[] =>
      [{ name: 'kernel', shape: kernel }, ...(useBias ? [{ name: 'bias', shape: bias }] : [])].map((spec) => ({
        ...spec,
        path: [[attribute, `_${attribute}`]],
      }));
    const toHeads = (attribute: string, from: Shape, size: number): WeightSpec[] =>
      projection(attribute, [knownSize(from, -1, config), heads, size], [heads, size]);
    return [
      ...toHeads('query_dense', query, keySize),
      ...toHeads('key_dense', key, keySize),
      ...(options.useGate ? toHeads('gate_dense', query, valueSize) : []),
      ...toHeads('value_dense', value, valueSize),
      ...projection('output_dense', [heads, valueSize, ...out], out),
    ];
  },
  outputShapes(options, inputShapes, args) {
    const { query, key } = multiHeadShapes(options, inputShapes, args);
    const output = options.outputSizes ? [...query.slice(0, -1), ...options.outputSizes] : query;
    return returnsScores(args) ? [output, [null, options.heads, query[1] ?? null, key[1] ?? null]] : [output];
  },
  onnx: (options, scope, inputs, weights, call) =>
    attendOnnx(multiHeadPlan(options, call.inputShapes, call.arguments), scope, inputs, weights, call.masks),
  tensorflow: (options, tf, inputs, weights, call) =>
    attendTensorFlow(multiHeadPlan(options, call.inputShapes, call.arguments), tf, inputs, weights, call.masks),
});

function positive(config: LayerConfig, option: string): number {
  const value = config.integer(option);
  if (value < 1) throw config.refuse('invalid-config', `${option} should be positive.`);
  return value;
}

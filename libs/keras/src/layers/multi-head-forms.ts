/**
 * The two forms of MultiHeadAttention, over `[rows, time, features]`: all attention axes are one axis of time, all others
 * one of rows. ONNX computes all heads at once, TensorFlow.js one after the other.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Weight } from '../container/weight-spec.js';
import type { TensorFlow } from '../layer.js';
import type { OnnxScope } from '../onnx/onnx-graph.js';
import { elementCount, type Shape } from '../shape.js';
import {
  positionsOnnx,
  positionsTensorFlow,
  suppressOnnx,
  suppressTensorFlow,
  toBoolOnnx,
  toFloatOnnx,
} from './attention-masks.js';
import { projections, requireNoMasks, stepMasks, type MultiHeadPlan, type Projection } from './multi-head-plan.js';

export function attendOnnx(
  plan: MultiHeadPlan,
  scope: OnnxScope,
  inputs: readonly string[],
  weights: readonly Weight[],
  masks: readonly (string | undefined)[],
): string[] {
  const { heads, keySize, valueSize } = plan.options;
  const parts = projections(plan.options, weights);
  const tensor = (role: 'query' | 'key' | 'value'): string =>
    flatOnnx(plan, scope, inputs[plan[role]] ?? '', plan.shapes[role]);
  const [query, key, value] = [tensor('query'), tensor('key'), tensor('value')];
  /** `[rows, time, heads, size]` */
  const project = (x: string, part: Projection<Weight>, size: number): string =>
    scope.op('Reshape', [denseOnnx(scope, x, part, heads * size), scope.integers([0, 0, heads, size])]);
  const perHead = (x: string, order: readonly number[]): string =>
    scope.op('Transpose', [x], { perm: { ints: order } });
  const scaled = scope.op('Mul', [project(query, parts.query, keySize), scope.scalar(1 / Math.sqrt(keySize))]);
  const products = scope.op('MatMul', [
    perHead(scaled, [0, 2, 1, 3]),
    perHead(project(key, parts.key, keySize), [0, 2, 3, 1]),
  ]);
  const keep = keepOnnx(plan, scope, inputs, masks);
  const scores = keep === undefined ? products : suppressOnnx(scope, products, keep);
  let probabilities = scope.op('Softmax', [scores], { axis: { int: -1 } });
  if (keep !== undefined && plan.zeroWithoutKeys) probabilities = scope.op('Mul', [probabilities, keep]);
  const context = scope.op('MatMul', [probabilities, perHead(project(value, parts.value, valueSize), [0, 2, 1, 3])]);
  let joined = perHead(context, [0, 2, 1, 3]);
  if (parts.gate) joined = scope.op('Mul', [joined, scope.op('Sigmoid', [project(query, parts.gate, valueSize)])]);
  const flat = scope.op('Reshape', [joined, scope.integers([0, 0, heads * valueSize])]);
  const output = denseOnnx(scope, flat, parts.output, elementCount(plan.outputSizes));
  const shaped = restoredOnnx(plan, scope, output);
  return plan.returnsScores ? [shaped, probabilities] : [shaped];
}

/** x · kernel + bias, the kernel as a matrix of `size` columns. */
function denseOnnx(scope: OnnxScope, x: string, { kernel, bias }: Projection<Weight>, size: number): string {
  const product = scope.op('MatMul', [x, scope.floats(kernel.values, [kernel.values.length / size, size])]);
  return bias ? scope.op('Add', [product, scope.floats(bias.values, [size])]) : product;
}

/** 1 where a key counts for a query and 0 where not, to be broadcast to `[batch, heads, queries, keys]`. */
function keepOnnx(
  plan: MultiHeadPlan,
  scope: OnnxScope,
  inputs: readonly string[],
  masks: readonly (string | undefined)[],
): string | undefined {
  const parts: string[] = [];
  if (plan.usesMasks) {
    requireNoMasks(plan, masks);
    const along = (mask: string | undefined, axis: number): void => {
      if (mask !== undefined) parts.push(scope.op('Unsqueeze', [mask, scope.integers([axis])]));
    };
    const { query, value, key } = stepMasks(plan, masks, (input) => toBoolOnnx(scope, inputs[input] ?? ''));
    along(query, 2);
    along(value, 1);
    along(key, 1);
  }
  const rule = { causal: plan.causal, window: plan.options.slidingWindow };
  if (rule.causal || rule.window !== undefined) {
    const tensors = [inputs[plan.query] ?? '', inputs[plan.value] ?? ''] as const;
    const positions = positionsOnnx(scope, rule, tensors, [plan.shapes.query, plan.shapes.value]);
    parts.push(scope.op('Unsqueeze', [positions, scope.integers([0])]));
  }
  const given = plan.attentionMask === undefined ? undefined : inputs[plan.attentionMask];
  if (given !== undefined) {
    // Keras 2 takes a mask that stands alone as the numbers that it holds.
    if (parts.length === 0 && plan.options.config.keras.major < 3)
      return scope.op('Unsqueeze', [given, scope.integers([1])]);
    parts.push(toBoolOnnx(scope, given));
  }
  if (parts.length === 0) return undefined;
  const all = toFloatOnnx(
    scope,
    parts.reduce((a, b) => scope.op('And', [a, b])),
  );
  return scope.op('Unsqueeze', [all, scope.integers([1])]);
}

function isFlat({ shapes }: MultiHeadPlan): boolean {
  return shapes.query.length === 3;
}

function flatOnnx(plan: MultiHeadPlan, scope: OnnxScope, x: string, shape: Shape): string {
  if (isFlat(plan)) return x;
  const order = [...plan.rowAxes, ...plan.timeAxes, shape.length - 1];
  const sizes = [-1, elementCount(plan.timeAxes.map((axis) => shape[axis] ?? 1)), shape.at(-1) ?? 1];
  return scope.op('Reshape', [scope.op('Transpose', [x], { perm: { ints: order } }), scope.integers(sizes)]);
}

/** Back to the axes of the query, with those of the output in the place of its features. */
function restoredOnnx(plan: MultiHeadPlan, scope: OnnxScope, output: string): string {
  const { outputSizes, shapes } = plan;
  if (isFlat(plan))
    return outputSizes.length === 1 ? output : scope.op('Reshape', [output, scope.integers([0, 0, ...outputSizes])]);
  const order = [...plan.rowAxes, ...plan.timeAxes];
  const sizes = order.slice(1).map((axis) => shapes.query[axis] ?? 1);
  const split = scope.op('Reshape', [output, scope.integers([-1, ...sizes, ...outputSizes])]);
  return scope.op('Transpose', [split], { perm: { ints: restoringOrder(order, outputSizes.length) } });
}

/** The permutation that undoes `order`, with further axes left at the end. */
function restoringOrder(order: readonly number[], further: number): number[] {
  const back = order.map((_, axis) => order.indexOf(axis));
  return [...back, ...Array.from({ length: further }, (_, index) => order.length + index)];
}

export function attendTensorFlow(
  plan: MultiHeadPlan,
  tf: TensorFlow,
  inputs: readonly Tensor[],
  weights: readonly Tensor[],
  masks: readonly (Tensor | undefined)[],
): Tensor[] {
  const { heads, keySize } = plan.options;
  const parts = projections(plan.options, weights);
  const tensor = (role: 'query' | 'key' | 'value'): Tensor =>
    flatTensorFlow(plan, tf, inputs[plan[role]], plan.shapes[role]);
  const [query, key, value] = [tensor('query'), tensor('key'), tensor('value')];
  const keep = keepTensorFlow(plan, tf, inputs, masks);
  const contributions: Tensor[] = [];
  const distributions: Tensor[] = [];
  for (let head = 0; head < heads; head++) {
    const project = (x: Tensor, part: Projection<Tensor>): Tensor => headOf(tf, x, part, head);
    const products = tf.matMul(project(query, parts.query), project(key, parts.key), false, true);
    const scores = tf.div(products, Math.sqrt(keySize));
    const softmax = tf.softmax(keep ? suppressTensorFlow(tf, scores, keep) : scores);
    const distribution = keep && plan.zeroWithoutKeys ? tf.mul(softmax, keep) : softmax;
    const attended = tf.matMul(distribution, project(value, parts.value));
    const context = parts.gate ? tf.mul(attended, tf.sigmoid(project(query, parts.gate))) : attended;
    const kernel = tf.reshape(tf.slice(parts.output.kernel, [head], [1]), [plan.options.valueSize, -1]);
    contributions.push(rowsTimes(tf, context, kernel));
    distributions.push(distribution);
  }
  let sum = contributions.reduce((a, b) => tf.add(a, b));
  if (parts.output.bias) sum = tf.add(sum, tf.reshape(parts.output.bias, [-1]));
  const output = restoredTensorFlow(plan, tf, sum, inputs[plan.query]?.shape ?? []);
  return plan.returnsScores ? [output, tf.stack(distributions, 1)] : [output];
}

/** One head's projection, `[rows, time, size]`. */
function headOf(tf: TensorFlow, x: Tensor, { kernel, bias }: Projection<Tensor>, head: number): Tensor {
  const [features = 1, , size = 1] = kernel.shape;
  const product = rowsTimes(tf, x, tf.reshape(tf.slice(kernel, [0, head, 0], [features, 1, size]), [features, size]));
  return bias ? tf.add(product, tf.reshape(tf.slice(bias, [head, 0], [1, size]), [size])) : product;
}

/** `[rows, time, n]` · `[n, m]` */
function rowsTimes(tf: TensorFlow, x: Tensor, matrix: Tensor): Tensor {
  const [rows = 1, time = 1, features = 1] = x.shape;
  return tf.reshape(tf.matMul(tf.reshape(x, [rows * time, features]), matrix), [rows, time, matrix.shape[1] ?? 1]);
}

/** `[batch, queries, keys]` or what is broadcast to it. */
function keepTensorFlow(
  plan: MultiHeadPlan,
  tf: TensorFlow,
  inputs: readonly Tensor[],
  masks: readonly (Tensor | undefined)[],
): Tensor | undefined {
  const parts: Tensor[] = [];
  if (plan.usesMasks) {
    requireNoMasks(plan, masks);
    const { query, value, key } = stepMasks(plan, masks, (input) => tf.notEqual(inputs[input] ?? 0, 0));
    if (query) parts.push(tf.expandDims(query, 2));
    if (value) parts.push(tf.expandDims(value, 1));
    if (key) parts.push(tf.expandDims(key, 1));
  }
  const { slidingWindow } = plan.options;
  if (plan.causal || slidingWindow !== undefined) {
    const [queries = 1, keys = 1] = [inputs[plan.query]?.shape[1], inputs[plan.value]?.shape[1]];
    const rule = { causal: plan.causal, window: slidingWindow };
    parts.push(tf.expandDims(positionsTensorFlow(tf, rule, queries, keys), 0));
  }
  const given = plan.attentionMask === undefined ? undefined : inputs[plan.attentionMask];
  if (given && parts.length === 0 && plan.options.config.keras.major < 3) return given;
  if (given) parts.push(tf.notEqual(given, 0));
  if (parts.length === 0) return undefined;
  return tf.cast(
    parts.reduce((a, b) => tf.logicalAnd(a, b)),
    'float32',
  );
}

function flatTensorFlow(plan: MultiHeadPlan, tf: TensorFlow, x: Tensor | undefined, shape: Shape): Tensor {
  if (!x) throw new RangeError('MultiHeadAttention without its inputs');
  if (isFlat(plan)) return x;
  const ordered = tf.transpose(x, [...plan.rowAxes, ...plan.timeAxes, x.rank - 1]);
  return tf.reshape(ordered, [-1, elementCount(plan.timeAxes.map((axis) => shape[axis] ?? 1)), x.shape.at(-1) ?? 1]);
}

function restoredTensorFlow(plan: MultiHeadPlan, tf: TensorFlow, output: Tensor, query: readonly number[]): Tensor {
  const order = [...plan.rowAxes, ...plan.timeAxes];
  const split = tf.reshape(output, [...order.map((axis) => query[axis] ?? 1), ...plan.outputSizes]);
  return isFlat(plan) ? split : tf.transpose(split, restoringOrder(order, plan.outputSizes.length));
}

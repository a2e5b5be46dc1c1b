/** Which keys a query may look at: masks of sequences, the past alone, a window. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../layer.js';
import type { OnnxScope } from '../onnx/onnx-graph.js';
import { tensorType } from '../onnx/onnx-schema.js';
import type { Shape } from '../shape.js';

/** What is added to a score that does not count, as in Keras. */
export const suppressed = -1e9;

/** A rule that depends on positions alone: no key after the query, none `window` or further away. */
export interface PositionRule {
  readonly causal: boolean;
  readonly window?: number | undefined;
}

function allows({ causal, window }: PositionRule, query: number, key: number): boolean {
  return (!causal || query >= key) && (window === undefined || Math.abs(query - key) < window);
}

/** Booleans `[queries, keys]`; the shapes' axis 1 is time. */
export function positionsOnnx(
  scope: OnnxScope,
  rule: PositionRule,
  [query, key]: readonly [query: string, key: string],
  [queryShape, keyShape]: readonly [query: Shape, key: Shape],
): string {
  const [queries, keys] = [queryShape[1] ?? null, keyShape[1] ?? null];
  if (queries !== null && keys !== null) {
    const allowed = Float32Array.from({ length: queries * keys }, (_, index) =>
      allows(rule, Math.floor(index / keys), index % keys) ? 1 : 0,
    );
    return toBoolOnnx(scope, scope.floats(allowed, [queries, keys]));
  }
  const rows = scope.op('Unsqueeze', [stepsOnnx(scope, query), scope.integers([1])]);
  const columns = scope.op('Unsqueeze', [stepsOnnx(scope, key), scope.integers([0])]);
  const parts: string[] = [];
  if (rule.causal) parts.push(scope.op('GreaterOrEqual', [rows, columns]));
  if (rule.window !== undefined) {
    const distance = scope.op('Abs', [scope.op('Sub', [rows, columns])]);
    parts.push(scope.op('Less', [distance, scope.integers([rule.window])]));
  }
  return parts.reduce((a, b) => scope.op('And', [a, b]));
}

/** 0, 1, … for every step of axis 1. */
function stepsOnnx(scope: OnnxScope, value: string): string {
  const length = scope.op('Squeeze', [scope.op('Shape', [value], { start: { int: 1 }, end: { int: 2 } })]);
  const zero = scope.op('Squeeze', [scope.integers([0])]);
  return scope.op('Range', [zero, length, scope.op('Squeeze', [scope.integers([1])])]);
}

/** Booleans `[queries, keys]`. */
export function positionsTensorFlow(tf: TensorFlow, rule: PositionRule, queries: number, keys: number): Tensor {
  const rows = tf.reshape(tf.range(0, queries), [queries, 1]);
  const columns = tf.reshape(tf.range(0, keys), [1, keys]);
  const everywhere = tf.ones([queries, keys], 'bool');
  const past = rule.causal ? tf.greaterEqual(rows, columns) : everywhere;
  if (rule.window === undefined) return past;
  return tf.logicalAnd(past, tf.less(tf.abs(tf.sub(rows, columns)), rule.window));
}

/** Adds -1e9 to every score whose `keep` (1 or 0, broadcast) is 0. */
export function suppressOnnx(scope: OnnxScope, scores: string, keep: string): string {
  const dropped = scope.op('Sub', [scope.scalar(1), keep]);
  return scope.op('Add', [scores, scope.op('Mul', [dropped, scope.scalar(suppressed)])]);
}

export function suppressTensorFlow(tf: TensorFlow, scores: Tensor, keep: Tensor): Tensor {
  return tf.add(scores, tf.mul(tf.sub(1, keep), suppressed));
}

export function toFloatOnnx(scope: OnnxScope, value: string): string {
  return scope.op('Cast', [value], { to: { int: tensorType.float } });
}

export function toBoolOnnx(scope: OnnxScope, value: string): string {
  return scope.op('Cast', [value], { to: { int: tensorType.bool } });
}

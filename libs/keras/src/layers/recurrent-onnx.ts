/** A recurrence in ONNX: by the operator of its cell where there is one, else step by step in a Scan. */
import type { Weight } from '../container/weight-spec.js';
import type { OnnxScope } from '../onnx/onnx-graph.js';
import { tensorType } from '../onnx/onnx-schema.js';
import { required, type Recurrence } from './recurrent-cell.js';
import { writeOperator, type RecurrentOperator } from './recurrent-operator.js';

/** What a recurrence is given. */
export interface OnnxRun {
  /** `[batch, time, features]` */
  readonly sequence: string;
  /** `[batch, size]` each; none: zeros. */
  readonly states: readonly string[];
  /** Booleans `[batch, time]`. */
  readonly mask?: string | undefined;
  /** Steps of the sequence, `null` where that is not known beforehand. */
  readonly length: number | null;
}

/** `output` as the layer answers it, and the states after the last step, `[batch, size]` each. */
export interface OnnxAnswer {
  readonly output: string;
  readonly states: readonly string[];
}

export function writeRecurrence(
  recurrence: Recurrence,
  scope: OnnxScope,
  run: OnnxRun,
  weights: readonly Weight[],
): OnnxAnswer {
  const { operator } = recurrence.cell;
  if (!operator) return byScan(recurrence, scope, run, weights);
  const { mask, length } = run;
  if (mask === undefined) return byOperator(operator, recurrence, scope, run, weights);
  if (length === null) return byScan(recurrence, scope, run, weights);
  return byMaskedOperator(operator, recurrence, scope, { ...run, mask, length }, weights);
}

function byOperator(
  operator: RecurrentOperator,
  { returnSequences, returnState, goBackwards }: Recurrence,
  scope: OnnxScope,
  { sequence, states }: OnnxRun,
  weights: readonly Weight[],
): OnnxAnswer {
  const answer = writeOperator(operator, scope, weights, {
    sequence: scope.op('Transpose', [sequence], { perm: { ints: [1, 0, 2] } }),
    states,
    reverse: goBackwards,
  });
  const finalStates = returnState || !returnSequences ? withoutDirection(scope, answer.states) : [];
  if (!returnSequences) return { output: required(finalStates[0]), states: finalStates };
  const output = perRow(scope, answer.outputs);
  return { output: goBackwards ? reversedTime(scope, output) : output, states: finalStates };
}

/**
 * A masked step leaves the state as it is, so that the steps that count may be moved together, computed, and their
 * outputs moved back: each masked step has the output of the last one before it that counts.
 */
function byMaskedOperator(
  operator: RecurrentOperator,
  { returnSequences, returnState, goBackwards, maskedOutput }: Recurrence,
  scope: OnnxScope,
  { sequence, states, mask, length }: OnnxRun & { readonly mask: string; readonly length: number },
  weights: readonly Weight[],
): OnnxAnswer {
  const counts = scope.op('Cast', [mask], { to: { int: tensorType.float } });
  const total = scope.op('ReduceSum', [counts, scope.integers([1])], { keepdims: { int: 1 } });
  const answer = writeOperator(operator, scope, weights, {
    sequence: scope.op('Transpose', [movedTogether(scope, sequence, counts, length)], { perm: { ints: [1, 0, 2] } }),
    states,
    reverse: goBackwards,
    lengths: scope.op('Cast', [scope.op('Squeeze', [total, scope.integers([1])])], { to: { int: tensorType.int32 } }),
  });
  const zero = scope.scalar(0);
  const beforeAny = maskedOutput === 'state' ? (states[0] ?? zero) : zero;
  // ONNX Runtime answers zeros for a row of no steps, whatever its states were.
  const started = scope.op('Greater', [total, zero]);
  const orElse = (state: string, otherwise: string): string => scope.op('Where', [started, state, otherwise]);
  const finalStates = returnState || !returnSequences ? withoutDirection(scope, answer.states) : [];
  const kept =
    states.length === 0 ? finalStates : finalStates.map((state, index) => orElse(state, required(states[index])));
  if (!returnSequences) {
    const last = scope.op('Gather', [mask, scope.integers([goBackwards ? 0 : -1])], { axis: { int: 1 } });
    const output =
      maskedOutput === 'zero'
        ? scope.op('Where', [last, required(finalStates[0]), zero])
        : orElse(required(finalStates[0]), beforeAny);
    return { output, states: kept };
  }
  const running = scope.op('CumSum', [counts, scope.integers([1])]);
  const place = goBackwards
    ? scope.op('Sub', [running, counts])
    : scope.op('Relu', [scope.op('Sub', [running, scope.scalar(1)])]);
  const outputs = gathered(
    scope,
    perRow(scope, answer.outputs),
    scope.op('Cast', [place], { to: { int: tensorType.int64 } }),
  );
  const seen = goBackwards ? scope.op('Less', [place, total]) : scope.op('Greater', [running, zero]);
  const valid = scope.op('Unsqueeze', [maskedOutput === 'zero' ? mask : seen, scope.integers([2])]);
  const otherwise = beforeAny === zero ? zero : scope.op('Unsqueeze', [beforeAny, scope.integers([1])]);
  const output = scope.op('Where', [valid, outputs, maskedOutput === 'zero' ? zero : otherwise]);
  return { output: goBackwards ? reversedTime(scope, output) : output, states: kept };
}

/** The steps that count first, all in their order. `counts` is 1 for those and 0 for the others. */
function movedTogether(scope: OnnxScope, sequence: string, counts: string, length: number): string {
  const ramp = Float32Array.from({ length }, (_, time) => time);
  const weighted = scope.op('Mul', [counts, scope.scalar(length)]);
  const rank = scope.op('Sub', [weighted, scope.floats(ramp, [length])]);
  const [, order = ''] = scope.ops('TopK', [rank, scope.integers([length])], {}, 2);
  return gathered(scope, sequence, order);
}

/** Of `[batch, time, …]` the steps that `places` `[batch, n]` names. */
function gathered(scope: OnnxScope, value: string, places: string): string {
  const indices = scope.op('Unsqueeze', [places, scope.integers([2])]);
  return scope.op('GatherND', [value, indices], { batch_dims: { int: 1 } });
}

/** `[1, batch, units]` → `[batch, units]` */
function withoutDirection(scope: OnnxScope, states: readonly string[]): string[] {
  return states.map((state) => scope.op('Squeeze', [state, scope.integers([0])]));
}

/** `[time, 1, batch, units]` → `[batch, time, units]` */
function perRow(scope: OnnxScope, outputs: string): string {
  return scope.op('Squeeze', [scope.op('Transpose', [outputs], { perm: { ints: [2, 0, 1, 3] } }), scope.integers([2])]);
}

/** `[batch, time, …]` from the last step to the first. */
export function reversedTime(scope: OnnxScope, value: string): string {
  const beforeFirst = -(2 ** 31);
  return scope.op('Slice', [
    value,
    scope.integers([-1]),
    scope.integers([beforeFirst]),
    scope.integers([1]),
    scope.integers([-1]),
  ]);
}

function byScan(
  { cell, returnSequences, goBackwards, maskedOutput }: Recurrence,
  scope: OnnxScope,
  { sequence, states, mask }: OnnxRun,
  weights: readonly Weight[],
): OnnxAnswer {
  const zeros = (size: number): string => zeroState(scope, sequence, size);
  const before = states.length > 0 ? states : cell.stateSizes.map(zeros);
  const { outputState, maskedState = outputState } = cell;
  // Where it is not followed, the output of a masked step is the state that it keeps.
  const differs = { state: maskedState !== outputState, previous: states.length > 0, zero: true }[maskedOutput];
  const follows = mask !== undefined && differs;
  const answer = scope.scan({
    states: follows ? [...before, zeros(cell.outputSize)] : before,
    sequences: [
      { value: cell.onnxInput(scope, sequence, weights), type: 'float' },
      ...(mask === undefined ? [] : [{ value: mask, type: 'bool' } as const]),
    ],
    reverse: goBackwards,
    body(step, carried, [input, counts]) {
      const old = carried.slice(0, before.length);
      const computed = cell.onnxStep(step, required(input), old, weights);
      const rows = counts === undefined ? undefined : step.op('Unsqueeze', [counts, step.integers([1])]);
      const kept =
        rows === undefined
          ? computed
          : computed.map((state, index) => step.op('Where', [rows, state, required(old[index])]));
      let output = required(kept[outputState]);
      if (follows && rows !== undefined) {
        const otherwise = { state: old[maskedState], previous: carried.at(-1), zero: step.scalar(0) }[maskedOutput];
        output = step.op('Where', [rows, required(computed[outputState]), required(otherwise)]);
      }
      return { states: follows ? [...kept, output] : kept, outputs: returnSequences ? [output] : [] };
    },
  });
  const last = follows ? answer.states.at(-1) : answer.states[outputState];
  return {
    output: returnSequences ? required(answer.outputs[0]) : required(last),
    states: answer.states.slice(0, before.length),
  };
}

/** `[batch, size]` of zeros, the batch that of `sequence`. */
function zeroState(scope: OnnxScope, sequence: string, size: number): string {
  const batch = scope.op('Shape', [sequence], { start: { int: 0 }, end: { int: 1 } });
  return scope.op('ConstantOfShape', [scope.op('Concat', [batch, scope.integers([size])], { axis: { int: 0 } })]);
}

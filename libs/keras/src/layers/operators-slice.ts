/** `x[:, 0]`, `x[:, 1:3, ::2]`, `x[..., None]`: basic indexing of every row. */
import type { CallArguments } from '../call-arguments.js';
import type { LayerConfig } from '../config/layer-config.js';
import { defineLayer, first } from '../layer.js';
import type { Shape } from '../shape.js';
import { onlyTensor, readOperator, type Operator } from './operands.js';

interface Range {
  readonly axis: number;
  /** As Python has them; `null` from or to the end. */
  readonly start: number | null;
  readonly stop: number | null;
  readonly step: number;
  /** A single index: the axis goes. */
  readonly drop: boolean;
}

interface Slicing {
  readonly ranges: readonly Range[];
  /** Where axes of length 1 are put in, in the result. */
  readonly added: readonly number[];
  readonly shape: Shape;
}

export const slicing = defineLayer<Operator>({
  classNames: ['keras.ops.GetItem', 'tf.__operators__.getitem'],
  summary: 'integers, slices, ellipses and new axes; the batch as a whole',
  inputs: 'any',
  keywords: ['*', 'name', 'slice_spec', 'key'],
  read: readOperator,
  outputShape: (operator, inputShapes, args) =>
    readSlicing(operator, args, onlyTensor(operator, args, inputShapes)).shape,
  onnx(operator, scope, inputs, _weights, call) {
    const { ranges, added } = readSlicing(operator, call.arguments, first(call.inputShapes));
    let result = first(inputs);
    if (ranges.length > 0) {
      const farthest = 2 ** 31;
      const starts = ranges.map(({ start, step }) => start ?? (step > 0 ? 0 : -1));
      const stops = ranges.map(({ stop, step }) => stop ?? (step > 0 ? farthest : -farthest));
      const lists = [starts, stops, ranges.map(({ axis }) => axis), ranges.map(({ step }) => step)];
      result = scope.op('Slice', [result, ...lists.map((list) => scope.integers(list))]);
    }
    const dropped = ranges.filter(({ drop }) => drop).map(({ axis }) => axis);
    if (dropped.length > 0) result = scope.op('Squeeze', [result, scope.integers(dropped)]);
    return added.length > 0 ? scope.op('Unsqueeze', [result, scope.integers(added)]) : result;
  },
  tensorflow(operator, tf, inputs, _weights, call) {
    const x = first(inputs);
    const { ranges, added } = readSlicing(operator, call.arguments, first(call.inputShapes));
    let result = x;
    for (const { axis, start, stop, step, drop } of ranges) {
      const indices = pythonRange(start, stop, step, x.shape[axis] ?? 1);
      result = tf.gather(result, tf.tensor1d(drop ? indices.slice(0, 1) : indices, 'int32'), axis);
    }
    const dropped = ranges.filter(({ drop }) => drop).map(({ axis }) => axis);
    if (dropped.length > 0) result = tf.squeeze(result, dropped);
    for (const axis of added) result = tf.expandDims(result, axis);
    return result;
  },
});

function readSlicing({ config }: Operator, args: CallArguments, shape: Shape): Slicing {
  const positional = args.positional[1];
  const keyword = args.keywords['slice_spec'] ?? args.keywords['key'];
  const argument = positional ?? keyword;
  if (argument?.kind !== 'constant') throw unreadable(config);
  const items = openEllipsis(Array.isArray(argument.value) ? argument.value : [argument.value], shape, config);
  const ranges: Range[] = [];
  const added: number[] = [];
  const sizes: (number | null)[] = [];
  let axis = 0;
  for (const item of items) {
    if (item === null) {
      if (axis === 0) throw config.refuse('unsupported-option', 'it puts an axis before the batch, which mixes rows.');
      added.push(sizes.length);
      sizes.push(1);
      continue;
    }
    const range = readRange(item, axis, config);
    const whole = range.start === null && range.stop === null && range.step === 1;
    if (axis === 0 && !whole)
      throw config.refuse('unsupported-option', 'it picks rows of the batch; index other axes.');
    const size = axis === 0 ? null : rangeSize(range, shape[axis] ?? null, config);
    if (!whole) ranges.push(range);
    if (!range.drop) sizes.push(size);
    axis += 1;
  }
  return { ranges, added, shape: sizes };
}

const isEllipsis = (item: unknown): boolean =>
  typeof item === 'object' && (item as { class_name?: unknown } | null)?.class_name === '__ellipsis__';

/** One item per axis of the tensor, beside new axes. */
function openEllipsis(items: readonly unknown[], shape: Shape, config: LayerConfig): unknown[] {
  const used = items.filter((item) => item !== null && !isEllipsis(item)).length;
  const ellipses = items.filter(isEllipsis).length;
  if (used > shape.length || ellipses > 1) throw unreadable(config);
  const rest = Array.from({ length: shape.length - used }, () => ({}));
  const opened = items.flatMap((item) => (isEllipsis(item) ? rest : [item]));
  return ellipses === 0 ? [...opened, ...rest] : opened;
}

/** An integer, Keras 2's `{start, stop, step}` or Keras 3's `{class_name: "__slice__", config: {start, stop, step}}`. */
function readRange(item: unknown, axis: number, config: LayerConfig): Range {
  if (Number.isSafeInteger(item)) {
    const start = item as number;
    return { axis, start, stop: start === -1 ? null : start + 1, step: 1, drop: true };
  }
  if (typeof item !== 'object' || item === null || Array.isArray(item)) throw unreadable(config);
  const wrapped = item as { class_name?: unknown; config?: unknown };
  if (wrapped.class_name !== undefined && wrapped.class_name !== '__slice__') throw unreadable(config);
  const slice = (wrapped.class_name === undefined ? item : (wrapped.config ?? {})) as Record<string, unknown>;
  const bound = (name: string): number | null => {
    const value = slice[name] ?? null;
    if (value !== null && !(Number.isSafeInteger(value) && Math.abs(value as number) < 2 ** 31))
      throw unreadable(config);
    return value as number | null;
  };
  const step = bound('step') ?? 1;
  if (step === 0) throw unreadable(config);
  return { axis, start: bound('start'), stop: bound('stop'), step, drop: false };
}

function rangeSize(range: Range, size: number | null, config: LayerConfig): number | null {
  const { start, stop, step, drop } = range;
  if (size === null) {
    return drop ? 1 : null;
  }
  const { length } = pythonRange(start, stop, step, size);
  if (length === 0) throw config.refuse('shape-mismatch', `it takes nothing of an axis of ${size}.`);
  return length;
}

/** The indices that `range(*slice(start, stop, step).indices(size))` names in Python. */
function pythonRange(start: number | null, stop: number | null, step: number, size: number): number[] {
  const [lowest, highest] = step > 0 ? [0, size] : [-1, size - 1];
  const clamp = (bound: number): number => Math.min(Math.max(bound < 0 ? bound + size : bound, lowest), highest);
  const from = start === null ? (step > 0 ? lowest : highest) : clamp(start);
  const to = stop === null ? (step > 0 ? highest : lowest) : clamp(stop);
  const length = Math.max(0, Math.ceil((to - from) / step));
  return Array.from({ length }, (_, index) => from + index * step);
}

function unreadable(config: LayerConfig): Error {
  return config.refuse('unsupported-option', 'only integers, slices, ellipses and new axes are read as an index.');
}

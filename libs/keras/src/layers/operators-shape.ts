/** Functions that move the elements of every row about: reshape, transpose, expand_dims, squeeze, repeat, take, pad, … */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { CallArguments } from '../call-arguments.js';
import { defineLayer, first, type TensorFlow } from '../layer.js';
import type { OnnxScope } from '../onnx/onnx-graph.js';
import { axisIndex, elementCount, knownSize, type Shape } from '../shape.js';
import {
  entryOf,
  functionOption,
  functionOptions,
  onlyTensor,
  readOperator,
  rowAxes,
  type Operator,
} from './operands.js';

/** One application, worked out. */
interface Moved {
  readonly shape: Shape;
  readonly onnx: (scope: OnnxScope, x: string) => string;
  readonly tensorflow: (tf: TensorFlow, x: Tensor) => Tensor;
}

type Reading = (operator: Operator, args: CallArguments, shape: Shape) => Moved;

const reshape: Reading = (operator, args, shape) => {
  const { config } = operator;
  const wanted = functionOption(operator, args, 'newshape', 'shape');
  const valid = Array.isArray(wanted) && wanted.every((size) => size === null || Number.isSafeInteger(size));
  if (!valid) throw config.refuse('unsupported-option', 'its shape is not a list of sizes.');
  const [rows, ...sizes] = wanted as (number | null)[];
  const elements = elementCount(shape.slice(1).map((_, index) => knownSize(shape, index + 1, config)));
  const known = elementCount(sizes.map((size) => (size === null || size < 0 ? 1 : size)));
  const filled = sizes.map((size) => (size === null || size < 0 ? elements / known : size));
  const kept = (rows === null || rows === -1) && sizes.length > 0 && elementCount(filled) === elements;
  if (!kept || sizes.filter((size) => size === null || size < 0).length > 1)
    throw config.refuse('unsupported-option', 'its shape does not keep the rows; begin it with -1 and fill a row.');
  return {
    shape: [null, ...filled],
    onnx: (scope, x) => scope.op('Reshape', [x, scope.integers([-1, ...filled])]),
    tensorflow: (tf, x) => tf.reshape(x, [x.shape[0] ?? 1, ...filled]),
  };
};

function permuted(order: readonly number[], shape: Shape, { config }: Operator): Moved {
  const complete = order.length === shape.length && new Set(order).size === order.length;
  if (!complete) throw config.refuse('invalid-config', 'it does not name every axis once.');
  if (order[0] !== 0) throw config.refuse('unsupported-option', 'it moves the batch axis, which mixes rows.');
  return {
    shape: order.map((axis) => shape[axis] ?? null),
    onnx: (scope, x) => scope.op('Transpose', [x], { perm: { ints: order } }),
    tensorflow: (tf, x) => tf.transpose(x, [...order]),
  };
}

const transpose: Reading = (operator, args, shape) => {
  const axes = functionOptions(operator, args, ['axes', 'perm']);
  const option = axes.has('axes') ? 'axes' : 'perm';
  const reversed = shape.map((_, index) => shape.length - 1 - index);
  const order = axes.integers(option, reversed).map((axis) => axisIndex(axis, shape, operator.config));
  return permuted(order, shape, operator);
};

const swapAxes: Reading = (operator, args, shape) => {
  const options = functionOptions(operator, args, ['axis1', 'axis2']);
  const [one, other] = ['axis1', 'axis2'].map((name) => axisIndex(options.integer(name), shape, operator.config));
  return permuted(
    shape.map((_, axis) => (axis === one ? (other ?? axis) : axis === other ? (one ?? axis) : axis)),
    shape,
    operator,
  );
};

const moveAxis: Reading = (operator, args, shape) => {
  const options = functionOptions(operator, args, ['source', 'destination']);
  const [source, destination] = ['source', 'destination'].map((name) =>
    options.integers(name).map((axis) => axisIndex(axis, shape, operator.config)),
  ) as [number[], number[]];
  if (source.length !== destination.length) throw operator.config.refuse('invalid-config', 'it names axes unevenly.');
  const left = shape.map((_, axis) => axis).filter((axis) => !source.includes(axis));
  const order = shape.map((_, axis) => {
    const moved = destination.indexOf(axis);
    return moved < 0 ? (left.shift() ?? 0) : (source[moved] ?? 0);
  });
  return permuted(order, shape, operator);
};

const expandDims: Reading = (operator, args, shape) => {
  const axis = functionOptions(operator, args, ['axis']).integer('axis');
  const [at = 0] = rowAxes([axis], [...shape, null], operator);
  return {
    shape: [...shape.slice(0, at), 1, ...shape.slice(at)],
    onnx: (scope, x) => scope.op('Unsqueeze', [x, scope.integers([at])]),
    tensorflow: (tf, x) => tf.expandDims(x, at),
  };
};

const squeeze: Reading = (operator, args, shape) => {
  const { config } = operator;
  const options = functionOptions(operator, args, ['axis']);
  if (!options.has('axis') || options.integers('axis').length === 0)
    throw config.refuse('unsupported-option', 'without an axis it drops that of a single row; name the axis.');
  const axes = rowAxes(options.integers('axis'), shape, operator);
  if (axes.some((axis) => shape[axis] !== 1))
    throw config.refuse('shape-mismatch', `[${shape.join(', ')}] is longer than 1 along the axis that it drops.`);
  return {
    shape: shape.filter((_, axis) => !axes.includes(axis)),
    onnx: (scope, x) => scope.op('Squeeze', [x, scope.integers(axes)]),
    tensorflow: (tf, x) => tf.squeeze(x, axes),
  };
};

const flip: Reading = (operator, args, shape) => {
  const options = functionOptions(operator, args, ['axis']);
  if (!options.has('axis'))
    throw operator.config.refuse('unsupported-option', 'without an axis it reverses the rows; name the axis.');
  const axes = rowAxes(options.integers('axis'), shape, operator);
  const every = (value: number): number[] => axes.map(() => value);
  return {
    shape,
    // From the last element to before the first, backwards.
    onnx: (scope, x) =>
      scope.op('Slice', [
        x,
        scope.integers(every(-1)),
        scope.integers(every(-(2 ** 31))),
        scope.integers(axes),
        scope.integers(every(-1)),
      ]),
    tensorflow: (tf, x) => tf.reverse(x, axes),
  };
};

/** Elements along an axis by constant indices; a single one (`drop`) takes the axis away. */
function gathered(indices: readonly number[], axis: number, drop: boolean, shape: Shape): Moved {
  const sizes = shape.map((size, index) => (index === axis ? indices.length : size));
  return {
    shape: drop ? sizes.filter((_, index) => index !== axis) : sizes,
    onnx(scope, x) {
      const taken = scope.op('Gather', [x, scope.integers(indices)], { axis: { int: axis } });
      return drop ? scope.op('Squeeze', [taken, scope.integers([axis])]) : taken;
    },
    tensorflow(tf, x) {
      const taken = tf.gather(x, tf.tensor1d([...indices], 'int32'), axis);
      return drop ? tf.squeeze(taken, [axis]) : taken;
    },
  };
}

const repeat: Reading = (operator, args, shape) => {
  const { config } = operator;
  const options = functionOptions(operator, args, ['axis', 'repeats']);
  const [axis = 0] = rowAxes(options.integers('axis', [0]), shape, operator);
  const repeats = options.integer('repeats');
  const size = knownSize(shape, axis, config);
  if (repeats < 1 || repeats * size > config.context.limits.maxTensorElements)
    throw config.refuse('invalid-config', 'repeats should be positive.');
  const indices = Array.from({ length: size * repeats }, (_, index) => Math.floor(index / repeats));
  return gathered(indices, axis, false, shape);
};

const take: Reading = (operator, args, shape) => {
  const { config } = operator;
  const options = functionOptions(operator, args, ['axis', 'batch_dims']);
  const [axis = 0] = rowAxes(options.integers('axis', [0]), shape, operator);
  const positional = args.positional[1];
  const given = positional?.kind === 'constant' ? positional.value : functionOption(operator, args, 'indices');
  const indices = Array.isArray(given) ? (given as unknown[]) : [given];
  const size = knownSize(shape, axis, config);
  const within = indices.every((index) => Number.isSafeInteger(index) && Number(index) >= 0 && Number(index) < size);
  if (!within || indices.length === 0 || options.integer('batch_dims', 0) !== 0)
    throw config.refuse('unsupported-option', 'only a constant index, or a list of them, within the axis is read.');
  return gathered(indices as number[], axis, !Array.isArray(given), shape);
};

const tile: Reading = (operator, args, shape) => {
  const { config } = operator;
  const options = functionOptions(operator, args, ['repeats', 'multiples']);
  const counts = options.integers(options.has('repeats') ? 'repeats' : 'multiples');
  if (counts.length !== shape.length || counts[0] !== 1 || counts.some((count) => count < 1))
    throw config.refuse('unsupported-option', 'it should name one positive count per axis, 1 for the batch.');
  return {
    shape: shape.map((size, axis) => (size === null ? null : size * (counts[axis] ?? 1))),
    onnx: (scope, x) => scope.op('Tile', [x, scope.integers(counts)]),
    tensorflow: (tf, x) => tf.tile(x, counts),
  };
};

const pad: Reading = (operator, args, shape) => {
  const { config } = operator;
  const widths = functionOption(operator, args, 'pad_width', 'paddings');
  const value = functionOption(operator, args, 'constant_values') ?? 0;
  const mode = functionOption(operator, args, 'mode') ?? 'constant';
  const isWidth = (width: unknown): boolean =>
    Array.isArray(width) &&
    width.length === 2 &&
    width.every((size) => Number.isSafeInteger(size) && Number(size) >= 0);
  const valid = Array.isArray(widths) && widths.length === shape.length && widths.every(isWidth);
  if (!valid || typeof value !== 'number' || String(mode).toLowerCase() !== 'constant')
    throw config.refuse('unsupported-option', 'only padding with a constant, two widths per axis, is read.');
  const pairs = widths as [number, number][];
  if (pairs[0]?.some((width) => width > 0))
    throw config.refuse('unsupported-option', 'it adds rows to the batch; pad other axes only.');
  return {
    shape: shape.map((size, axis) => {
      const [before, after] = pairs[axis] ?? [0, 0];
      return size === null ? null : size + before + after;
    }),
    onnx: (scope, x) => {
      const ends = [...pairs.map(([before]) => before), ...pairs.map(([, after]) => after)];
      return scope.op('Pad', [x, scope.integers(ends), scope.scalar(value)]);
    },
    tensorflow: (tf, x) => tf.pad(x, pairs, value),
  };
};

const flatten: Reading = (operator, _args, shape) => {
  const size = elementCount(shape.slice(1).map((_, index) => knownSize(shape, index + 1, operator.config)));
  return {
    shape: [null, size],
    onnx: (scope, x) => scope.op('Reshape', [x, scope.integers([-1, size])]),
    tensorflow: (tf, x) => tf.reshape(x, [x.shape[0] ?? 1, size]),
  };
};

/** Says sizes that a shape leaves open. */
const ensureShape: Reading = (operator, args, shape) => {
  const said = functionOption(operator, args, 'shape');
  const sizes = shape.map((size, axis) => (axis === 0 ? null : (size ?? (said as (number | null)[])[axis] ?? null)));
  return { shape: sizes, onnx: (_scope, x) => x, tensorflow: (_tf, x) => x };
};

/** A part of every row: where it begins along each axis and its size, -1 for what is left. */
const slice: Reading = (operator, args, shape) => {
  const { config } = operator;
  const options = functionOptions(operator, args, ['begin', 'size']);
  const [begin, wanted] = [options.integers('begin'), options.integers('size')];
  if (begin.length !== shape.length || wanted.length !== shape.length)
    throw config.refuse('invalid-config', 'it does not name every axis once.');
  if (begin[0] !== 0 || wanted[0] !== -1)
    throw config.refuse('unsupported-option', 'it picks rows of the batch; slice other axes.');
  const axes = shape.map((_, axis) => axis).slice(1);
  const sizes = axes.map((axis) => {
    const [from = 0, size = -1] = [begin[axis], wanted[axis]];
    const left = knownSize(shape, axis, config) - from;
    if (from < 0 || size < -1 || size === 0 || left < 1 || size > left)
      throw config.refuse('shape-mismatch', 'it takes what is not there.');
    return size === -1 ? left : size;
  });
  const starts = begin.slice(1);
  return {
    shape: [null, ...sizes],
    onnx: (scope, x) =>
      scope.op('Slice', [
        x,
        scope.integers(starts),
        scope.integers(starts.map((start, index) => start + (sizes[index] ?? 0))),
        scope.integers(axes),
      ]),
    tensorflow: (tf, x) => tf.slice(x, [0, ...starts], [-1, ...sizes]),
  };
};

const cumulativeSum: Reading = (operator, args, shape) => {
  const options = functionOptions(operator, args, ['axis', 'exclusive', 'reverse']);
  const axis = first(rowAxes([options.integer('axis', 0)], shape, operator));
  const [exclusive, reverse] = [options.boolean('exclusive', false), options.boolean('reverse', false)];
  return {
    shape,
    onnx: (scope, x) =>
      scope.op('CumSum', [x, scope.op('Squeeze', [scope.integers([axis])])], {
        exclusive: { int: exclusive ? 1 : 0 },
        reverse: { int: reverse ? 1 : 0 },
      }),
    tensorflow: (tf, x) => tf.cumsum(x, axis, exclusive, reverse),
  };
};

const readings: Readonly<Record<string, Reading>> = {
  'keras.ops.Reshape': reshape,
  'tf.reshape': reshape,
  'keras.ops.Transpose': transpose,
  'tf.transpose': transpose,
  'tf.compat.v1.transpose': transpose,
  'keras.ops.Swapaxes': swapAxes,
  'keras.ops.Moveaxis': moveAxis,
  'keras.ops.ExpandDims': expandDims,
  'tf.expand_dims': expandDims,
  'tf.compat.v1.expand_dims': expandDims,
  'keras.ops.Squeeze': squeeze,
  'tf.squeeze': squeeze,
  'tf.compat.v1.squeeze': squeeze,
  'keras.ops.Flip': flip,
  'tf.reverse': flip,
  'keras.ops.Repeat': repeat,
  'tf.repeat': repeat,
  'keras.ops.Take': take,
  'tf.gather': take,
  'tf.compat.v1.gather': take,
  'keras.ops.Tile': tile,
  'tf.tile': tile,
  'keras.ops.Pad': pad,
  'tf.pad': pad,
  'tf.compat.v1.pad': pad,
  'tf.keras.backend.batch_flatten': flatten,
  'tf.ensure_shape': ensureShape,
  'tf.slice': slice,
  'tf.math.cumsum': cumulativeSum,
};

export const shapeFunctions = defineLayer<Operator>({
  classNames: Object.keys(readings),
  summary: 'all axes but the batch, whose rows stay apart; take: constant indices; pad: with a constant',
  inputs: 'any',
  keywords: [
    ...['*', 'name', 'shape', 'perm', 'conjugate', 'axis', 'repeats', 'multiples', 'indices', 'validate_indices'],
    ...['batch_dims', 'paddings', 'mode', 'constant_values', 'begin', 'size', 'exclusive', 'reverse'],
  ],
  read: readOperator,
  outputShape: (operator, inputShapes, args) =>
    entryOf(readings, operator)(operator, args, onlyTensor(operator, args, inputShapes)).shape,
  onnx: (operator, scope, inputs, _weights, call) =>
    entryOf(readings, operator)(operator, call.arguments, first(call.inputShapes)).onnx(scope, first(inputs)),
  tensorflow: (operator, tf, inputs, _weights, call) =>
    entryOf(readings, operator)(operator, call.arguments, first(call.inputShapes)).tensorflow(tf, first(inputs)),
});

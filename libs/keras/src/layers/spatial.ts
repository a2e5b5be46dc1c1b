/**
 * What layers over space and time share: the axes between batch and channels, windows that move along them, and the order
 * of axes that each back end wants (ONNX channels first, TensorFlow.js channels last).
 */
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { LayerConfig } from '../config/layer-config.js';
import type { TensorFlow } from '../layer.js';
import type { OnnxAttributeValue, OnnxScope } from '../onnx/onnx-graph.js';
import type { Shape } from '../shape.js';

export type Pair = readonly [number, number];

/** How many axes lie between batch and channels, and where the channels are. */
export interface SpatialLayout {
  readonly config: LayerConfig;
  readonly rank: number;
  readonly channelsFirst: boolean;
}

/** A window that moves along the spatial axes; one number an axis. */
export interface SpatialWindow {
  readonly size: readonly number[];
  readonly strides: readonly number[];
  readonly dilation: readonly number[];
  /** `same`: as much padding as gives ⌈n / stride⌉ windows, the odd one after. `causal`: all of it before. */
  readonly padding: 'valid' | 'same' | 'causal';
}

/** `Conv2D` has two spatial axes. Throws `invalid-config` for a data format that Keras does not have. */
export function readLayout(config: LayerConfig): SpatialLayout {
  const format = config.text('data_format', 'channels_last');
  if (format !== 'channels_last' && format !== 'channels_first')
    throw config.refuse('invalid-config', 'data_format should be channels_last or channels_first.');
  const [, digit] = /([123])D/.exec(config.className) ?? [];
  return { config, rank: Number(digit ?? 1), channelsFirst: format === 'channels_first' };
}

/** One positive integer an axis; a single one stands for all of them. */
export function readSizes(config: LayerConfig, option: string, rank: number, fallback?: number): number[] {
  const given = config.integers(option, fallback === undefined ? undefined : [fallback]);
  const sizes = given.length === 1 ? Array.from({ length: rank }, () => given[0] ?? 0) : given;
  if (sizes.length !== rank || sizes.some((size) => size < 1))
    throw config.refuse('invalid-config', `${option} should be ${rank} positive integers.`);
  return sizes;
}

/** Two integers from 0 an axis, in any of Keras' forms: `1`, `[1, 2]` (symmetric), `[[1, 2], [3, 4]]`. */
export function readMargins(config: LayerConfig, option: string, rank: number): Pair[] {
  const value = config.raw(option) ?? 1;
  const wrong = config.refuse('invalid-config', `${option} should be integers from 0, two for each axis.`);
  const margin = (size: unknown): number => {
    if (!Number.isSafeInteger(size) || (size as number) < 0) throw wrong;
    return size as number;
  };
  const pair = (item: unknown): Pair => {
    if (!Array.isArray(item)) return [margin(item), margin(item)];
    if (item.length !== 2) throw wrong;
    return [margin(item[0]), margin(item[1])];
  };
  if (!Array.isArray(value)) return Array.from({ length: rank }, () => pair(value));
  // One axis: [before, after]. Several: one entry an axis.
  if (rank === 1) return [pair(value.length === 1 ? value[0] : value)];
  if (value.length !== rank) throw wrong;
  return value.map(pair);
}

/** Sizes of the spatial axes. Throws `shape-mismatch` for a tensor of fewer axes, `unsupported-option` for one of more. */
export function spatialSizes({ config, rank, channelsFirst }: SpatialLayout, input: Shape): (number | null)[] {
  if (input.length !== rank + 2) {
    const message = `it takes ${rank + 2} axes with the batch, its input has ${input.length}.`;
    // Keras itself takes more axes in some layers.
    throw config.refuse(input.length > rank + 2 ? 'unsupported-option' : 'shape-mismatch', message);
  }
  return channelsFirst ? input.slice(2) : input.slice(1, -1);
}

export function channelAxis({ channelsFirst }: SpatialLayout): number {
  return channelsFirst ? 1 : -1;
}

/** `[batch, …spatial, channels]` in the layer's own order of axes. */
export function layoutShape({ channelsFirst }: SpatialLayout, spatial: Shape, channels: number | null): Shape {
  return channelsFirst ? [null, channels, ...spatial] : [null, ...spatial, channels];
}

/**
 * How many windows fit on each axis. Throws `shape-mismatch` where none does, and `too-large` where padding would make
 * more of a row than a tensor may hold.
 */
export function windowCounts(layout: SpatialLayout, window: SpatialWindow, input: Shape): (number | null)[] {
  const { config } = layout;
  const sizes = spatialSizes(layout, input);
  const paddings = sizes.map((size, axis) => windowPadding(window, axis, size) ?? [0, 0]);
  const padded = sizes.map((size, axis) => (size ?? 1) + (paddings[axis]?.[0] ?? 0) + (paddings[axis]?.[1] ?? 0));
  const channels = input.at(channelAxis(layout)) ?? 1;
  const elements = padded.reduce((product, size) => product * size, channels);
  if (!(elements <= config.context.limits.maxTensorElements))
    throw config.refuse('too-large', `with its padding, a row has ${elements} numbers.`);
  return sizes.map((size, axis) => {
    if (size === null) return null;
    const stride = window.strides[axis] ?? 1;
    const count =
      window.padding === 'valid' ? Math.ceil((size - extent(window, axis) + 1) / stride) : Math.ceil(size / stride);
    if (count < 1)
      throw config.refuse(
        'shape-mismatch',
        `its window of ${extent(window, axis)} is longer than its input of ${size}.`,
      );
    return count;
  });
}

/** Throws `unsupported-option` on Theano, which pads the same on both sides and cuts what is too much. */
export function requireUsualPadding(config: LayerConfig): void {
  if (!config.keras.onTheano) return;
  const message =
    'its padding is not read as Theano places it; load the model in Keras 2.3 with TensorFlow and save it again.';
  throw config.refuse('unsupported-option', message);
}

/** How far a window reaches along an axis, its gaps included. */
export function extent({ size, dilation }: SpatialWindow, axis: number): number {
  return ((size[axis] ?? 1) - 1) * (dilation[axis] ?? 1) + 1;
}

/** Padding before and after an axis; `undefined` where it depends on a size that is not known. */
export function windowPadding(window: SpatialWindow, axis: number, size: number | null): Pair | undefined {
  if (window.padding === 'valid' || extent(window, axis) === 1) return [0, 0];
  const reach = extent(window, axis) - 1;
  if (window.padding === 'causal') return [reach, 0];
  const stride = window.strides[axis] ?? 1;
  if (size === null && stride !== 1) return undefined;
  // With stride 1 every size has the same padding.
  const total = size === null ? reach : Math.max((Math.ceil(size / stride) - 1) * stride + reach + 1 - size, 0);
  return [Math.floor(total / 2), Math.ceil(total / 2)];
}

/**
 * Window attributes of ONNX' Conv and pooling. Padding that depends on an unknown size is left to `auto_pad`, which ONNX
 * Runtime gets right for windows without gaps in or between them: throws `unsupported-option` for others.
 */
export function onnxWindow(
  layout: SpatialLayout,
  window: SpatialWindow,
  input: Shape,
): Record<string, OnnxAttributeValue> {
  const paddings = spatialSizes(layout, input).map((size, axis) => windowPadding(window, axis, size));
  const attributes = { kernel_shape: { ints: window.size }, strides: { ints: window.strides } };
  const dilated = window.dilation.some((rate) => rate !== 1);
  const known = paddings.filter((padding) => padding !== undefined);
  if (known.length < paddings.length) {
    const gaps = window.strides.some((stride, axis) => extent(window, axis) < stride);
    if (dilated || gaps) {
      const message =
        'its padding depends on an unknown length in a way that is not read; declare the shape of the input.';
      throw layout.config.refuse('unsupported-option', message);
    }
    return { ...attributes, auto_pad: { string: 'SAME_UPPER' } };
  }
  return {
    ...attributes,
    ...(dilated && { dilations: { ints: window.dilation } }),
    pads: { ints: [...known.map(([before]) => before), ...known.map(([, after]) => after)] },
  };
}

/** Throws what `onnxWindow` would throw, at the time when shapes are worked out. */
export function requireWritableWindow(layout: SpatialLayout, window: SpatialWindow, input: Shape): void {
  onnxWindow(layout, window, input);
}

/** Writes `apply` between transpositions to channels first and back, where the layer's tensors are channels last. */
export function onnxChannelsFirst(
  { rank, channelsFirst }: SpatialLayout,
  scope: OnnxScope,
  x: string,
  apply: (x: string) => string,
): string {
  if (channelsFirst) return apply(x);
  const spatial = Array.from({ length: rank }, (_, axis) => axis + 1);
  const first = scope.op('Transpose', [x], { perm: { ints: [0, rank + 1, ...spatial] } });
  return scope.op('Transpose', [apply(first)], { perm: { ints: [0, ...spatial.map((axis) => axis + 1), 1] } });
}

/** Carries out `apply` on channels last, which is all that the WASM back end knows. */
export function tensorFlowChannelsLast(
  { rank, channelsFirst }: SpatialLayout,
  tf: TensorFlow,
  x: Tensor,
  apply: (x: Tensor) => Tensor,
): Tensor {
  if (!channelsFirst) return apply(x);
  const spatial = Array.from({ length: rank }, (_, axis) => axis + 2);
  const result = apply(tf.transpose(x, [0, ...spatial, 1]));
  return tf.transpose(result, [0, rank + 1, ...spatial.map((axis) => axis - 1)]);
}

/** Zeros around the spatial axes of `[batch, …spatial, channels]`, as the window needs them for the sizes at hand. */
export function padForWindow(tf: TensorFlow, x: Tensor, window: SpatialWindow): Tensor {
  const paddings = x.shape.slice(1, -1).map((size, axis) => windowPadding(window, axis, size) ?? [0, 0]);
  if (paddings.every(([before, after]) => before === 0 && after === 0)) return x;
  return tf.pad(x, [[0, 0], ...paddings.map(([before, after]): [number, number] => [before, after]), [0, 0]]);
}

/** `[batch, length, channels]` → `[batch, 1, length, channels]`: one axis is an image of one row. */
export function rowImage(tf: TensorFlow, x: Tensor): Tensor4D {
  const [batch = 1, length = 1, channels = 1] = x.shape;
  return tf.reshape(x, [batch, 1, length, channels]);
}

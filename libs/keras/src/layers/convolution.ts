/**
 * What the convolution layers share: their options, and convolution in both back ends. Kernels stand as Keras keeps them,
 * `[…window, channels in, channels out]`.
 */
import type { Tensor, Tensor4D, Tensor5D } from '@tensorflow/tfjs-core';
import type { Activation } from '../activations/activation.js';
import { readActivation } from '../activations/read-activation.js';
import type { LayerConfig } from '../config/layer-config.js';
import type { Weight, WeightSpec } from '../container/weight-spec.js';
import { first, type TensorFlow } from '../layer.js';
import type { OnnxScope } from '../onnx/onnx-graph.js';
import { elementCount, knownSize, type Shape } from '../shape.js';
import {
  channelAxis,
  extent,
  layoutShape,
  onnxWindow,
  padForWindow,
  readLayout,
  readSizes,
  requireUsualPadding,
  requireWritableWindow,
  rowImage,
  windowCounts,
  type SpatialLayout,
  type SpatialWindow,
} from './spatial.js';

export interface ConvolutionOptions {
  readonly layout: SpatialLayout;
  readonly window: SpatialWindow;
  readonly useBias: boolean;
  readonly activation: Activation;
}

export function readConvolution(
  config: LayerConfig,
  paddings: readonly SpatialWindow['padding'][] = ['valid', 'same'],
): ConvolutionOptions {
  if (config.has('nb_filter') || config.has('border_mode'))
    throw config.refuse(
      'keras-1',
      'it was written by Keras 1; load the model there and save it again with Keras 2 or later.',
    );
  if (config.has('lora_rank'))
    throw config.refuse('unsupported-option', 'its LoRA weights are not read; save the merged model.');
  const layout = readLayout(config);
  const named = config.text('padding', 'valid').toLowerCase();
  const padding = paddings.find((known) => known === named);
  if (!padding) throw config.refuse('invalid-config', `padding should be one of ${paddings.join(', ')}.`);
  const window = {
    size: readSizes(config, 'kernel_size', layout.rank),
    strides: readSizes(config, 'strides', layout.rank, 1),
    dilation: readSizes(config, 'dilation_rate', layout.rank, 1),
    padding,
  };
  requireUsualConvolution(config, window);
  return { layout, window, useBias: config.boolean('use_bias', true), activation: readActivation(config) };
}

/**
 * Theano's convolutions are those of other back ends once their kernels are turned, but where it pads otherwise: windows of odd
 * size that move by one step have the same padding. Throws `unsupported-option`.
 */
function requireUsualConvolution(config: LayerConfig, window: SpatialWindow): void {
  if (!config.keras.onTheano) return;
  if (!/^Conv/.test(config.className)) {
    const message =
      'convolutions of single channels are not read of Theano; load the model in Keras 2.3 with TensorFlow and save it again.';
    throw config.refuse('unsupported-option', message);
  }
  const alike = window.strides.every((stride, axis) => stride === 1 && extent(window, axis) % 2 === 1);
  if (window.padding === 'same' && (!alike || config.className.endsWith('Transpose'))) requireUsualPadding(config);
}

/** A positive integer. Throws `invalid-config`. */
export function readCount(config: LayerConfig, option: string, fallback?: number): number {
  const count = config.integer(option, fallback);
  if (count < 1) throw config.refuse('invalid-config', `${option} should be positive.`);
  return count;
}

export function inputChannels({ layout }: ConvolutionOptions, input: Shape): number {
  return knownSize(input, channelAxis(layout), layout.config);
}

export function convolvedShape({ layout, window }: ConvolutionOptions, input: Shape, filters: number): Shape {
  requireWritableWindow(layout, window, input);
  return layoutShape(layout, windowCounts(layout, window, input), filters);
}

export function kernelSpecs(kernels: readonly WeightSpec[], useBias: boolean, filters: number): WeightSpec[] {
  return useBias ? [...kernels, { name: 'bias', shape: [filters] }] : [...kernels];
}

/** ONNX' Conv over channels first; `kernel` in ONNX' order, `[channels out, channels in / group, …window]`. */
export function onnxConv(
  scope: OnnxScope,
  { layout, window }: ConvolutionOptions,
  x: string,
  kernel: string,
  group: number,
  input: Shape,
  bias?: Weight,
): string {
  const inputs = bias ? [x, kernel, scope.floats(bias.values, bias.shape)] : [x, kernel];
  return scope.op('Conv', inputs, { ...onnxWindow(layout, window, input), group: { int: group } });
}

/** `[…window, in, out]` as ONNX wants it, `[out, in, …window]`. */
export function channelsFirstKernel(scope: OnnxScope, { values, shape }: Weight): string {
  const [input, output] = [shape.length - 2, shape.length - 1];
  const order = [output, input, ...shape.slice(0, -2).keys()];
  return scope.floats(
    reordered(values, shape, order),
    order.map((axis) => shape[axis] ?? 1),
  );
}

/** `[…window, in, multiplier]` as a grouped kernel, `[in · multiplier, 1, …window]`. */
export function depthwiseKernel(scope: OnnxScope, { values, shape }: Weight): string {
  const [input, multiplier] = [shape.length - 2, shape.length - 1];
  const window = shape.slice(0, -2);
  const order = [input, multiplier, ...window.keys()];
  return scope.floats(reordered(values, shape, order), [(shape[input] ?? 1) * (shape[multiplier] ?? 1), 1, ...window]);
}

/** Of a shared layer's kernel, so that each is written once. */
const reorderedKernels = new WeakMap<Float32Array, Map<string, Float32Array>>();

/** The values of a row-major array with its axes in another order. */
export function reordered(values: Float32Array, shape: readonly number[], order: readonly number[]): Float32Array {
  const known = reorderedKernels.get(values) ?? new Map<string, Float32Array>();
  const key = `${shape.join()}:${order.join()}`;
  const result = known.get(key) ?? transposeValues(values, shape, order);
  reorderedKernels.set(values, known.set(key, result));
  return result;
}

function transposeValues(values: Float32Array, shape: readonly number[], order: readonly number[]): Float32Array {
  const strides = shape.map((_, axis) => elementCount(shape.slice(axis + 1)));
  const axes = order.map((axis) => ({ size: shape[axis] ?? 1, stride: strides[axis] ?? 1 }));
  const result = new Float32Array(values.length);
  const position = axes.map(() => 0);
  let from = 0;
  for (let to = 0; to < result.length; to++) {
    result[to] = values[from] ?? 0;
    for (let level = axes.length - 1; level >= 0; level--) {
      const { size, stride } = axes[level] ?? { size: 1, stride: 0 };
      const next = (position[level] ?? 0) + 1;
      from += stride;
      position[level] = next;
      if (next < size) break;
      from -= size * stride;
      position[level] = 0;
    }
  }
  return result;
}

/** Convolution of `[batch, …spatial, channels]`; a grouped one group by group, as the WASM back end knows no groups. */
export function convolve(tf: TensorFlow, x: Tensor, kernel: Tensor, window: SpatialWindow, groups: number): Tensor {
  const padded = padForWindow(tf, x, window);
  const parts = tf.split(padded, groups, -1);
  const kernels = tf.split(kernel, groups, -1);
  return tf.concat(
    parts.map((part, group) => convolveGroup(tf, part, kernels[group] ?? kernel, window)),
    -1,
  );
}

function convolveGroup(tf: TensorFlow, x: Tensor, kernel: Tensor, { strides, dilation }: SpatialWindow): Tensor {
  if (strides.length === 3)
    return tf.conv3d(x as Tensor5D, kernel as Tensor5D, strides as [number, number, number], 'valid');
  if (strides.length === 2)
    return tf.conv2d(
      x as Tensor4D,
      kernel as Tensor4D,
      strides as [number, number],
      'valid',
      'NHWC',
      dilation as [number, number],
    );
  const [image, filter] = [rowImage(tf, x), rowKernel(tf, kernel)];
  const result = tf.conv2d(image, filter, [1, first(strides)], 'valid', 'NHWC', [1, first(dilation)]);
  return tf.reshape(result, [result.shape[0], ...result.shape.slice(2)]);
}

/** `[window, a, b]` → `[1, window, a, b]`, a kernel for images of one row. */
export function rowKernel(tf: TensorFlow, kernel: Tensor): Tensor4D {
  const [size = 1, a = 1, b = 1] = kernel.shape;
  return tf.reshape(kernel, [1, size, a, b]);
}

/**
 * Each channel with kernels of its own, `[batch, …spatial, in]` → `[batch, …spatial, in · multiplier]`: a sum over the
 * positions of the window. Native depthwise kernels lack unequal strides and dilation on some back ends.
 */
export function convolveDepthwise(tf: TensorFlow, x: Tensor, kernel: Tensor, window: SpatialWindow): Tensor {
  const padded = padForWindow(tf, x, window);
  const [channels = 1, multiplier = 1] = kernel.shape.slice(-2);
  const sizes = padded.shape.slice(1, -1);
  const spans = sizes.map((size, axis) => size - ((window.size[axis] ?? 1) - 1) * (window.dilation[axis] ?? 1));
  const taps = tf.unstack(tf.reshape(kernel, [-1, channels, multiplier]));
  let sum: Tensor | undefined;
  for (const [index, offsets] of windowOffsets(window).entries()) {
    const begin = [0, ...offsets, 0];
    const end = [x.shape[0] ?? 1, ...offsets.map((offset, axis) => offset + (spans[axis] ?? 1)), channels];
    const strided = tf.stridedSlice(padded, begin, end, [1, ...window.strides, 1]);
    const product = tf.mul(tf.expandDims(strided, -1), taps[index] ?? 0);
    sum = sum ? tf.add(sum, product) : product;
  }
  const result = sum ?? padded;
  return tf.reshape(result, [...result.shape.slice(0, -2), channels * multiplier]);
}

/** Positions of a window's elements, last axis fastest. */
function windowOffsets({ size, dilation }: SpatialWindow): number[][] {
  return size.reduce<number[][]>(
    (offsets, length, axis) =>
      offsets.flatMap((offset) =>
        Array.from({ length }, (_, position) => [...offset, position * (dilation[axis] ?? 1)]),
      ),
    [[]],
  );
}

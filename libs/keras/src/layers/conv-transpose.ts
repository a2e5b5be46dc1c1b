/**
 * Conv1DTranspose, Conv2DTranspose: the gradient of a convolution, used to widen. A length n becomes
 * n · stride (padding same) or (n - 1) · stride + max(window, stride) (valid).
 */
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { defineLayer, first, type TensorFlow } from '../layer.js';
import type { Shape } from '../shape.js';
import {
  channelsFirstKernel,
  inputChannels,
  kernelSpecs,
  readConvolution,
  readCount,
  rowKernel,
  type ConvolutionOptions,
} from './convolution.js';
import {
  layoutShape,
  onnxChannelsFirst,
  rowImage,
  spatialSizes,
  tensorFlowChannelsLast,
  type SpatialWindow,
} from './spatial.js';

interface TransposeOptions extends ConvolutionOptions {
  readonly filters: number;
}

export const convTranspose = defineLayer<TransposeOptions>({
  classNames: ['Conv1DTranspose', 'Conv2DTranspose'],
  summary: 'padding valid and same; strides; channels first and last; no dilation, no output padding',
  read(config) {
    const options = readConvolution(config);
    if (config.has('output_padding'))
      throw config.refuse('unsupported-option', 'output_padding is not read; leave it out.');
    if (options.window.dilation.some((rate) => rate > 1))
      throw config.refuse('unsupported-option', 'dilation is not read; use a dilation of 1.');
    return { ...options, filters: readCount(config, 'filters') };
  },
  weights(options, inputShapes) {
    const channels = inputChannels(options, first(inputShapes));
    const kernel = { name: 'kernel', shape: [...options.window.size, options.filters, channels] };
    return kernelSpecs([kernel], options.useBias, options.filters);
  },
  outputShape({ layout, window, filters }, inputShapes): Shape {
    const sizes = spatialSizes(layout, first(inputShapes));
    const lengths = sizes.map((size, axis) => (size === null ? null : widened(window, axis, size)));
    return layoutShape(layout, lengths, filters);
  },
  onnx({ layout, window, activation }, scope, inputs, [kernel, bias]) {
    if (!kernel) throw new RangeError('a convolution without a kernel');
    const { size, strides } = window;
    const gaps = size.map((length, axis) => length - (strides[axis] ?? 1));
    // Where windows overlap, what sticks out is cut off; where they do not, the last gap is filled up.
    const cut = gaps.map((gap) => (window.padding === 'same' ? Math.max(gap, 0) : 0));
    const widenedOnnx = onnxChannelsFirst(layout, scope, first(inputs), (x) => {
      const operands = [x, channelsFirstKernel(scope, kernel)];
      if (bias) operands.push(scope.floats(bias.values, bias.shape));
      return scope.op('ConvTranspose', operands, {
        kernel_shape: { ints: size },
        strides: { ints: strides },
        pads: { ints: [...cut.map((total) => Math.floor(total / 2)), ...cut.map((total) => Math.ceil(total / 2))] },
        output_padding: { ints: gaps.map((gap) => Math.max(-gap, 0)) },
      });
    });
    return activation.onnx(scope, widenedOnnx);
  },
  tensorflow({ layout, window, activation, filters }, tf, inputs, [kernel, bias]) {
    if (!kernel) throw new RangeError('a convolution without a kernel');
    const result = tensorFlowChannelsLast(layout, tf, first(inputs), (x) => {
      const transposed = convolveTransposed(tf, x, kernel, window, filters);
      return bias ? tf.add(transposed, bias) : transposed;
    });
    return activation.tensorflow(tf, result);
  },
});

function widened({ size, strides, padding }: SpatialWindow, axis: number, length: number): number {
  const [extent, stride] = [size[axis] ?? 1, strides[axis] ?? 1];
  return padding === 'same' ? length * stride : (length - 1) * stride + Math.max(extent, stride);
}

function convolveTransposed(tf: TensorFlow, x: Tensor, kernel: Tensor, window: SpatialWindow, filters: number): Tensor {
  const { strides } = window;
  const padding = window.padding === 'same' ? 'same' : 'valid';
  const [batch = 1, ...spatial] = x.shape.slice(0, -1);
  const lengths = spatial.map((length, axis) => widened(window, axis, length));
  if (strides.length === 2)
    return tf.conv2dTranspose(
      x as Tensor4D,
      kernel as Tensor4D,
      [batch, ...lengths, filters] as [number, number, number, number],
      strides as [number, number],
      padding,
    );
  const length = first(lengths);
  const [image, filter] = [rowImage(tf, x), rowKernel(tf, kernel)];
  const wide = tf.conv2dTranspose(image, filter, [batch, 1, length, filters], [1, first(strides)], padding);
  return tf.reshape(wide, [batch, length, filters]);
}

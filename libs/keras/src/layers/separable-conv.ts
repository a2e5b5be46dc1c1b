/** SeparableConv1D and SeparableConv2D: a depthwise convolution, then one of a single position that mixes channels. */
import type { Tensor } from '@tensorflow/tfjs-core';
import { isAtLeast, isMultiBackend } from '../config/keras-version.js';
import { defineLayer, first, type TensorFlow } from '../layer.js';
import {
  channelsFirstKernel,
  convolveDepthwise,
  convolvedShape,
  depthwiseKernel,
  inputChannels,
  kernelSpecs,
  onnxConv,
  readConvolution,
  readCount,
} from './convolution.js';
import { onnxChannelsFirst, tensorFlowChannelsLast } from './spatial.js';

export const separableConv = defineLayer({
  classNames: ['SeparableConv1D', 'SeparableConv2D'],
  summary:
    'padding valid, same and (SeparableConv1D) causal; strides, dilation, depth multiplier; channels first and last',
  read(config) {
    const causal = config.className === 'SeparableConv1D' && config.keras.major < 3;
    const options = readConvolution(config, causal ? ['valid', 'same', 'causal'] : undefined);
    // Keras up to 2.0.8 takes the dilation, but computes without it.
    const undilated = isMultiBackend(config.keras) && !isAtLeast(config.keras, 2, 0, 9);
    const { window } = options;
    return {
      ...options,
      window: undilated ? { ...window, dilation: window.size.map(() => 1) } : window,
      filters: readCount(config, 'filters'),
      multiplier: readCount(config, 'depth_multiplier', 1),
    };
  },
  weights(options, inputShapes) {
    const { window, layout, multiplier, filters, useBias } = options;
    const channels = inputChannels(options, first(inputShapes));
    const single = Array.from({ length: layout.rank }, () => 1);
    const kernels = [
      { name: 'depthwise_kernel', shape: [...window.size, channels, multiplier] },
      { name: 'pointwise_kernel', shape: [...single, channels * multiplier, filters] },
    ];
    return kernelSpecs(kernels, useBias, filters);
  },
  outputShape: (options, inputShapes) => convolvedShape(options, first(inputShapes), options.filters),
  onnx(options, scope, inputs, [depthwise, pointwise, bias], { inputShapes }) {
    if (!depthwise || !pointwise) throw new RangeError('a convolution without a kernel');
    const input = first(inputShapes);
    const convolved = onnxChannelsFirst(options.layout, scope, first(inputs), (x) => {
      const kernel = depthwiseKernel(scope, depthwise);
      const separate = onnxConv(scope, options, x, kernel, inputChannels(options, input), input);
      const mixed = [separate, channelsFirstKernel(scope, pointwise)];
      return scope.op('Conv', bias ? [...mixed, scope.floats(bias.values, bias.shape)] : mixed);
    });
    return options.activation.onnx(scope, convolved);
  },
  tensorflow({ layout, window, activation }, tf, inputs, [depthwise, pointwise, bias]) {
    if (!depthwise || !pointwise) throw new RangeError('a convolution without a kernel');
    const convolved = tensorFlowChannelsLast(layout, tf, first(inputs), (x) => {
      const result = mixChannels(tf, convolveDepthwise(tf, x, depthwise, window), pointwise);
      return bias ? tf.add(result, bias) : result;
    });
    return activation.tensorflow(tf, convolved);
  },
});

/** A kernel of one position is a matrix over the last axis. */
function mixChannels(tf: TensorFlow, x: Tensor, pointwise: Tensor): Tensor {
  const [channels = 1, filters = 1] = pointwise.shape.slice(-2);
  const mixed = tf.matMul(tf.reshape(x, [-1, channels]), tf.reshape(pointwise, [channels, filters]));
  return tf.reshape(mixed, [...x.shape.slice(0, -1), filters]);
}

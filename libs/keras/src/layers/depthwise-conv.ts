/** DepthwiseConv1D and DepthwiseConv2D: every channel is convolved with `depth_multiplier` kernels of its own. */
import { defineLayer, first } from '../layer.js';
import {
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

export const depthwiseConv = defineLayer({
  classNames: ['DepthwiseConv1D', 'DepthwiseConv2D'],
  summary: 'padding valid and same; strides, dilation, depth multiplier; channels first and last',
  read: (config) => ({
    ...readConvolution(config),
    multiplier: readCount(config, 'depth_multiplier', 1),
    // Renamed in Keras 3.
    kernelName: config.keras.major < 3 ? 'depthwise_kernel' : 'kernel',
  }),
  weights(options, inputShapes) {
    const channels = inputChannels(options, first(inputShapes));
    const kernel = { name: options.kernelName, shape: [...options.window.size, channels, options.multiplier] };
    return kernelSpecs([kernel], options.useBias, channels * options.multiplier);
  },
  outputShape(options, inputShapes) {
    const input = first(inputShapes);
    return convolvedShape(options, input, inputChannels(options, input) * options.multiplier);
  },
  onnx(options, scope, inputs, weights, { inputShapes }) {
    const input = first(inputShapes);
    const convolved = onnxChannelsFirst(options.layout, scope, first(inputs), (x) => {
      const kernel = depthwiseKernel(scope, first(weights));
      return onnxConv(scope, options, x, kernel, inputChannels(options, input), input, weights[1]);
    });
    return options.activation.onnx(scope, convolved);
  },
  tensorflow({ layout, window, activation }, tf, inputs, [kernel, bias]) {
    if (!kernel) throw new RangeError('a convolution without a kernel');
    const convolved = tensorFlowChannelsLast(layout, tf, first(inputs), (x) => {
      const result = convolveDepthwise(tf, x, kernel, window);
      return bias ? tf.add(result, bias) : result;
    });
    return activation.tensorflow(tf, convolved);
  },
});

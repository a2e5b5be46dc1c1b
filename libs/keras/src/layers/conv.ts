/** Conv1D, Conv2D, Conv3D: activation(x ∗ kernel + bias) over one to three spatial axes. */
import { defineLayer, first } from '../layer.js';
import {
  channelsFirstKernel,
  convolve,
  convolvedShape,
  inputChannels,
  kernelSpecs,
  onnxConv,
  readConvolution,
  readCount,
  type ConvolutionOptions,
} from './convolution.js';
import { onnxChannelsFirst, tensorFlowChannelsLast } from './spatial.js';

interface ConvOptions extends ConvolutionOptions {
  readonly filters: number;
  readonly groups: number;
}

export const conv = defineLayer<ConvOptions>({
  classNames: ['Conv1D', 'Conv2D', 'Conv3D'],
  summary:
    'padding valid, same and (Conv1D) causal; strides, dilation (Conv1D, Conv2D), groups; channels first and last; no LoRA',
  read(config) {
    const paddings = config.className === 'Conv1D' ? (['valid', 'same', 'causal'] as const) : undefined;
    const options = readConvolution(config, paddings);
    const [filters, groups] = [readCount(config, 'filters'), readCount(config, 'groups', 1)];
    if (filters % groups !== 0) throw config.refuse('invalid-config', 'filters should be a multiple of groups.');
    const { strides, dilation } = options.window;
    const dilated = dilation.some((rate) => rate > 1);
    if (dilated && strides.some((stride) => stride > 1))
      throw config.refuse('invalid-config', 'it has strides and dilation at once, which Keras does not allow.');
    if (dilated && options.layout.rank === 3)
      throw config.refuse('unsupported-option', 'dilation over three axes is not read; use a dilation of 1.');
    return { ...options, filters, groups };
  },
  weights(options, inputShapes) {
    const { window, useBias, filters, groups, layout } = options;
    const channels = inputChannels(options, first(inputShapes));
    if (channels % groups !== 0)
      throw layout.config.refuse('shape-mismatch', `${channels} channels cannot be split into ${groups} groups.`);
    const kernel = { name: 'kernel', shape: [...window.size, channels / groups, filters] };
    return kernelSpecs([kernel], useBias, filters);
  },
  outputShape: (options, inputShapes) => convolvedShape(options, first(inputShapes), options.filters),
  onnx(options, scope, inputs, weights, { inputShapes }) {
    const convolved = onnxChannelsFirst(options.layout, scope, first(inputs), (x) =>
      onnxConv(
        scope,
        options,
        x,
        channelsFirstKernel(scope, first(weights)),
        options.groups,
        first(inputShapes),
        weights[1],
      ),
    );
    return options.activation.onnx(scope, convolved);
  },
  tensorflow({ layout, window, groups, activation }, tf, inputs, [kernel, bias]) {
    if (!kernel) throw new RangeError('a convolution without a kernel');
    const convolved = tensorFlowChannelsLast(layout, tf, first(inputs), (x) => {
      const result = convolve(tf, x, kernel, window, groups);
      return bias ? tf.add(result, bias) : result;
    });
    return activation.tensorflow(tf, convolved);
  },
});

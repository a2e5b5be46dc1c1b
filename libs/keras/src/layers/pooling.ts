/** Max and average over a window that moves along one to three axes. Averages leave padding out, as Keras does. */
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { LayerConfig } from '../config/layer-config.js';
import { defineLayer, first, type TensorFlow } from '../layer.js';
import type { Shape } from '../shape.js';
import {
  channelAxis,
  layoutShape,
  onnxChannelsFirst,
  onnxWindow,
  readLayout,
  readSizes,
  requireUsualPadding,
  requireWritableWindow,
  rowImage,
  tensorFlowChannelsLast,
  windowCounts,
  type SpatialLayout,
  type SpatialWindow,
} from './spatial.js';

interface PoolingOptions {
  readonly layout: SpatialLayout;
  readonly window: SpatialWindow;
  readonly average: boolean;
}

export const pooling = defineLayer<PoolingOptions>({
  classNames: [
    'MaxPooling1D',
    'MaxPooling2D',
    'MaxPooling3D',
    'AveragePooling1D',
    'AveragePooling2D',
    'AveragePooling3D',
  ],
  summary: 'padding valid and same, any window and strides, channels first and last',
  read: readPooling,
  outputShape({ layout, window }, inputShapes): Shape {
    const input = first(inputShapes);
    requireWritableWindow(layout, window, input);
    return layoutShape(layout, windowCounts(layout, window, input), input.at(channelAxis(layout)) ?? null);
  },
  onnx: ({ layout, window, average }, scope, inputs, _weights, { inputShapes }) =>
    onnxChannelsFirst(layout, scope, first(inputs), (x) =>
      scope.op(average ? 'AveragePool' : 'MaxPool', [x], onnxWindow(layout, window, first(inputShapes))),
    ),
  tensorflow: (options, tf, inputs) =>
    tensorFlowChannelsLast(options.layout, tf, first(inputs), (x) => pool(tf, x, options)),
});

function readPooling(config: LayerConfig): PoolingOptions {
  const layout = readLayout(config);
  const padding = config.text('padding', 'valid').toLowerCase();
  if (padding !== 'valid' && padding !== 'same')
    throw config.refuse('invalid-config', 'padding should be valid or same.');
  if (padding === 'same') requireUsualPadding(config);
  const size = readSizes(config, 'pool_size', layout.rank, 2);
  const strides = config.has('strides') ? readSizes(config, 'strides', layout.rank) : size;
  const window = { size, strides, dilation: size.map(() => 1), padding } as const;
  return { layout, window, average: config.className.startsWith('Average') };
}

function pool(tf: TensorFlow, x: Tensor, { window, average }: PoolingOptions): Tensor {
  const style = window.padding === 'same' ? 'same' : 'valid';
  const apply = average ? tf.avgPool : tf.maxPool;
  const pair = (of: readonly number[], axis: number): [number, number] => [of[axis] ?? 1, of[axis + 1] ?? 1];
  const { size, strides } = window;
  if (size.length === 1) {
    const pooled = apply(rowImage(tf, x), [1, first(size)], [1, first(strides)], style);
    return tf.reshape(pooled, [pooled.shape[0], ...pooled.shape.slice(2)]);
  }
  if (size.length === 2) return apply(x as Tensor4D, pair(size, 0), pair(strides, 0), style);
  // A box is pooled by its faces, then along its depth: the WASM kernel for whole boxes takes 0 for the least number.
  const [batch = 1, depth = 1, height = 1, width = 1, channels = 1] = x.shape;
  const images: Tensor4D = tf.reshape(x, [batch * depth, height, width, channels]);
  const faces = apply(images, pair(size, 1), pair(strides, 1), style);
  const [, rows = 1, columns = 1] = faces.shape;
  const lines: Tensor4D = tf.reshape(faces, [batch, depth, rows * columns, channels]);
  const pooled = apply(lines, [first(size), 1], [first(strides), 1], style);
  return tf.reshape(pooled, [batch, pooled.shape[1], rows, columns, channels]);
}

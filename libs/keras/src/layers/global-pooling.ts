/** Max and average over all spatial axes. GlobalAveragePooling1D leaves masked timesteps out; the others ignore masks. */
import { defineLayer, first, type FormCall } from '../layer.js';
import { tensorType } from '../onnx/onnx-schema.js';
import type { Shape } from '../shape.js';
import { channelAxis, readLayout, spatialSizes, type SpatialLayout } from './spatial.js';

interface GlobalPoolingOptions {
  readonly layout: SpatialLayout;
  readonly average: boolean;
  readonly keepDimensions: boolean;
  readonly usesMask: boolean;
  /** Until Keras 2 a mask given by hand is a weight; from Keras 3 it counts or does not. */
  readonly weighted: boolean;
}

export const globalPooling = defineLayer<GlobalPoolingOptions>({
  classNames: [
    'GlobalMaxPooling1D',
    'GlobalMaxPooling2D',
    'GlobalMaxPooling3D',
    'GlobalAveragePooling1D',
    'GlobalAveragePooling2D',
    'GlobalAveragePooling3D',
  ],
  summary: 'with and without keepdims, channels first and last; GlobalAveragePooling1D with masks',
  // Read by GlobalAveragePooling1D alone; Keras refuses it for the others.
  keywords: ['mask'],
  read(config) {
    const average = config.className.startsWith('GlobalAverage');
    return {
      layout: readLayout(config),
      average,
      keepDimensions: config.boolean('keepdims', false),
      usesMask: config.className === 'GlobalAveragePooling1D',
      weighted: config.keras.major < 3,
    };
  },
  outputShape({ layout, keepDimensions }, inputShapes): Shape {
    const input = first(inputShapes);
    const spatial = spatialSizes(layout, input).map(() => 1);
    const channels = input.at(channelAxis(layout)) ?? null;
    if (!keepDimensions) return [null, channels];
    return layout.channelsFirst ? [null, channels, ...spatial] : [null, ...spatial, channels];
  },
  onnx(options, scope, inputs, _weights, call) {
    const { layout, average, keepDimensions } = options;
    const x = first(inputs);
    const reduction = { axes: { ints: spatialAxes(layout) }, keepdims: { int: keepDimensions ? 1 : 0 } };
    const mask = weightsOf(options, inputs, call);
    if (mask === undefined) return scope.op(average ? 'ReduceMean' : 'ReduceMax', [x], reduction);
    const counts = scope.op('Cast', [mask], { to: { int: tensorType.float } });
    const counted = scope.op('Unsqueeze', [counts, scope.integers([channelPosition(layout)])]);
    const axes = scope.integers(spatialAxes(layout));
    const sum = (value: string): string => scope.op('ReduceSum', [value, axes], { keepdims: reduction.keepdims });
    return scope.op('Div', [sum(scope.op('Mul', [x, counted])), sum(counted)]);
  },
  tensorflow(options, tf, inputs, _weights, call) {
    const { layout, average, keepDimensions } = options;
    const x = first(inputs);
    const axes = spatialAxes(layout);
    const mask = weightsOf(options, inputs, call);
    if (!average) return tf.max(x, axes, keepDimensions);
    if (!mask) return tf.mean(x, axes, keepDimensions);
    const counted = tf.expandDims(tf.cast(mask, 'float32'), channelPosition(layout));
    const total = tf.sum(tf.mul(x, counted), axes, keepDimensions);
    return tf.div(total, tf.sum(counted, axes, keepDimensions));
  },
});

/** What each timestep counts, `[batch, time]`. */
function weightsOf<Value>(
  { usesMask, weighted }: GlobalPoolingOptions,
  inputs: readonly Value[],
  { masks, arguments: { keywords } }: FormCall<Value>,
): Value | undefined {
  if (!usesMask) return undefined;
  const given = keywords['mask'];
  return weighted && given?.kind === 'tensor' ? inputs[given.input] : masks[0];
}

function spatialAxes({ rank, channelsFirst }: SpatialLayout): number[] {
  return Array.from({ length: rank }, (_, axis) => axis + (channelsFirst ? 2 : 1));
}

function channelPosition({ channelsFirst }: SpatialLayout): number {
  return channelsFirst ? 1 : 2;
}

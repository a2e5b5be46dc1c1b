/** UpSampling1D, UpSampling2D, UpSampling3D: every element repeated, or (2D) lines drawn between them. */
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { defineLayer, first, type TensorFlow } from '../layer.js';
import type { Shape } from '../shape.js';
import {
  onnxChannelsFirst,
  readLayout,
  readSizes,
  spatialSizes,
  tensorFlowChannelsLast,
  type SpatialLayout,
} from './spatial.js';

interface UpSamplingOptions {
  readonly layout: SpatialLayout;
  readonly factors: readonly number[];
  readonly bilinear: boolean;
}

export const upSampling = defineLayer<UpSamplingOptions>({
  classNames: ['UpSampling1D', 'UpSampling2D', 'UpSampling3D'],
  summary: 'nearest; bilinear of Keras 2.4 and later; no bicubic, area, Gaussian or Lanczos; channels first and last',
  read(config) {
    const layout = readLayout(config);
    const interpolation = config.text('interpolation', 'nearest').toLowerCase();
    const bilinear = interpolation === 'bilinear';
    if (!bilinear && interpolation !== 'nearest')
      throw config.refuse('unsupported-option', `interpolation ${interpolation} is not read; use nearest or bilinear.`);
    // Earlier ones align corners in one way or another, depending on what they ran on.
    if (bilinear && (config.keras.major < 2 || (config.keras.major === 2 && config.keras.minor < 4)))
      throw config.refuse(
        'unsupported-option',
        'bilinear is not read from Keras before 2.4; save it with a later one.',
      );
    return { layout, factors: readSizes(config, 'size', layout.rank, 2), bilinear };
  },
  outputShape({ layout, factors }, inputShapes): Shape {
    const input = first(inputShapes);
    spatialSizes(layout, input);
    const scales = everyFactor(layout, factors);
    return input.map((size, axis) => (size === null ? null : size * (scales[axis] ?? 1)));
  },
  onnx({ layout, factors, bilinear }, scope, inputs) {
    const resize = (x: string, scales: readonly number[], how: string, transformation: string): string =>
      scope.op('Resize', [x, '', scope.floats(scales, [scales.length])], {
        mode: { string: how },
        coordinate_transformation_mode: { string: transformation },
        nearest_mode: { string: 'floor' },
      });
    if (!bilinear) return resize(first(inputs), everyFactor(layout, factors), 'nearest', 'asymmetric');
    return onnxChannelsFirst(layout, scope, first(inputs), (x) =>
      resize(x, [1, 1, ...factors], 'linear', 'half_pixel'),
    );
  },
  tensorflow({ layout, factors, bilinear }, tf, inputs) {
    const x = first(inputs);
    if (!bilinear)
      return everyFactor(layout, factors).reduce<Tensor>(
        (result, factor, axis) => (factor === 1 ? result : repeatEach(tf, result, factor, axis)),
        x,
      );
    return tensorFlowChannelsLast(layout, tf, x, (image) => {
      const [height = 1, width = 1] = image.shape.slice(1, 3).map((size, axis) => size * (factors[axis] ?? 1));
      return tf.image.resizeBilinear(image as Tensor4D, [height, width], false, true);
    });
  },
});

function everyFactor({ channelsFirst }: SpatialLayout, factors: readonly number[]): number[] {
  return channelsFirst ? [1, 1, ...factors] : [1, ...factors, 1];
}

/** `[a, b]` → `[a, a, b, b]` along an axis. */
function repeatEach(tf: TensorFlow, x: Tensor, times: number, axis: number): Tensor {
  const apart = tf.expandDims(x, axis + 1);
  const repeated = tf.tile(
    apart,
    apart.shape.map((_, index) => (index === axis + 1 ? times : 1)),
  );
  return tf.reshape(
    repeated,
    x.shape.map((size, index) => (index === axis ? size * times : size)),
  );
}

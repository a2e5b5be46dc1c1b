/** UpSampling1D, UpSampling2D, UpSampling3D: every element repeated, or (2D) lines drawn between them. */
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { isAtLeast, isMultiBackend } from '../config/keras-version.js';
import type { LayerConfig } from '../config/layer-config.js';
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
  /** Whether lines are drawn between the middles of elements, else between their beginnings. */
  readonly halfPixels: boolean;
}

export const upSampling = defineLayer<UpSamplingOptions>({
  classNames: ['UpSampling1D', 'UpSampling2D', 'UpSampling3D'],
  summary:
    'nearest; bilinear but of the Keras 2.2.4 of TensorFlow; no bicubic, area, Gaussian or Lanczos; channels first and last',
  read(config) {
    const layout = readLayout(config);
    const interpolation = config.text('interpolation', 'nearest').toLowerCase();
    const bilinear = interpolation === 'bilinear';
    if (!bilinear && interpolation !== 'nearest')
      throw config.refuse('unsupported-option', `interpolation ${interpolation} is not read; use nearest or bilinear.`);
    if (bilinear && config.keras.onTheano)
      throw config.refuse('unsupported-option', 'bilinear of Theano is not read; use nearest.');
    return {
      layout,
      factors: readSizes(config, 'size', layout.rank, 2),
      bilinear,
      halfPixels: !bilinear || drawsBetweenMiddles(config),
    };
  },
  outputShape({ layout, factors }, inputShapes): Shape {
    const input = first(inputShapes);
    spatialSizes(layout, input);
    const scales = everyFactor(layout, factors);
    return input.map((size, axis) => (size === null ? null : size * (scales[axis] ?? 1)));
  },
  onnx({ layout, factors, bilinear, halfPixels }, scope, inputs) {
    const resize = (x: string, scales: readonly number[], how: string, transformation: string): string =>
      scope.op('Resize', [x, '', scope.floats(scales, [scales.length])], {
        mode: { string: how },
        coordinate_transformation_mode: { string: transformation },
        nearest_mode: { string: 'floor' },
      });
    if (!bilinear) return resize(first(inputs), everyFactor(layout, factors), 'nearest', 'asymmetric');
    return onnxChannelsFirst(layout, scope, first(inputs), (x) =>
      resize(x, [1, 1, ...factors], 'linear', halfPixels ? 'half_pixel' : 'asymmetric'),
    );
  },
  tensorflow({ layout, factors, bilinear, halfPixels }, tf, inputs) {
    const x = first(inputs);
    if (!bilinear)
      return everyFactor(layout, factors).reduce<Tensor>(
        (result, factor, axis) => (factor === 1 ? result : repeatEach(tf, result, factor, axis)),
        x,
      );
    return tensorFlowChannelsLast(layout, tf, x, (image) => {
      const [height = 1, width = 1] = image.shape.slice(1, 3).map((size, axis) => size * (factors[axis] ?? 1));
      return tf.image.resizeBilinear(image as Tensor4D, [height, width], false, halfPixels);
    });
  },
});

/**
 * Keras up to 2.3 draws lines between the beginnings of elements, that of TensorFlow from 2.3 on between their middles, and
 * its 2.2.4 the one or the other, depending on the TensorFlow.
 */
function drawsBetweenMiddles(config: LayerConfig): boolean {
  const { keras } = config;
  if (isMultiBackend(keras)) return false;
  if (isAtLeast(keras, 2, 3)) return true;
  throw config.refuse('unsupported-option', `bilinear is not read from Keras ${keras.text}; save it with a later one.`);
}

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

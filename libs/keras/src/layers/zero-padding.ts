/** ZeroPadding1D, ZeroPadding2D, ZeroPadding3D: zeros before and after each spatial axis. */
import { defineLayer, first } from '../layer.js';
import type { Shape } from '../shape.js';
import { readLayout, readMargins, spatialSizes, type Pair, type SpatialLayout } from './spatial.js';

export const zeroPadding = defineLayer({
  classNames: ['ZeroPadding1D', 'ZeroPadding2D', 'ZeroPadding3D'],
  summary: 'any padding, channels first and last',
  read(config) {
    const layout = readLayout(config);
    return { layout, margins: readMargins(config, 'padding', layout.rank) };
  },
  outputShape({ layout, margins }, inputShapes): Shape {
    const input = first(inputShapes);
    spatialSizes(layout, input);
    const pads = everyAxis(layout, margins);
    return input.map((size, axis) => (size === null ? null : size + (pads[axis]?.[0] ?? 0) + (pads[axis]?.[1] ?? 0)));
  },
  onnx({ layout, margins }, scope, inputs) {
    const pads = everyAxis(layout, margins);
    const amounts = scope.integers([...pads.map(([before]) => before), ...pads.map(([, after]) => after)]);
    return scope.op('Pad', [first(inputs), amounts]);
  },
  tensorflow: ({ layout, margins }, tf, inputs) =>
    tf.pad(
      first(inputs),
      everyAxis(layout, margins).map(([before, after]): [number, number] => [before, after]),
    ),
});

/** Of batch, channels and the spatial axes between or after them. */
export function everyAxis({ channelsFirst }: SpatialLayout, margins: readonly Pair[]): Pair[] {
  return channelsFirst ? [[0, 0], [0, 0], ...margins] : [[0, 0], ...margins, [0, 0]];
}

/** Cropping1D, Cropping2D, Cropping3D: cuts off the ends of each spatial axis. */
import { defineLayer, first } from '../layer.js';
import type { Shape } from '../shape.js';
import { readLayout, readMargins, spatialSizes } from './spatial.js';
import { everyAxis } from './zero-padding.js';

export const cropping = defineLayer({
  classNames: ['Cropping1D', 'Cropping2D', 'Cropping3D'],
  summary: 'any cropping that leaves something, channels first and last',
  read(config) {
    const layout = readLayout(config);
    return { layout, margins: readMargins(config, 'cropping', layout.rank) };
  },
  outputShape({ layout, margins }, inputShapes): Shape {
    const input = first(inputShapes);
    spatialSizes(layout, input);
    const cuts = everyAxis(layout, margins);
    return input.map((size, axis) => {
      const cut = (cuts[axis]?.[0] ?? 0) + (cuts[axis]?.[1] ?? 0);
      if (size !== null && cut >= size)
        throw layout.config.refuse('shape-mismatch', `cropping ${cut} leaves nothing of an axis of ${size}.`);
      return size === null ? null : size - cut;
    });
  },
  onnx({ layout, margins }, scope, inputs) {
    const cuts = everyAxis(layout, margins);
    const axes = cuts.flatMap(([before, after], axis) => (before + after === 0 ? [] : [{ axis, before, after }]));
    if (axes.length === 0) return first(inputs);
    // An end beyond the axis is its end; counted from there it is negative.
    const ends = axes.map(({ after }) => (after === 0 ? Number.MAX_SAFE_INTEGER : -after));
    return scope.op('Slice', [
      first(inputs),
      scope.integers(axes.map(({ before }) => before)),
      scope.integers(ends),
      scope.integers(axes.map(({ axis }) => axis)),
    ]);
  },
  tensorflow({ layout, margins }, tf, inputs) {
    const x = first(inputs);
    const cuts = everyAxis(layout, margins);
    const sizes = x.shape.map((size, axis) => size - (cuts[axis]?.[0] ?? 0) - (cuts[axis]?.[1] ?? 0));
    return tf.slice(
      x,
      cuts.map(([before]) => before),
      sizes,
    );
  },
});

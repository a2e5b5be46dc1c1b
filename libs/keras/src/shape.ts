/** Tensor shapes. The first axis is the batch and unknown (`null`); other axes may be unknown too. */
import type { LayerConfig } from './config/layer-config.js';

export type Shape = readonly (number | null)[];

/**
 * The index of an axis given as Keras gives it, negative from the end. Throws `invalid-config` outside of the shape.
 */
export function axisIndex(axis: number, shape: Shape, layer: LayerConfig): number {
  const index = axis < 0 ? axis + shape.length : axis;
  if (index < 0 || index >= shape.length)
    throw layer.refuse('invalid-config', `axis ${axis} is outside of [${shape.join(', ')}].`);
  return index;
}

/** The size of an axis that must be known. Throws `shape-mismatch`. */
export function knownSize(shape: Shape, axis: number, layer: LayerConfig): number {
  const size = shape[axisIndex(axis, shape, layer)];
  if (typeof size !== 'number')
    throw layer.refuse('shape-mismatch', `the size of axis ${axis} is not known; declare the input's shape.`);
  return size;
}

export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** The shape of an elementwise result, axes aligned from the end as NumPy does. Throws `shape-mismatch`. */
export function broadcastShapes(shapes: readonly Shape[], layer: LayerConfig): Shape {
  return shapes.reduce((a, b) => {
    const rank = Math.max(a.length, b.length);
    return Array.from({ length: rank }, (_, index) => {
      const [one, other] = [a, b].map((shape) =>
        index < rank - shape.length ? 1 : shape[index - rank + shape.length],
      );
      if (one === other || other === 1) return one ?? null;
      if (one === 1) return other ?? null;
      // An unknown length is 1 or that of the other.
      if (one === null || other === null) return one ?? other ?? null;
      throw layer.refuse('shape-mismatch', `[${a.join(', ')}] and [${b.join(', ')}] do not fit each other.`);
    });
  });
}

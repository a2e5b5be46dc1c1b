/** The shape of tensors that are joined along an axis. */
import type { LayerConfig } from '../config/layer-config.js';
import { first } from '../layer.js';
import { axisIndex, type Shape } from '../shape.js';

/** Throws `shape-mismatch` unless all other axes agree, and refuses to join rows with each other. */
export function joinedShape(inputShapes: readonly Shape[], axis: number, config: LayerConfig): Shape {
  const shape = first(inputShapes);
  const joined = axisIndex(axis, shape, config);
  if (joined === 0) throw config.refuse('unsupported-option', 'joining along the batch axis is not read.');
  let size: number | null = 0;
  const others = shape.map((length) => length);
  for (const other of inputShapes) {
    const agrees =
      other.length === shape.length &&
      other.every((length, index) => {
        // An axis that is unknown in one tensor has the length that it has in another.
        others[index] ??= length;
        return index === joined || length === null || length === others[index];
      });
    if (!agrees)
      throw config.refuse(
        'shape-mismatch',
        `[${shape.join(', ')}] and [${other.join(', ')}] cannot be joined along axis ${axis}.`,
      );
    const length = other[joined];
    size = size === null || typeof length !== 'number' ? null : size + length;
  }
  return others.map((length, index) => (index === joined ? size : length));
}

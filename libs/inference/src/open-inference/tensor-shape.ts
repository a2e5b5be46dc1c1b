/** Shapes as they come from outside: looked at before any data is. */
import { TensorFault } from './datatypes.js';

/** No model has more axes; the protocol names no bound. */
const MOST_AXES = 16;

/**
 * The shape, and how many elements it has.
 * @throws TensorFault for what is no shape, and for a product beyond what a number counts exactly
 */
export function readShape(shape: unknown, name: string): { readonly shape: number[]; readonly elements: number } {
  if (!Array.isArray(shape) || shape.length > MOST_AXES)
    throw new TensorFault(`${name} must have a shape: an array of at most ${MOST_AXES} sizes`);
  let elements = 1;
  let empty = false;
  for (const size of shape as unknown[]) {
    if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0)
      throw new TensorFault(`${name} must have sizes in its shape that are whole numbers and not negative`);
    if (size === 0) empty = true;
    else elements *= size;
    // Each factor is one at least, so that the product never comes back below.
    if (elements > Number.MAX_SAFE_INTEGER) throw new TensorFault(`${name} has a shape of too many elements to count`);
  }
  return { shape: shape as number[], elements: empty ? 0 : elements };
}

/** Elements as they stand in JSON: a flat list in row-major order, or lists within lists by the shape. */
import { holds, TensorFault, type Datatype } from './datatypes.js';
import type { TensorValues } from './tensor-bytes.js';

/**
 * Exactly `elements` elements. A null among floating-point numbers reads as NaN: a value that is missing.
 * @throws TensorFault for another number of elements, lists that the shape does not have, and elements of another type
 */
export function decodeJson(
  datatype: Datatype,
  data: unknown,
  { shape, elements }: { readonly shape: readonly number[]; readonly elements: number },
  name: string,
): TensorValues {
  if (!Array.isArray(data)) throw new TensorFault(`${name} must have its data as an array`);
  const flat = flattened(data as readonly unknown[], shape, elements, name);
  if (datatype === 'BYTES') {
    if (!flat.every((element) => typeof element === 'string'))
      throw new TensorFault(`${name} must have strings as its data: it is BYTES`);
    return flat;
  }
  const values = new Float64Array(flat.length);
  for (let index = 0; index < flat.length; index += 1) {
    const value = numberOf(flat[index], datatype);
    if (value === undefined || !holds(datatype, value))
      throw new TensorFault(`${name} has an element that is no ${datatype}`);
    values[index] = value;
  }
  return values;
}

/** What JSON.stringify is given; numbers without a spelling in JSON become null. */
export function encodeJson(datatype: Datatype, values: TensorValues): unknown[] {
  const elements: ArrayLike<unknown> = values;
  return Array.from(elements, (element) => (datatype === 'BOOL' ? element === 1 : element));
}

function numberOf(element: unknown, datatype: Datatype): number | undefined {
  if (typeof element === 'number') return element;
  if (typeof element === 'boolean' && datatype === 'BOOL') return Number(element);
  return element === null && datatype.startsWith('FP') ? NaN : undefined;
}

/** All lengths are looked at before an element is. */
function flattened(
  data: readonly unknown[],
  shape: readonly number[],
  elements: number,
  name: string,
): readonly unknown[] {
  const wrong = (): TensorFault => new TensorFault(`${name} has other data than the ${elements} elements of its shape`);
  if (!Array.isArray(data[0]) || shape.length < 2) {
    if (data.length !== elements) throw wrong();
    return data;
  }
  let lists = [data];
  shape.forEach((size, axis) => {
    if (lists.some(({ length }) => length !== size)) throw wrong();
    if (axis === shape.length - 1) return;
    const below = lists.flat();
    if (!below.every((list) => Array.isArray(list))) throw wrong();
    lists = below as (readonly unknown[])[];
  });
  return lists.flat();
}

/** Tensors as JSON writes them: numbers in lists within lists, the outermost axis first. */
export type NestedNumbers = readonly (number | NestedNumbers)[];

/** A tensor with the axis of its rows. */
export interface NestedTensor {
  readonly shape: readonly number[];
  /** Row-major. */
  readonly values: Float32Array;
}

/** The tensor that is nested; undefined where lists differ in length or depth, or hold anything else than numbers. */
export function readNestedNumbers(nested: unknown): NestedTensor | undefined {
  const shape: number[] = [];
  let items: readonly unknown[] = [nested];
  for (let [first] = items; Array.isArray(first); [first] = items) {
    const { length } = first;
    if (!items.every((item) => Array.isArray(item) && item.length === length)) return undefined;
    shape.push(length);
    items = items.flat();
  }
  return items.every((item) => typeof item === 'number') ? { shape, values: Float32Array.from(items) } : undefined;
}

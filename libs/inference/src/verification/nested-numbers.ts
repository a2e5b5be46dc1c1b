/** Tensors as JSON writes them: numbers in lists within lists, the outermost axis first. */
export type NestedNumbers = readonly (number | NestedNumbers)[];

/** As `NestedNumbers`, of texts. */
export type NestedTexts = readonly (string | NestedTexts)[];

/** A tensor with the axis of its rows. */
export interface NestedTensor {
  readonly shape: readonly number[];
  /** Row-major. */
  readonly values: Float32Array;
}

/** A tensor of texts: its values are their positions in the list. */
export interface NestedTextTensor extends NestedTensor {
  readonly texts: readonly string[];
}

/** The tensor that is nested; undefined where lists differ in length or depth, or hold anything else than numbers. */
export function readNestedNumbers(nested: unknown): NestedTensor | undefined {
  const flat = flattened(nested);
  if (!flat?.items.every((item) => typeof item === 'number')) return undefined;
  return { shape: flat.shape, values: Float32Array.from(flat.items) };
}

/** The tensor that is nested; undefined where lists differ in length or depth, or hold anything else than texts. */
export function readNestedTexts(nested: unknown): NestedTextTensor | undefined {
  const flat = flattened(nested);
  if (!flat?.items.every((item) => typeof item === 'string')) return undefined;
  const { shape, items } = flat;
  const positions = new Map([...new Set(items)].map((text, position) => [text, position]));
  return {
    shape,
    values: Float32Array.from(items, (text) => positions.get(text) as number),
    texts: [...positions.keys()],
  };
}

function flattened(nested: unknown): { shape: number[]; items: readonly unknown[] } | undefined {
  const shape: number[] = [];
  let items: readonly unknown[] = [nested];
  for (let [first] = items; Array.isArray(first); [first] = items) {
    const { length } = first;
    if (!items.every((item) => Array.isArray(item) && item.length === length)) return undefined;
    shape.push(length);
    items = items.flat();
  }
  return { shape, items };
}

/** Rows drawn at random within what a manifest allows, the same ones for the same seed. */
import type { InputRow, ManifestInput } from '../manifest.js';

/** Where a manifest declares no range, values of the size that networks are trained on. */
const undeclaredRange = { minimum: -1, maximum: 1 };

export function drawRows(inputs: readonly ManifestInput[], count: number, seed: number): InputRow[] {
  const random = mulberry32(seed);
  return Array.from({ length: count }, () =>
    Object.fromEntries(inputs.map((input) => [input.name, drawValue(input, random())])),
  );
}

/** `share` of the way through what the input allows. */
function drawValue({ type, range = undeclaredRange, values }: ManifestInput, share: number): number {
  if (values?.length) return values[Math.floor(share * values.length)]?.value ?? 0;
  if (type === 'integer') {
    const lowest = Math.ceil(range.minimum);
    return lowest + Math.floor(share * (Math.floor(range.maximum) - lowest + 1));
  }
  return range.minimum + share * (range.maximum - range.minimum);
}

/** Tommy Ettinger's mulberry32: 32 bits of state, uniform in [0, 1); plenty for test rows, no use for secrets. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

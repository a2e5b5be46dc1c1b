/** Numbers that clients of older services write as texts, as Python's `float` reads them. */
const NUMERIC = /^\s*[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?\s*$/i;
/** Longer texts are no measurements. */
const LONGEST_NUMBER = 40;

/** Undefined for a text that is no number; NaN and Infinity are none. */
export function readNumberText(text: string): number | undefined {
  return text.length <= LONGEST_NUMBER && NUMERIC.test(text) ? Number(text) : undefined;
}

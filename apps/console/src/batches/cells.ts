/** Cells as values, by the rules of the server (docs/scoring-files.md). */

/** `0x1f` is a number to JavaScript, and to nobody who writes a table. */
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const NUMBER_WITH_COMMA = /^[+-]?(?:\d+,?\d*|,\d+)(?:e[+-]?\d+)?$/i;

/**
 * Null where the cell is empty or holds but spaces, of any kind: a missing value. Undefined where it is no number.
 * @param decimalComma whether 2,45 is one: not where commas separate the cells
 */
export function numberIn(cell: string, decimalComma: boolean): number | null | undefined {
  const text = cell.trim();
  if (text === '') return null;
  const plain = decimalComma && NUMBER_WITH_COMMA.test(text) ? text.replace(',', '.') : text;
  const value = NUMBER.test(plain) ? Number(plain) : NaN;
  return Number.isFinite(value) ? value : undefined;
}

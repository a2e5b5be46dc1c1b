/** Cells of a file as values. */

/** Neither a value nor missing. */
export const NOT_A_NUMBER = Symbol('not a number');

const [TAB, SPACE, COMMA, ZERO, NINE] = ['\t', ' ', ',', '0', '9'].map((character) => character.charCodeAt(0)) as [
  number,
  number,
  number,
  number,
  number,
];
/** `0x1f`, `0b1` and `0o7` are numbers to JavaScript, and to nobody who writes a table. */
const OTHER_BASE = /^0[xbo]/i;
const FIRST_BEYOND_ASCII = 0x80;

/**
 * The number in a cell; NaN where the cell is empty or holds but spaces, of any kind. -0 is 0, as which it is recorded.
 * @param decimalComma whether 2,45 is a number: not where commas separate the cells, because 1,234 would be anybody's guess
 */
export function numberIn(cell: string, decimalComma: boolean): number | typeof NOT_A_NUMBER {
  if (cell === '') return NaN;
  const first = cell.charCodeAt(0);
  const value = +cell;
  if (first > ZERO && first <= NINE && value < Infinity) return value;
  // A space of another kind alone, such as U+00A0, is the number 0 to JavaScript.
  if (first <= SPACE || first >= FIRST_BEYOND_ASCII || isSpace(cell.charCodeAt(cell.length - 1))) {
    const trimmed = cell.trim();
    return trimmed === cell ? NOT_A_NUMBER : numberIn(trimmed, decimalComma);
  }
  if (Number.isFinite(value)) return first === ZERO && OTHER_BASE.test(cell) ? NOT_A_NUMBER : value + 0;
  if (!decimalComma) return NOT_A_NUMBER;
  const comma = cell.indexOf(',');
  if (comma === -1 || cell.includes('.') || comma !== cell.lastIndexOf(',')) return NOT_A_NUMBER;
  return numberIn(`${cell.slice(0, comma)}.${cell.slice(comma + 1)}`, false);
}

/** Whether a number in a cell is written with a comma. */
export function hasComma(cell: string): boolean {
  for (let index = 0; index < cell.length; index += 1) if (cell.charCodeAt(index) === COMMA) return true;
  return false;
}

function isSpace(code: number): boolean {
  return code === SPACE || code === TAB;
}

import { stringify } from 'csv-stringify/sync';
import type { Cell, ExportColumn, ExportedRow } from './export-columns.js';

/** By it spreadsheets tell UTF-8 from the encoding of their system. */
const BYTE_ORDER_MARK = '\ufeff';

/** The first row: the names of the columns. */
export function headerOf(columns: readonly ExportColumn[]): string {
  return BYTE_ORDER_MARK + linesOf([columns.map(({ name }) => name)]);
}

export function linesOfRows(columns: readonly ExportColumn[], rows: readonly ExportedRow[]): string {
  return linesOf(rows.map((row) => columns.map(({ cell }) => cell(row))));
}

/**
 * By RFC 4180, with LF. A text that a spreadsheet would take for a formula begins with an apostrophe: subjects and inputs are the
 * clients' own, and whoever opens the file is somebody else. A number is none, its sign included.
 */
function linesOf(cells: readonly (readonly Cell[])[]): string {
  return stringify(cells as Cell[][], { escape_formulas: true });
}

/** Rows of cells from a CSV file's text, which may come in parts. */

/** A file that ends within quotes. */
export class OpenQuote extends Error {}

/** As the server reads them: RFC 4180, with line feeds alone too; a quote in the middle of a cell stands for itself. */
export class CsvReader {
  private rest = '';

  /** @param delimiter one character */
  constructor(private readonly delimiter: string) {}

  /**
   * The rows that are complete; what follows the last one is kept for the next part. Empty lines are left out.
   * @param last whether nothing follows: then a row without an end is one too
   * @throws OpenQuote
   */
  read(part: string, last = false): string[][] {
    const text = this.rest + part;
    const rows: string[][] = [];
    let from = 0;
    while (from < text.length) {
      const row = rowAt(text, from, this.delimiter, last);
      if (!row) break;
      if (row.cells.length > 1 || !/^\r?\n?$/.test(text.slice(from, row.end))) rows.push(row.cells);
      from = row.end;
    }
    this.rest = text.slice(from);
    return rows;
  }

  /** Characters that are kept for the next part. */
  get kept(): number {
    return this.rest.length;
  }
}

interface Row {
  readonly cells: string[];
  /** Behind its line's end. */
  readonly end: number;
}

/** Undefined where the row may go on in the next part. */
function rowAt(text: string, from: number, delimiter: string, last: boolean): Row | undefined {
  const cells: string[] = [];
  let at = from;
  for (;;) {
    const cell = text[at] === '"' ? quotedCell(text, at + 1, delimiter, last) : plainCell(text, at, delimiter);
    if (!cell) return undefined;
    cells.push(cell.value);
    const next = text[cell.end];
    if (next === delimiter) {
      at = cell.end + 1;
      continue;
    }
    if (next === undefined) return last ? { cells, end: cell.end } : undefined;
    return { cells, end: cell.end + (next === '\r' ? 2 : 1) };
  }
}

interface Cell {
  readonly value: string;
  /** Where its delimiter or its line's end stands. */
  readonly end: number;
}

function plainCell(text: string, from: number, delimiter: string): Cell {
  let end = from;
  while (end < text.length && text[end] !== delimiter && text[end] !== '\n') end += 1;
  if (text[end] === '\n' && end > from && text[end - 1] === '\r') end -= 1;
  return { value: text.slice(from, end), end };
}

function quotedCell(text: string, from: number, delimiter: string, last: boolean): Cell | undefined {
  let value = '';
  let at = from;
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote === -1 && last) throw new OpenQuote();
    if (quote === -1) return undefined;
    const next = text[quote + 1];
    const afterNext = text[quote + 2];
    if (!last && (next === undefined || (next === '\r' && afterNext === undefined))) return undefined;
    value += text.slice(at, quote);
    const closes = next === undefined || next === delimiter || next === '\n' || (next === '\r' && afterNext === '\n');
    if (closes) return { value, end: quote + 1 };
    value += '"';
    at = next === '"' ? quote + 2 : quote + 1;
  }
}

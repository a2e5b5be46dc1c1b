/** Cells of a small delimited text (RFC 4180), with the place of each for those who have to mend it. Large files go to the server as they are. */

export const DELIMITERS = [';', '\t', ','] as const;
export type Delimiter = (typeof DELIMITERS)[number];

export interface Cell {
  readonly text: string;
  /** Counted from 1. */
  readonly line: number;
  readonly column: number;
}

export interface DelimitedFault {
  readonly line: number;
  readonly column: number;
  readonly code: 'openQuote' | 'afterQuote';
}

/** Semicolons come first: files of those who write decimals with a comma hold both. */
export function delimiterOf(text: string): Delimiter {
  const header = /^[^\r\n]*/.exec(text)![0].replaceAll(/"(?:[^"]|"")*"/g, '');
  return DELIMITERS.find((delimiter) => header.includes(delimiter)) ?? ',';
}

/** Rows of cells; lines that are empty are left out. */
export function readDelimited(text: string, delimiter: Delimiter): Cell[][] | DelimitedFault {
  const rows: Cell[][] = [];
  let row: Cell[] = [];
  let [at, line, column] = [0, 1, 1];
  const endRow = (): void => {
    if (row.length > 1 || row[0]?.text !== '') rows.push(row);
    row = [];
    column = 1;
  };
  while (at < text.length) {
    const begun = line;
    let cell = '';
    if (text[at] === '"') {
      for (at++; ; at++) {
        if (at >= text.length) return { line: begun, column, code: 'openQuote' };
        if (text[at] === '"') {
          if (text[at + 1] !== '"') break;
          at++;
        }
        if (text[at] === '\n') line++;
        cell += text[at];
      }
      at++;
      if (at < text.length && ![delimiter, '\r', '\n'].includes(text[at]!)) return { line, column, code: 'afterQuote' };
    } else {
      const end = nextOf(text, at, delimiter);
      cell = text.slice(at, end);
      at = end;
    }
    row.push({ text: cell.trim(), line: begun, column });
    if (text[at] === delimiter) {
      at++;
      column++;
      // A line that ends with a delimiter ends with an empty cell.
      if (at === text.length) row.push({ text: '', line, column });
      if (text[at] !== '\r' && text[at] !== '\n') continue;
      row.push({ text: '', line, column });
    }
    if (text[at] === '\r' && text[at + 1] === '\n') at++;
    at++;
    line++;
    endRow();
  }
  if (row.length > 0) endRow();
  return rows;
}

function nextOf(text: string, from: number, delimiter: string): number {
  let at = from;
  while (at < text.length && text[at] !== delimiter && text[at] !== '\r' && text[at] !== '\n') at++;
  return at;
}

/** The rows of a batch that were at fault, read from its results without keeping the others. */
import { DELIMITERS } from './preview';
import { CsvReader } from './csv-reader';

export interface RejectedRow {
  /** From 1 below the header. */
  readonly number: number;
  readonly error: string;
  /** Its reference of the patient; undefined where the file has no such column. */
  readonly subject: string | undefined;
  /** What the file held, by name. */
  readonly cells: readonly (readonly [name: string, cell: string])[];
}

/** Results end with it; a file that has such a column itself gives it another name. */
const ERROR_COLUMN = /^(?:result\.)*error$/;
const LABEL_COLUMN = /^(?:result\.)*(?:label|probability|score|value)$/;
/** More than a header can have. */
const MOST_HEADER_CHARACTERS = 2 * 1024 * 1024;

/** The results are not what the server writes. */
export class UnreadableResults extends Error {}

/**
 * @param wanted after so many the rest is not read
 * @throws UnreadableResults
 */
export async function readRejected(stream: ReadableStream<Uint8Array>, wanted: number): Promise<RejectedRow[]> {
  const found: RejectedRow[] = [];
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let table: ResultsTable | undefined;
  let held = '';
  try {
    for (;;) {
      const { value, done } = await reader.read();
      held += decoder.decode(value, { stream: !done });
      table ??= tableOf(held);
      if (!table && held.length > MOST_HEADER_CHARACTERS) throw new UnreadableResults();
      if (table) {
        for (const row of table.read(held, done)) if (found.push(row) >= wanted) return found;
        held = '';
      }
      if (done) break;
    }
  } finally {
    await reader.cancel();
  }
  if (!table) throw new UnreadableResults();
  return found;
}

/** By the separator that gives its header the column of errors; undefined where more of it has to come. */
function tableOf(text: string): ResultsTable | undefined {
  for (const delimiter of DELIMITERS) {
    const [names] = new CsvReader(delimiter).read(text);
    if (names && ERROR_COLUMN.test(names.at(-1)!)) return new ResultsTable(delimiter);
  }
  return undefined;
}

class ResultsTable {
  private readonly reader: CsvReader;
  private names: readonly string[] | undefined;
  private number = 0;

  constructor(delimiter: string) {
    this.reader = new CsvReader(delimiter);
  }

  read(text: string, last: boolean): RejectedRow[] {
    const rows = this.reader.read(text, last);
    const names = (this.names ??= rows.shift() ?? []);
    const subject = names.findIndex((name) => name.trim().toLowerCase() === 'subject');
    const ofFile = ownColumns(names);
    return rows.flatMap((cells) => {
      this.number += 1;
      const error = cells[names.length - 1];
      if (!error) return [];
      return [
        {
          number: this.number,
          error,
          subject: subject === -1 ? undefined : cells[subject],
          cells: names.slice(0, ofFile).map((name, index) => [name, cells[index] ?? ''] as const),
        },
      ];
    });
  }
}

/** How many of the first columns are the file's: results add theirs behind them, the label or the number first. */
function ownColumns(names: readonly string[]): number {
  const first = names.findLastIndex(
    (name, index) => LABEL_COLUMN.test(name) && !LABEL_COLUMN.test(names[index - 1] ?? ''),
  );
  return first === -1 ? names.length : first;
}

/**
 * From UTF-8 to rows of cells. The first row tells the delimiter. Blocks of whole lines in which there is no quote are taken apart
 * by splitting them, which is ten times as fast as a parser; from the first quote on csv-parse reads the file. Both read a text
 * without quotes as the same rows.
 */
import { parse, type Parser } from 'csv-parse';
import { parse as parseNow } from 'csv-parse/sync';
import { ByteParts } from './byte-parts.js';
import { FileFault, MAX_COLUMNS, MAX_RECORD_BYTES } from './file-plan.js';
import { FirstRow } from './first-row.js';

const DELIMITERS = [',', ';', '\t'];
const QUOTE = 0x22;
const NEWLINE = 0x0a;
/** Bytes that the parser reads at once: so much later is told that a row is too long. */
const PARSED_AT_ONCE = 64 * 1024;

const TOO_MANY = Symbol('more delimiters than columns may be');

export interface CsvRowsOptions {
  /** How well the names fit what is expected, to choose the delimiter by. */
  readonly fit: (names: readonly string[]) => number;
  readonly onHeader: (names: readonly string[], delimiter: string) => void;
  /**
   * @param bytes of the row in the file, its end included
   * @param line the row as it stands in the file, where it has no quote: its cells joined by the delimiter
   */
  readonly onRow: (cells: readonly string[], bytes: number, line?: string) => void;
}

export class CsvRows {
  private readonly first = new FirstRow();
  private readonly rest = new ByteParts();
  private delimiter: string | undefined;
  private parser: Parser | undefined;
  /** Bytes that the parser read, and those of them up to its last row. */
  private parsed = 0;
  private parsedRows = 0;

  constructor(private readonly options: CsvRowsOptions) {}

  /** @throws FileFault, or what the callbacks throw */
  async read(bytes: Buffer): Promise<void> {
    if (bytes.length === 0) return;
    if (this.delimiter !== undefined) return this.readBody(bytes);
    const body = this.first.read(bytes);
    if (!body) return;
    this.readHeader(this.first.take());
    return this.read(body);
  }

  /** @throws FileFault, also where there was no header */
  async end(): Promise<void> {
    if (this.delimiter === undefined) {
      const text = this.first.take();
      if (text.trim() === '') throw new FileFault('The file has no header: it is empty.');
      this.readHeader(text);
    }
    if (this.parser) return this.endParser(this.parser);
    if (this.rest.length > 0) await this.readBody(Buffer.from('\n'));
    // A last line with a quote has made a parser.
    if (this.parser) await this.endParser(this.parser);
  }

  private readHeader(text: string): void {
    let best: { readonly names: string[]; readonly fit: number; readonly delimiter: string } | undefined;
    let tooMany = false;
    for (const delimiter of DELIMITERS) {
      const names = namesIn(text, delimiter);
      if (names === TOO_MANY) tooMany = true;
      if (!Array.isArray(names)) continue;
      const fit = this.options.fit(names);
      if (!best || fit > best.fit || (fit === best.fit && names.length > best.names.length))
        best = { names, fit, delimiter };
    }
    if (tooMany && (best?.fit ?? 0) === 0) throw new FileFault(`The file has more than ${MAX_COLUMNS} columns.`);
    if (!best) throw new FileFault('The first row of the file cannot be read as the names of its columns.');
    if (best.names.some((name) => name.includes('\0'))) throw new FileFault('The name of a column holds U+0000.');
    this.delimiter = best.delimiter;
    this.options.onHeader(best.names, best.delimiter);
  }

  private async readBody(bytes: Buffer): Promise<void> {
    if (this.parser) return this.parse(this.parser, bytes);
    const quoted = bytes.includes(QUOTE);
    const end = bytes.lastIndexOf(NEWLINE) + 1;
    if (!quoted && end > 0) {
      this.rest.add(bytes.subarray(0, end - 1));
      this.split(this.rest.take().toString('utf8'));
    }
    this.rest.add(quoted ? bytes : bytes.subarray(end));
    if (!quoted) return requireShort(this.rest.length);
    this.parser = this.newParser();
    return this.parse(this.parser, this.rest.take());
  }

  private split(text: string): void {
    const { delimiter = ',' } = this;
    const { onRow } = this.options;
    for (const ended of text.split('\n')) {
      const line = ended.endsWith('\r') ? ended.slice(0, -1) : ended;
      if (line === '') continue;
      if (line.length > MAX_RECORD_BYTES) throw tooLong();
      const cells = line.split(delimiter, MAX_COLUMNS + 1);
      requireFew(cells);
      onRow(cells, Buffer.byteLength(ended) + 1, line);
    }
  }

  private newParser(): Parser {
    const parser = parse({
      ...DIALECT,
      delimiter: this.delimiter,
      max_record_size: MAX_RECORD_BYTES,
      on_record: (cells: string[], { bytes }) => {
        const rowBytes = bytes - this.parsedRows;
        this.parsedRows = bytes;
        requireFew(cells);
        this.options.onRow(cells, rowBytes);
        return null;
      },
    });
    parser.on('error', () => undefined); // told to whoever writes
    parser.resume();
    return parser;
  }

  /** The parser counts characters of cells, so that a row of empty ones has no end to it: here its bytes are counted. */
  private async parse(parser: Parser, bytes: Buffer): Promise<void> {
    for (let from = 0; from < bytes.length; from += PARSED_AT_ONCE) {
      const piece = bytes.subarray(from, from + PARSED_AT_ONCE);
      const { empty_lines: emptyLines } = parser.info;
      await this.write(parser, piece);
      this.parsed += piece.length;
      if (parser.info.empty_lines > emptyLines) this.parsedRows = Math.max(this.parsedRows, this.parsed - piece.length);
      requireShort(this.parsed - this.parsedRows);
    }
  }

  private write(parser: Parser, bytes: Buffer): Promise<void> {
    return new Promise((resolve, reject) =>
      parser.write(bytes, (error) => (error ? reject(asFault(error)) : resolve())),
    );
  }

  private endParser(parser: Parser): Promise<void> {
    return new Promise((resolve, reject) => {
      parser.once('error', (error) => reject(asFault(error)));
      parser.once('end', resolve);
      parser.end();
    });
  }
}

const DIALECT = {
  record_delimiter: ['\r\n', '\n'],
  relax_column_count: true,
  relax_quotes: true,
  skip_empty_lines: true,
};

/** What the first row names; undefined where it cannot be read with this delimiter. */
function namesIn(text: string, delimiter: string): string[] | typeof TOO_MANY | undefined {
  // Some may stand between quotes: such a row is read with the others, or not at all.
  if (countOf(delimiter, text) >= MAX_COLUMNS) return TOO_MANY;
  try {
    return parseNow(text, { ...DIALECT, delimiter, to: 1 })[0];
  } catch {
    return undefined;
  }
}

function countOf(character: string, text: string): number {
  let count = 0;
  for (let at = text.indexOf(character); at !== -1; at = text.indexOf(character, at + 1)) count += 1;
  return count;
}

function requireShort(length: number): void {
  if (length > MAX_RECORD_BYTES) throw tooLong();
}

function requireFew(cells: readonly string[]): void {
  if (cells.length > MAX_COLUMNS) throw new FileFault(`A row has more than ${MAX_COLUMNS} cells.`);
}

function tooLong(): FileFault {
  return new FileFault(
    `A row or a cell is longer than ${MAX_RECORD_BYTES} bytes. Is a quote not closed, or is this no CSV?`,
  );
}

function asFault(error: Error): Error {
  const { code } = error as { code?: string };
  if (code === 'CSV_MAX_RECORD_SIZE') return tooLong();
  if (code === 'CSV_QUOTE_NOT_CLOSED') return new FileFault('The file ends within quotes that are not closed.');
  if (code?.startsWith('CSV_') || code === 'INVALID_OPENING_QUOTE')
    return new FileFault(`The file cannot be read as CSV (${code}).`);
  return error;
}

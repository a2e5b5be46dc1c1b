/** From a file's bytes to chunks of typed rows: numbers by column, and what is wrong with rows that cannot be read. */
import { hasComma, NOT_A_NUMBER, numberIn } from './cells.js';
import { matchColumns, matchedInputs, type FileColumns } from './columns.js';
import { CsvRows } from './csv-rows.js';
import { CHARACTERS_PER_CHUNK, FileFault, ROWS_PER_CHUNK, type FilePlan } from './file-plan.js';
import { Utf8Text } from './utf8-text.js';

/** Characters of a patient's reference, as in JSON. */
const MAX_SUBJECT_CHARACTERS = 200;
/** What a cell that is kept by itself takes beside its characters: its place in the list of its row. */
const CHARACTERS_PER_CELL = 8;
const REPLACEMENT = '\ufffd';

/** How the file is written, which is how its answer is. */
export interface FileDialect {
  readonly names: readonly string[];
  readonly delimiter: string;
  readonly hasMark: boolean;
}

/** The values of one input: numbers, NaN where missing; or texts, null where missing. */
export type ColumnValues = Float64Array | (string | null)[];

export class RowChunk {
  /** Rows, also those at fault. */
  count = 0;
  /** Of its rows in the file, as UTF-8. */
  bytes = 0;
  readonly columns: ColumnValues[];
  readonly subjects: (string | null)[] | undefined;
  /** What is wrong with a row, by its place in the chunk. */
  readonly faults = new Map<number, string>();
  /** The rows as they are carried through: as they stand in the file, or as cells that must be written anew. */
  readonly carried: (string | readonly string[])[] = [];
  characters = 0;

  constructor(
    /** From 0. */
    readonly number: number,
    /** Rows of the file before it. */
    readonly first: number,
    plan: FilePlan,
    named: boolean,
    /** Whether numbers of this file are written with a comma. */
    public decimalComma: boolean,
  ) {
    this.columns = plan.inputs.map(({ numeric }) => (numeric ? new Float64Array(ROWS_PER_CHUNK) : []));
    this.subjects = named ? [] : undefined;
  }
}

export class RowChunks {
  dialect: FileDialect | undefined;
  /** Rows so far, also those at fault. */
  rows = 0;
  private readonly text: Utf8Text;
  private readonly csv: CsvRows;
  private columns: FileColumns | undefined;
  private chunk: RowChunk | undefined;
  private next = 0;
  private comma = false;
  private delimiter = ',';

  /** @throws FileFault for an encoding that is not known */
  constructor(
    private readonly plan: FilePlan,
    private readonly onChunk: (chunk: RowChunk) => void,
  ) {
    this.text = new Utf8Text(plan.charset);
    this.csv = new CsvRows({
      fit: (names) => matchedInputs(names, plan.inputs),
      onHeader: (names, delimiter) => this.readHeader(names, delimiter),
      onRow: (cells, bytes, line) => this.readRow(cells, bytes, line),
    });
  }

  /** @throws FileFault where the file cannot be scored */
  read(bytes: Buffer): Promise<void> {
    return this.csv.read(this.text.read(bytes));
  }

  /** @throws FileFault, also where there is no row */
  async end(): Promise<void> {
    await this.csv.read(this.text.end());
    await this.csv.end();
    if (this.rows === 0) throw new FileFault('The file has no row below its header.');
    this.finishChunk();
  }

  private readHeader(names: readonly string[], delimiter: string): void {
    const columns = matchColumns(names, this.plan.inputs);
    this.requireInputs(columns);
    this.columns = columns;
    this.delimiter = delimiter;
    this.dialect = { names, delimiter, hasMark: this.text.hasMark };
  }

  /** An input that no row needs may lack its column: whether it is one the model knows, not this. */
  private requireInputs({ ofInputs }: FileColumns): void {
    const missing = this.plan.inputs.filter((input, index) => ofInputs[index] === -1 && !input.optional);
    if (missing.length === 0) return;
    const none = missing.length === this.plan.inputs.length;
    throw new FileFault(
      none
        ? 'The first row of the file names no input of the model: is there a header?'
        : 'The file lacks columns that the model needs.',
      missing.map(({ name }) => ({ name, detail: 'is missing' })),
    );
  }

  private readRow(cells: readonly string[], bytes: number, line: string | undefined): void {
    const { columns } = this;
    if (!columns) throw new Error('a row came before the header');
    const chunk = (this.chunk ??= this.newChunk(columns));
    const row = chunk.count;
    chunk.count += 1;
    chunk.bytes += bytes;
    this.rows += 1;
    const fits = cells.length === columns.names.length;
    // One text rather than its cells: what is kept until the answer is written costs the collector time.
    const carried = fits && line !== undefined ? line : cells.slice(0, columns.names.length);
    chunk.carried.push(carried);
    chunk.characters += charactersOf(carried);
    if (fits) this.readCells(chunk, row, cells, columns);
    else chunk.faults.set(row, `has ${cells.length} cells where the header has ${columns.names.length}`);
    if (chunk.count === ROWS_PER_CHUNK || chunk.characters >= CHARACTERS_PER_CHUNK) this.finishChunk();
  }

  private readCells(chunk: RowChunk, row: number, cells: readonly string[], columns: FileColumns): void {
    const { inputs } = this.plan;
    for (let index = 0; index < inputs.length; index += 1) {
      const at = columns.ofInputs[index]!;
      const values = chunk.columns[index]!;
      const cell = at === -1 ? '' : cells[at]!;
      if (Array.isArray(values)) {
        values[row] = cell === '' ? null : cell;
        if (cell.includes('\0')) addFault(chunk, row, `${inputs[index]!.name}: must not hold U+0000`);
        continue;
      }
      const value = numberIn(cell, this.delimiter !== ',');
      if (value === NOT_A_NUMBER) {
        values[row] = NaN;
        addFault(chunk, row, `${inputs[index]!.name}: must be a number`);
      } else {
        values[row] = value;
        // Told by the first rows: an answer cannot change how it writes numbers half-way.
        if (!this.comma && chunk.number === 0 && this.delimiter !== ',' && hasComma(cell)) this.comma = true;
      }
    }
    if (chunk.subjects) chunk.subjects[row] = subjectIn(cells[columns.subject]!, chunk, row);
  }

  private newChunk({ subject }: FileColumns): RowChunk {
    const chunk = new RowChunk(this.next, this.rows, this.plan, subject !== -1, this.comma);
    this.next += 1;
    return chunk;
  }

  private finishChunk(): void {
    const { chunk } = this;
    if (!chunk) return;
    this.chunk = undefined;
    chunk.decimalComma = this.comma;
    // Rows with a wrong number of cells have left their values open.
    for (const values of chunk.columns) {
      if (Array.isArray(values)) for (let row = 0; row < chunk.count; row += 1) values[row] ??= null;
    }
    if (chunk.subjects) for (let row = 0; row < chunk.count; row += 1) chunk.subjects[row] ??= null;
    this.onChunk(chunk);
  }
}

/** What a row takes while it is kept: also empty cells take memory. */
function charactersOf(carried: string | readonly string[]): number {
  if (typeof carried === 'string') return carried.length + 1;
  return carried.reduce((sum, { length }) => sum + length + CHARACTERS_PER_CELL, 0);
}

function subjectIn(cell: string, chunk: RowChunk, row: number): string | null {
  const subject = cell.trim();
  if (subject === '') return null;
  if (subject.length > MAX_SUBJECT_CHARACTERS)
    addFault(chunk, row, `subject: must have at most ${MAX_SUBJECT_CHARACTERS} characters`);
  else if (subject.includes('\0') || subject.includes(REPLACEMENT))
    addFault(chunk, row, 'subject: is not text in the encoding of the file');
  else return subject;
  return null;
}

function addFault(chunk: RowChunk, row: number, detail: string): void {
  const before = chunk.faults.get(row);
  chunk.faults.set(row, before === undefined ? detail : `${before}; ${detail}`);
}

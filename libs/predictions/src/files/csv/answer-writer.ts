/**
 * Writes what came of a chunk: the rows of the answer, in the file's own dialect, and the rows of the record. In the order of the
 * file: its columns as they were, then what the plan says that results add.
 */
import { stringify } from 'csv-stringify/sync';
import { rowJson } from '../../record/row-json.js';
import { RowSealer, type SealedRows } from '../../record/sealed-rows.js';
import type { FilePlan } from './file-plan.js';
import type { FileDialect, RowChunk } from './row-chunks.js';

/** What became of the rows of a chunk. */
export interface ChunkResults {
  /** Of the record that holds them. */
  readonly recordId: string;
  /** What is wrong with a row, by its place in the chunk: all rows that are not named here were scored, in their order. */
  readonly faults: ReadonlyMap<number, string>;
  /** Of the scored rows, row-major `[rows, width]`. */
  readonly scores: Float32Array;
  readonly width: number;
  /** The class of each scored row; empty for a regression. */
  readonly labels: Uint16Array;
  /** Row-major: of each scored row the numbers that the plan names. */
  readonly numbers: Float64Array;
}

export interface WrittenChunk {
  /** Rows of the answer. */
  readonly csv: Uint8Array;
  readonly rows: SealedRows;
}

export class AnswerWriter {
  private readonly sealer = new RowSealer();
  private readonly classNames: readonly string[];
  private readonly keys: readonly string[];

  constructor(
    private readonly plan: FilePlan,
    private readonly dialect: FileDialect,
  ) {
    this.classNames = plan.classes.map((name) => this.quoted(name));
    this.keys = plan.inputs.map(({ name }) => `${JSON.stringify(name)}:`);
  }

  /** The first row of the answer, with the file's byte order mark where it has one. */
  header(): string {
    const { names, hasMark } = this.dialect;
    const taken = new Set(names);
    const added = this.plan.columns.map(({ name }) => {
      // A column of the file keeps its name; the result's is told apart from it.
      let free = name;
      while (taken.has(free)) free = `result.${free}`;
      taken.add(free);
      return free;
    });
    return `${hasMark ? '\ufeff' : ''}${this.rowsOf([[...names, ...added]])}`;
  }

  write(chunk: RowChunk, results: ChunkResults): WrittenChunk {
    const plain = chunk.carried.every((row, place) => typeof row === 'string' || results.faults.has(place));
    const text = plain ? this.writePlain(chunk, results) : this.rowsOf(this.cellsOf(chunk, results));
    this.seal(chunk, results);
    return { csv: new Uint8Array(Buffer.from(text, 'utf8')), rows: this.sealer.take() };
  }

  /** Rows that can be carried through as they stand. */
  private writePlain({ count, carried, decimalComma }: RowChunk, results: ChunkResults): string {
    const { delimiter } = this.dialect;
    const { faults } = results;
    let text = '';
    let scored = 0;
    for (let row = 0; row < count; row += 1) {
      const fault = faults.get(row);
      text += this.lineOf(carried[row]!);
      if (fault === undefined) text += this.resultText(results, scored, decimalComma);
      else for (const cell of this.faultCells(fault)) text += delimiter + (cell === '' ? '' : this.quoted(cell));
      text += '\n';
      if (fault === undefined) scored += 1;
    }
    return text;
  }

  /** The cells of a scored row, each after a delimiter. The first number is mostly also that of a class: it is written once. */
  private resultText({ labels, numbers, recordId }: ChunkResults, scored: number, decimalComma: boolean): string {
    const { delimiter } = this.dialect;
    const from = scored * this.plan.numbers.length;
    const first = numbers[from]!;
    const firstText = numberText(first, decimalComma);
    let text = '';
    for (const { holds } of this.plan.columns) {
      text += delimiter;
      if (typeof holds === 'number') {
        const value = numbers[from + holds]!;
        text += value === first ? firstText : numberText(value, decimalComma);
      } else if (holds === 'label') text += this.classNames[labels[scored]!]!;
      else if (holds === 'prediction') text += `${recordId}/rows/${scored}`;
    }
    return text;
  }

  private faultCells(fault: string): string[] {
    return this.plan.columns.map(({ holds }) => (holds === 'error' ? fault : ''));
  }

  private cellsOf({ count, carried: rows, decimalComma }: RowChunk, results: ChunkResults): string[][] {
    const { faults } = results;
    const written: string[][] = [];
    let scored = 0;
    for (let row = 0; row < count; row += 1) {
      const carried = this.carried(rows[row]!);
      const fault = faults.get(row);
      if (fault !== undefined) {
        written.push([...carried, ...this.faultCells(fault)]);
        continue;
      }
      written.push([...carried, ...this.resultCells(results, scored, decimalComma)]);
      scored += 1;
    }
    return written;
  }

  private resultCells({ labels, numbers, recordId }: ChunkResults, scored: number, decimalComma: boolean): string[] {
    const { classes, columns, numbers: names } = this.plan;
    return columns.map(({ holds }) => {
      if (typeof holds === 'number') return numberText(numbers[scored * names.length + holds]!, decimalComma);
      if (holds === 'label') return classes[labels[scored]!]!;
      return holds === 'prediction' ? `${recordId}/rows/${scored}` : '';
    });
  }

  private seal(chunk: RowChunk, { faults, scores, width, labels }: ChunkResults): void {
    let scored = 0;
    for (let row = 0; row < chunk.count; row += 1) {
      if (faults.has(row)) continue;
      const label = labels.length > 0 ? this.plan.classes[labels[scored]!] : undefined;
      const subject = chunk.subjects && (chunk.subjects[row] ?? null);
      this.sealer.add(rowJson(subject, this.inputJson(chunk, row), scores, scored * width, width, label));
      scored += 1;
    }
  }

  /** As a client that sends JSON would write the row: numbers, without what is missing. */
  private inputJson({ columns }: RowChunk, row: number): string {
    let text = '';
    for (let index = 0; index < columns.length; index += 1) {
      const value = columns[index]![row]!;
      if (value === null || Number.isNaN(value)) continue;
      text += `${text === '' ? '{' : ','}${this.keys[index]!}${typeof value === 'number' ? value : JSON.stringify(value)}`;
    }
    return text === '' ? '{}' : `${text}}`;
  }

  /** As many cells as the header has. */
  private carried(row: string | readonly string[]): string[] {
    const { names, delimiter } = this.dialect;
    const { length } = names;
    const cells = typeof row === 'string' ? row.split(delimiter) : row;
    return cells.length === length ? [...cells] : Array.from({ length }, (_, index) => cells[index] ?? '');
  }

  private lineOf(row: string | readonly string[]): string {
    return typeof row === 'string' ? row : this.rowsOf([this.carried(row)]).slice(0, -1);
  }

  private quoted(cell: string): string {
    return this.rowsOf([[cell]]).slice(0, -1);
  }

  private rowsOf(rows: readonly (readonly string[])[]): string {
    // A return alone is no end of a row to csv-stringify, but it is to many who read it.
    return stringify(rows as string[][], { delimiter: this.dialect.delimiter, quoted_match: /[\r\n]/ });
  }
}

function numberText(value: number, decimalComma: boolean): string {
  return decimalComma ? String(value).replace('.', ',') : String(value);
}

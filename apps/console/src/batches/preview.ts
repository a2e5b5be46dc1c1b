/** What the beginning of a file shows of it before it is sent: how it is written, which column is which input, what is wrong. */
import type { Schemas } from '../api/latido';
import { numberIn } from './cells';
import { matchColumns, matchedInputs, type Columns } from './columns';
import { CsvReader, OpenQuote } from './csv-reader';
import { textOf, type Encoding } from './file-text';
import { faultOf, type ValueFault, type ValueRule } from './row-rules';

type Input = Schemas['ModelInputDto'];

export const DELIMITERS = [',', ';', '\t'] as const;
export type Delimiter = (typeof DELIMITERS)[number];

/** Read of a file before it is sent, however large it is. */
const HEAD_BYTES = 256 * 1024;
/** Characters of a patient's reference. */
const MOST_SUBJECT_CHARACTERS = 200;

/** A file that the server would refuse whole: a sentence of `texts.ts`. */
export type FileFaultKind =
  'utf16' | 'empty' | 'noRows' | 'openQuote' | 'headTooLong' | 'noInput' | 'missingColumns' | 'ambiguous';

export interface PreviewRow {
  /** From 1 below the header, as errors of the server count them. */
  readonly number: number;
  readonly cells: readonly string[];
  /** By column. */
  readonly faults: ReadonlyMap<number, ValueFault>;
  /** Whether it has not as many cells as the header has names. */
  readonly wrongCellCount: boolean;
}

export interface Preview {
  readonly encoding: Encoding;
  readonly delimiter: Delimiter;
  readonly decimalComma: boolean;
  readonly names: readonly string[];
  readonly columns: Columns;
  /** Names of inputs that the model needs and that no column has. */
  readonly missing: readonly string[];
  /** Of the part that was read. */
  readonly rows: readonly PreviewRow[];
  /** Of the whole file. */
  readonly rowCount: number;
  /** Whether the count was reckoned from the part that was read. */
  readonly estimated: boolean;
  /** Why it would be refused; undefined where it would be taken. */
  readonly fault: FileFaultKind | undefined;
}

export interface FileHead {
  readonly bytes: Uint8Array;
  /** Of the whole file. */
  readonly size: number;
}

export async function headOf(file: Blob): Promise<FileHead> {
  return { bytes: new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer()), size: file.size };
}

/** @param rules by the input's name; inputs without one, while they are not known yet, are not checked */
export function previewOf(head: FileHead, inputs: readonly Input[], rules: ReadonlyMap<string, ValueRule>): Preview {
  const { text, encoding } = textOf(head.bytes);
  const whole = head.bytes.length >= head.size;
  const best = DELIMITERS.map((delimiter) => readWith(delimiter, text, whole))
    .map((read) => ({ ...read, fit: matchedInputs(read.names, inputs) }))
    .reduce((one, other) =>
      other.fit > one.fit || (other.fit === one.fit && other.names.length > one.names.length) ? other : one,
    );
  const { delimiter, names, body, openQuote } = best;
  const columns = matchColumns(names, inputs);
  const missing = inputs
    .filter(({ name }, index) => columns.ofInputs[index] === -1 && rules.get(name)?.required !== false)
    .map(({ name }) => name);
  const rows = body.map((cells, index) =>
    checkedRow(cells, index + 1, names.length, delimiter, columns, inputs, rules),
  );
  const share = text.length === 0 ? 1 : best.readCharacters / text.length;
  const rowCount = whole ? rows.length : Math.round((rows.length * head.size) / (head.bytes.length * share));
  return {
    encoding,
    delimiter,
    decimalComma: delimiter !== ',' && hasComma(body, columns, inputs),
    names,
    columns,
    missing,
    rows,
    rowCount,
    estimated: !whole,
    fault: faultOfFile(),
  };

  function faultOfFile(): FileFaultKind | undefined {
    if (encoding === 'utf-16') return 'utf16';
    if (openQuote) return 'openQuote';
    if (names.length === 0) return text.trim() === '' ? 'empty' : 'headTooLong';
    if (columns.ambiguous.length > 0) return 'ambiguous';
    if (missing.length > 0) return columns.ofInputs.every((column) => column === -1) ? 'noInput' : 'missingColumns';
    return rows.length === 0 && whole ? 'noRows' : undefined;
  }
}

interface Read {
  readonly delimiter: Delimiter;
  readonly names: readonly string[];
  readonly body: readonly (readonly string[])[];
  readonly openQuote: boolean;
  /** Of the text, up to the end of its last whole row. */
  readonly readCharacters: number;
}

function readWith(delimiter: Delimiter, text: string, whole: boolean): Read {
  const reader = new CsvReader(delimiter);
  try {
    const [names = [], ...body] = reader.read(text, whole);
    return { delimiter, names, body, openQuote: false, readCharacters: text.length - reader.kept };
  } catch (error) {
    if (!(error instanceof OpenQuote)) throw error;
    return { delimiter, names: [], body: [], openQuote: true, readCharacters: 0 };
  }
}

function checkedRow(
  cells: readonly string[],
  number: number,
  width: number,
  delimiter: Delimiter,
  { ofInputs, subject }: Columns,
  inputs: readonly Input[],
  rules: ReadonlyMap<string, ValueRule>,
): PreviewRow {
  const faults = new Map<number, ValueFault>();
  if (cells.length !== width) return { number, cells, faults, wrongCellCount: true };
  inputs.forEach((input, index) => {
    const column = ofInputs[index]!;
    const rule = rules.get(input.name);
    if (column === -1 || !rule) return;
    const cell = cells[column]!;
    const value = rule.type === 'string' ? cell || null : numberIn(cell, delimiter !== ',');
    const fault = faultOf(value, rule);
    if (fault) faults.set(column, fault);
  });
  if (subject !== -1 && cells[subject]!.trim().length > MOST_SUBJECT_CHARACTERS)
    faults.set(subject, { kind: 'tooLong', limit: MOST_SUBJECT_CHARACTERS });
  return { number, cells, faults, wrongCellCount: false };
}

/** Told by the first rows: so many decide how the answer writes its numbers. */
function hasComma(body: Read['body'], { ofInputs }: Columns, inputs: readonly Input[]): boolean {
  const numeric = ofInputs.filter((column, index) => column !== -1 && inputs[index]!.type !== 'string');
  return body
    .slice(0, 1000)
    .some((cells) =>
      numeric.some((column) => cells[column]?.includes(',') && numberIn(cells[column], true) !== undefined),
    );
}

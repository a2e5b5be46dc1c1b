/** What a file is read by, and what stands in its answer: plain data, made of a version's manifest and sent to the thread that reads. */

/** An input of the model as a column of a file. */
export interface FileInput {
  readonly name: string;
  readonly title: string;
  /** Whether a file may leave its column out, as a row may leave out its value. */
  readonly optional: boolean;
  /** Cells are numbers; otherwise they are taken as text. */
  readonly numeric: boolean;
}

/** A column that results add to the file's own. */
export interface ResultColumn {
  readonly name: string;
  /** The label of the class; one of the plan's numbers, by its place; the name of the recorded row; what is wrong with the row; nothing. */
  readonly holds: 'label' | 'prediction' | 'error' | 'nothing' | number;
}

export interface FilePlan {
  readonly inputs: readonly FileInput[];
  /** Names of the classes; empty for a regression. */
  readonly classes: readonly string[];
  /** Names of the numbers of a result: its own, then one per class. */
  readonly numbers: readonly string[];
  /** What results add, in this order. */
  readonly columns: readonly ResultColumn[];
  /** As the client names it; undefined: found out. */
  readonly charset: string | undefined;
}

/** Rows of one record: as many as a JSON body may have. */
export const ROWS_PER_CHUNK = 1_000;
/** Characters of the cells of one chunk, so that a chunk of large cells is no larger than one of many. */
export const CHARACTERS_PER_CHUNK = 1024 * 1024;
/** A longer row is none: somebody forgot to close a quote, or the file is no table. */
export const MAX_RECORD_BYTES = 1024 * 1024;
/** The row of names is looked at while the file is sent, by those who answer other requests. */
export const MAX_HEADER_BYTES = 256 * 1024;
/** Columns of a file, at most. */
export const MAX_COLUMNS = 10_000;

/** The client's own reference of the patient, by this name in any case. */
export const SUBJECT_COLUMN = 'subject';

/** A file that cannot be scored at all. */
export class FileFault extends Error {
  constructor(
    message: string,
    /** What is wrong with single columns. */
    readonly columns: readonly { readonly name: string; readonly detail: string }[] = [],
  ) {
    super(message);
  }
}

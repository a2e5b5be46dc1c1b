/** Which column of a file feeds which input, by the names in its first row. */
import { FileFault, SUBJECT_COLUMN, type FileInput } from './file-plan.js';

export interface FileColumns {
  /** The names as they stand in the file. */
  readonly names: readonly string[];
  /** The column of each input, in the inputs' order; -1 for one that is not there. */
  readonly ofInputs: readonly number[];
  /** The column that names patients; -1: none does. */
  readonly subject: number;
}

/**
 * A column feeds the input of its name. Where none has an input's exact name, the one does that has its name or its title in another
 * case, if there is just one.
 * @throws FileFault where it cannot be told which of several columns is meant
 */
export function matchColumns(names: readonly string[], inputs: readonly FileInput[]): FileColumns {
  const ambiguous: { name: string; detail: string }[] = [];
  const loose = names.map(loosely);
  const ofInputs = inputs.map(({ name, title }) => {
    const exact = positions(names, (column) => column.trim() === name);
    const found =
      exact.length > 0 ? exact : positions(loose, (column) => column === loosely(name) || column === loosely(title));
    if (found.length > 1) ambiguous.push({ name, detail: `could be any of ${found.length} columns` });
    return found[0] ?? -1;
  });
  if (ambiguous.length > 0) throw new FileFault('It cannot be told which column is which input.', ambiguous);
  const [subject = -1] = positions(loose, (column, index) => column === SUBJECT_COLUMN && !ofInputs.includes(index));
  return { names, ofInputs, subject };
}

/** How many inputs the names have a column for: what tells the right delimiter from a wrong one. */
export function matchedInputs(names: readonly string[], inputs: readonly FileInput[]): number {
  const loose = new Set(names.map(loosely));
  return inputs.filter(({ name, title }) => loose.has(loosely(name)) || loose.has(loosely(title))).length;
}

function loosely(name: string): string {
  return name.trim().toLowerCase();
}

function positions(names: readonly string[], fits: (name: string, index: number) => boolean): number[] {
  return names.flatMap((name, index) => (fits(name, index) ? [index] : []));
}

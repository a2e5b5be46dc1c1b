/** Which column of a file feeds which input, by the rules of the server (docs/scoring-files.md). */
import type { Schemas } from '../api/latido';

type Input = Pick<Schemas['ModelInputDto'], 'name' | 'title'>;

/** By this name in any case: whose row it is. */
const SUBJECT = 'subject';

export interface Columns {
  /** The column of each input, in the inputs' order; -1 for one that is not there. */
  readonly ofInputs: readonly number[];
  /** -1: no column names patients. */
  readonly subject: number;
  /** Names of inputs of which several columns could be meant: the file would be refused. */
  readonly ambiguous: readonly string[];
}

/** A column feeds the input of its name; where none has it, the one that has its name or title in another case. */
export function matchColumns(names: readonly string[], inputs: readonly Input[]): Columns {
  const loose = names.map(loosely);
  const candidates = inputs.map(({ name, title }) => {
    const exact = positions(names, (column) => column.trim() === name);
    if (exact.length > 0) return exact;
    return positions(loose, (column) => column === loosely(name) || column === loosely(title));
  });
  const ofInputs = candidates.map(([first = -1]) => first);
  return {
    ofInputs,
    subject: loose.findIndex((column, index) => column === SUBJECT && !ofInputs.includes(index)),
    ambiguous: inputs.filter((_, index) => candidates[index]!.length > 1).map(({ name }) => name),
  };
}

/** How many inputs the names have a column for: what tells the right delimiter, or the right model, from a wrong one. */
export function matchedInputs(names: readonly string[], inputs: readonly Input[]): number {
  const loose = new Set(names.map(loosely));
  return inputs.filter(({ name, title }) => loose.has(loosely(name)) || loose.has(loosely(title))).length;
}

function loosely(name: string): string {
  return name.trim().toLowerCase();
}

function positions(names: readonly string[], fits: (name: string) => boolean): number[] {
  return names.flatMap((name, index) => (fits(name) ? [index] : []));
}

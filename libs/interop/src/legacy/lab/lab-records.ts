/** Records as this service's clients send them: one, or a list, whose fields are the columns of the table that they come from. */
import type { ManifestInput } from '#inference';
import { MAX_ROWS, type Faults } from '#predictions';

/** Fields beyond the inputs that are still looked at: a record of thousands is refused as it is. */
const MOST_OTHER_FIELDS = 20;

type Named = Pick<ManifestInput, 'name' | 'title'>;

/** The records of a body, by the names of the inputs; what else they are is checked as any row is. */
export function recordsIn(body: unknown, inputs: readonly Named[], faults: Faults): unknown[] {
  if (body === undefined || body === null) {
    faults.add('', 'is missing');
    return [];
  }
  // Refused for their number, whatever they hold.
  if (Array.isArray(body) && body.length > MAX_ROWS) return body;
  const named = inputsByLooseName(inputs);
  return (Array.isArray(body) ? body : [body]).map((record: unknown) => renamed(record, inputs, named));
}

/** Where a record stands in the body. */
export function recordPointer(body: unknown): (row: number) => string {
  return Array.isArray(body) ? (row) => `/${row}` : () => '';
}

/**
 * A field is the input of its name. One that is no input's is that of the input whose name or title it has in another case or with other
 * spaces, if there is just one and the record does not have it already, as columns of files are. What is left keeps its name, and is refused.
 */
function renamed(record: unknown, inputs: readonly Named[], named: ReadonlyMap<string, string | null>): unknown {
  if (typeof record !== 'object' || record === null || Array.isArray(record)) return record;
  const fields = Object.entries(record);
  if (fields.length > inputs.length + MOST_OTHER_FIELDS) return record;
  const taken = new Set(inputs.flatMap(({ name }) => (Object.hasOwn(record, name) ? [name] : [])));
  if (taken.size === fields.length) return record;
  return Object.fromEntries(
    fields.map(([name, value]) => {
      if (taken.has(name)) return [name, value];
      const input = named.get(loosely(name));
      if (!input || taken.has(input)) return [name, value];
      taken.add(input);
      return [input, value];
    }),
  );
}

/** Null where it could be any of several. */
function inputsByLooseName(inputs: readonly Named[]): Map<string, string | null> {
  const found = new Map<string, string | null>();
  for (const { name, title } of inputs) {
    for (const loose of new Set([loosely(name), loosely(title)])) found.set(loose, found.has(loose) ? null : name);
  }
  return found;
}

function loosely(name: string): string {
  return name.trim().toLowerCase().replaceAll(/\s+/g, ' ');
}

/**
 * What a client asks for: the envelope around the rows, `{"input": {…}}` or `{"inputs": [{…}]}`. The rows themselves
 * are checked by the model version's own schema; nothing here looks into them, so that their depth costs nothing.
 */
import { isRecordableText, pointerToken, UNRECORDABLE } from '#platform';
import type { Faults } from './faults.js';

/** Rows in one request, whatever the plan allows. */
export const MAX_ROWS = 1_000;
/** Characters in the client's own reference of a patient. */
export const MAX_SUBJECT_LENGTH = 200;
const MAX_VERSION_LENGTH = 64;

const KNOWN_FIELDS = new Set(['input', 'inputs', 'version', 'subject', 'subjects', 'explain']);

export interface PredictionRequest {
  /** Which of the two forms was used: the answer names its patients in the same form. */
  readonly form: 'input' | 'inputs';
  /** Not yet checked; empty when the envelope itself is at fault. */
  readonly rows: readonly unknown[];
  /** The version named by the client; undefined: the active one. */
  readonly version: string | undefined;
  /** The client's own patient references, one a row; null when none was given. */
  readonly subjects: readonly (string | null)[] | null;
}

const NOTHING: PredictionRequest = { form: 'input', rows: [], version: undefined, subjects: null };

/** Pointer of row `index` in the body. */
export function rowPointer(request: PredictionRequest, index: number): string {
  return request.form === 'input' ? '/input' : `/inputs/${index}`;
}

/** Reads the envelope; what is wrong with it goes to `faults`. `rowLimit` is the most rows this caller may send. */
export function parsePredictionRequest(body: unknown, rowLimit: number, faults: Faults): PredictionRequest {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    faults.add('', 'must be an object with "input" or "inputs"');
    return NOTHING;
  }
  const fields = body as Readonly<Record<string, unknown>>;
  for (const name of Object.keys(fields)) {
    if (faults.full) break;
    if (!KNOWN_FIELDS.has(name)) faults.add(`/${pointerToken(name)}`, 'is not a known field');
  }
  if (fields.explain !== undefined && fields.explain !== false)
    faults.add('/explain', 'is not available: there are no explanations yet');
  const version = versionOf(fields.version, faults);
  const one = fields.input !== undefined;
  const many = fields.inputs !== undefined;
  if (one === many) {
    faults.add(
      '',
      one ? 'must have "input" or "inputs", not both' : 'must have "input" (one row) or "inputs" (an array of rows)',
    );
    return { ...NOTHING, version };
  }
  return one ? oneRow(fields, version, faults) : manyRows(fields, version, rowLimit, faults);
}

function versionOf(version: unknown, faults: Faults): string | undefined {
  if (version === undefined) return undefined;
  if (typeof version === 'string' && version !== '' && version.length <= MAX_VERSION_LENGTH) return version;
  faults.add('/version', 'must be the name of a version, such as "1.0.0"');
  return undefined;
}

function oneRow(
  fields: Readonly<Record<string, unknown>>,
  version: string | undefined,
  faults: Faults,
): PredictionRequest {
  if (fields.subjects !== undefined)
    faults.add('/subjects', 'goes with "inputs"; name the patient of "input" in "subject"');
  const subject = subjectOf(fields.subject, '/subject', faults);
  return { form: 'input', rows: [fields.input], version, subjects: subject === null ? null : [subject] };
}

function manyRows(
  fields: Readonly<Record<string, unknown>>,
  version: string | undefined,
  rowLimit: number,
  faults: Faults,
): PredictionRequest {
  if (fields.subject !== undefined)
    faults.add('/subject', 'goes with "input"; name the patients of "inputs" in "subjects"');
  const rows = rowsOf(fields.inputs, rowLimit, faults);
  return { form: 'inputs', rows, version, subjects: subjectsOf(fields.subjects, rows.length, faults) };
}

function rowsOf(inputs: unknown, rowLimit: number, faults: Faults): readonly unknown[] {
  if (!Array.isArray(inputs)) {
    faults.add('/inputs', 'must be an array of rows');
    return [];
  }
  if (inputs.length > 0 && inputs.length <= rowLimit) return inputs;
  faults.add('/inputs', inputs.length === 0 ? 'must have at least 1 row' : `must have at most ${rowLimit} rows`);
  return [];
}

function subjectsOf(subjects: unknown, rowCount: number, faults: Faults): readonly (string | null)[] | null {
  if (subjects === undefined || subjects === null) return null;
  if (!Array.isArray(subjects)) {
    faults.add('/subjects', 'must be an array with one entry for each of "inputs"');
    return null;
  }
  if (rowCount === 0) return null; // the rows are at fault, and have been named
  if (subjects.length !== rowCount) {
    faults.add('/subjects', `must have as many entries as "inputs" (${rowCount})`);
    return null;
  }
  return subjects.map((subject, index) => subjectOf(subject, `/subjects/${index}`, faults));
}

function subjectOf(subject: unknown, pointer: string, faults: Faults): string | null {
  if (subject === undefined || subject === null) return null;
  if (typeof subject !== 'string') faults.add(pointer, 'must be a string or null');
  else if (isTooLongSubject(subject)) faults.add(pointer, `must have at most ${MAX_SUBJECT_LENGTH} characters`);
  else if (!isRecordableText(subject)) faults.add(pointer, UNRECORDABLE);
  else return subject;
  return null;
}

/** Counted in Unicode characters, as JSON Schema's maxLength is; a character is at most two UTF-16 units. */
export function isTooLongSubject(text: string): boolean {
  if (text.length <= MAX_SUBJECT_LENGTH) return false;
  return text.length > 2 * MAX_SUBJECT_LENGTH || [...text].length > MAX_SUBJECT_LENGTH;
}

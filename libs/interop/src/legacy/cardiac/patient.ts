/**
 * The patient as the older service's clients write one, and as the model's manifest does. Values are read as marshmallow reads its
 * Float, Integer, Boolean and String fields, and refused in its words; ranges are the model's.
 */
import type { PredictionResult } from '#inference';
import type { ServingVersion } from '#models';
import { DomainError, invalidRequest, isRecordableText, pointerToken, type FieldError } from '#platform';
import { isTooLongSubject, MAX_SUBJECT_LENGTH, type PredictedRow } from '#predictions';
import { legacyErrors } from '../shared/legacy.errors.js';
import { readNumberText } from '../shared/number-text.js';

export const CARDIAC_MODEL = 'cardiac-risk';

interface Field {
  /** In the model's manifest. Units are the same on both sides: g/L, 100 mmHg, g/L, years. */
  readonly input: string;
  readonly read: (value: unknown) => Reading;
}

type Reading = { readonly value: number } | { readonly fault: string };

/** The names of a patient's values on a route. */
export interface Vocabulary {
  readonly fields: Readonly<Record<string, Field>>;
  /** The field with the patient's own name, where the route has one. */
  readonly name?: string;
}

export const PREDICT: Vocabulary = {
  name: 'nombre',
  fields: {
    presionArterial: { input: 'systolicPressure', read: readNumber },
    colesterol: { input: 'cholesterol', read: readNumber },
    azucar: { input: 'glucose', read: readNumber },
    edad: { input: 'age', read: readInteger },
    sobrepeso: { input: 'overweight', read: readBoolean },
    tabaquismo: { input: 'smoker', read: readBoolean },
  },
};

export const SERVICE: Vocabulary = {
  fields: {
    nivel_colesterol: { input: 'cholesterol', read: readNumber },
    presion_arterial: { input: 'systolicPressure', read: readNumber },
    azucar: { input: 'glucose', read: readNumber },
    edad: { input: 'age', read: readInteger },
    sobrepeso: { input: 'overweight', read: readBoolean },
    tabaquismo: { input: 'smoker', read: readBoolean },
  },
};

export interface ReadPatient {
  /** As the manifest names it, without what is at fault. */
  readonly row: Readonly<Record<string, number>>;
  readonly subject: string | null;
  /** With pointers into what was sent. */
  readonly faults: readonly FieldError[];
}

const MISSING = 'Missing data for required field.';
/** Faults that are listed, at most. */
const MOST_FAULTS = 100;

/** @throws INVALID_REQUEST for what is no object at all */
export function readPatient(body: unknown, { fields, name }: Vocabulary): ReadPatient {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw invalidRequest([{ pointer: '', detail: 'Invalid input type.' }]);
  const sent = body as Readonly<Record<string, unknown>>;
  const row: Record<string, number> = {};
  const faults: FieldError[] = [];
  for (const [field, { input, read }] of Object.entries(fields)) {
    const reading = Object.hasOwn(sent, field) ? read(sent[field]) : { fault: MISSING };
    if ('value' in reading) row[input] = reading.value;
    else faults.push({ pointer: `/${field}`, detail: reading.fault });
  }
  for (const field of Object.keys(sent)) {
    if (faults.length >= MOST_FAULTS) break;
    if (field !== name && !Object.hasOwn(fields, field))
      faults.push({ pointer: `/${pointerToken(field)}`, detail: 'Unknown field.' });
  }
  const given = name !== undefined && Object.hasOwn(sent, name) ? sent[name] : undefined;
  const fault = faultOfName(given);
  if (fault !== undefined) faults.push({ pointer: `/${name}`, detail: fault });
  return { row, subject: typeof given === 'string' && fault === undefined ? given : null, faults };
}

/** The patient as the route's clients know one: numbers are numbers and booleans are booleans, however they were sent. */
export function patientOf(
  { subject, input }: Pick<PredictedRow, 'subject' | 'input'>,
  { fields, name }: Vocabulary,
): Record<string, unknown> {
  const patient: Record<string, unknown> = name === undefined || subject === null ? {} : { [name]: subject };
  for (const [field, { input: of, read }] of Object.entries(fields))
    patient[field] = read === readBoolean ? input[of] === 1 : input[of];
  return patient;
}

/** The field that a pointer into the manifest's names is about, in the route's names; `_schema` for the patient as a whole. */
export function fieldOf(pointer: string, { fields }: Vocabulary): string {
  const [, token = ''] = pointer.split('/');
  if (token === '') return '_schema';
  return Object.keys(fields).find((field) => fields[field]!.input === token) ?? token;
}

/** @throws LEGACY_MODEL_UNFIT for a version of whose answers `riskOf` cannot be told */
export function requireRisk({ version, manifest: { task, output } }: ServingVersion): void {
  if (task === 'binary-classification' && output.kind !== 'decision') return;
  throw new DomainError(
    legacyErrors.LEGACY_MODEL_UNFIT,
    `${CARDIAC_MODEL} ${version} is no binary classification with probabilities, which this service needs.`,
  );
}

/** Of a binary classification's two classes the second one is the positive: the patient is at risk. */
export function riskOf(result: PredictionResult): { readonly atRisk: boolean; readonly probability: number } {
  if (!('probabilities' in result)) throw new Error('an answer without probabilities');
  const [positive, probability] = Object.entries(result.probabilities)[1]!;
  return { atRisk: result.label === positive, probability };
}

function readNumber(value: unknown): Reading {
  if (value === null) return { fault: 'Field may not be null.' };
  const number = numberIn(value);
  if (number === undefined) return { fault: 'Not a valid number.' };
  if (!Number.isFinite(number)) return { fault: 'Special numeric values (nan or infinity) are not permitted.' };
  return { value: number };
}

function numberIn(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? readNumberText(value) : undefined;
}

/** What is not whole is refused, where marshmallow would cut it off: nobody is a year older for it. */
function readInteger(value: unknown): Reading {
  if (value === null) return { fault: 'Field may not be null.' };
  const number = numberIn(value);
  return number !== undefined && Number.isInteger(number) ? { value: number } : { fault: 'Not a valid integer.' };
}

/** marshmallow's Boolean.truthy and Boolean.falsy. */
const TRUTHY: ReadonlySet<unknown> = new Set([
  ...[true, 1, '1', 't', 'T', 'true', 'True', 'TRUE'],
  ...['on', 'On', 'ON', 'y', 'Y', 'yes', 'Yes', 'YES'],
]);
const FALSY: ReadonlySet<unknown> = new Set([
  ...[false, 0, '0', 'f', 'F', 'false', 'False', 'FALSE'],
  ...['off', 'Off', 'OFF', 'n', 'N', 'no', 'No', 'NO'],
]);

function readBoolean(value: unknown): Reading {
  if (value === null) return { fault: 'Field may not be null.' };
  if (TRUTHY.has(value)) return { value: 1 };
  return FALSY.has(value) ? { value: 0 } : { fault: 'Not a valid boolean.' };
}

/** It becomes the record's subject, by which a patient is found and erased. */
function faultOfName(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') return 'Not a valid string.';
  if (isTooLongSubject(value)) return `Longer than maximum length ${MAX_SUBJECT_LENGTH}.`;
  return isRecordableText(value) ? undefined : 'Not a valid string.';
}

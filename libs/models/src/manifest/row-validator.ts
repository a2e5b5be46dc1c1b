/** Checks input rows by the manifest's schema, compiled once when a version is loaded. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ErrorObject } from 'ajv';
import type { ModelManifest } from '#inference';
import type { FieldError } from '#platform';
import { ANNOTATIONS, rowSchema } from './row-schema.js';
import { faultOf } from './schema-faults.js';

/** Unknown fields that are named one by one; a row with more of them was not meant for this model. */
const MOST_UNKNOWN_FIELDS = 100;

/** All faults of a row, their pointers starting with `pointer`; empty when it is valid. */
export type RowValidator = (row: unknown, pointer: string) => FieldError[];

function isFault(error: ErrorObject, _index: number, all: ErrorObject[]): boolean {
  // Of a value of the wrong type there is no more to say.
  return (
    error.keyword === 'type' ||
    !all.some((other) => other.keyword === 'type' && other.instancePath === error.instancePath)
  );
}

function describe(error: ErrorObject, pointer: string): FieldError {
  // JSON has no Infinity, but 1e999 reads as one.
  if (error.keyword === 'type' && typeof error.data === 'number' && !Number.isFinite(error.data)) {
    return { pointer: `${pointer}${error.instancePath}`, detail: 'must be a finite number' };
  }
  return faultOf(error, pointer, 'input');
}

/**
 * The work is bounded by the number of declared inputs whatever the row holds: values are looked at, never descended into.
 * Inherited properties (`constructor`) do not count as given.
 */
export function compileRowValidator(manifest: ModelManifest): RowValidator {
  const ajv = new Ajv2020({ allErrors: true, strictNumbers: true, ownProperties: true, verbose: true });
  ajv.addVocabulary(ANNOTATIONS);
  const isValid = ajv.compile(rowSchema(manifest));
  const mostFields = manifest.inputs.length + MOST_UNKNOWN_FIELDS;
  return (row, pointer) => {
    if (typeof row !== 'object' || row === null || Array.isArray(row)) {
      return [{ pointer, detail: 'must be an object that holds the inputs by name' }];
    }
    const fieldCount = Object.keys(row).length;
    if (fieldCount > mostFields) {
      return [{ pointer, detail: `has ${fieldCount} fields; the model knows ${manifest.inputs.length} inputs` }];
    }
    if (isValid(row)) return [];
    return (isValid.errors ?? []).filter(isFault).map((error) => describe(error, pointer));
  };
}

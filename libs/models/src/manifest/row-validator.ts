/** Checks input rows by the manifest, compiled once when a version is loaded. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ErrorObject, ValidateFunction } from 'ajv';
import { compileFeatures, type FaultSink, type InputRow, type ModelManifest, type PipelineRow } from '#inference';
import type { FieldError } from '#platform';
import { ANNOTATIONS, valuesSchema } from './row-schema.js';
import { faultOf } from './schema-faults.js';

/** Unknown fields that are named one by one; a row with more of them was not meant for this model. */
const MOST_UNKNOWN_FIELDS = 100;

/**
 * The row as the feature pipeline takes it, or undefined where faults were added: all of them at once, their pointers
 * starting with `pointer`.
 */
export type RowReader = (row: unknown, pointer: string, faults: FaultSink) => PipelineRow | undefined;

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

function compileValues(manifest: ModelManifest): ValidateFunction {
  const ajv = new Ajv2020({
    allErrors: true,
    strictNumbers: true,
    ownProperties: true,
    verbose: true,
    allowUnionTypes: true,
  });
  ajv.addVocabulary(ANNOTATIONS);
  const { properties, ...schema } = valuesSchema(manifest);
  // Observations are many, and read by the pipeline: here they may be there.
  return ajv.compile({
    ...schema,
    properties: manifest.observations ? { ...properties, observations: {} } : properties,
  });
}

/**
 * The work is bounded by what is declared, whatever the row holds: values are looked at, never descended into.
 * Inherited properties (`constructor`) do not count as given.
 * @param features the compiled pipeline of the same manifest
 */
export function compileRowReader(manifest: ModelManifest, features = compileFeatures(manifest)): RowReader {
  const isValid = compileValues(manifest);
  const known = manifest.inputs.length + (manifest.observations ? 1 : 0);
  return (row, pointer, faults) => {
    if (typeof row !== 'object' || row === null || Array.isArray(row)) {
      faults.add(pointer, 'must be an object that holds the inputs by name');
      return undefined;
    }
    const fieldCount = Object.keys(row).length;
    if (fieldCount > known + MOST_UNKNOWN_FIELDS) {
      faults.add(pointer, `has ${fieldCount} fields; the model knows ${known} inputs`);
      return undefined;
    }
    const valuesAreValid = isValid(row);
    if (!valuesAreValid) {
      for (const error of (isValid.errors ?? []).filter(isFault)) {
        const fault = describe(error, pointer);
        faults.add(fault.pointer, fault.detail);
      }
    }
    const read = features.read(row as InputRow, pointer, faults);
    return valuesAreValid ? read : undefined;
  };
}

/** Rows that come as JSON objects, in the forms in which they are scored and recorded. */
import type { FeatureRow } from '#inference';
import type { ServingVersion } from '#models';
import { isRecordableJson, UNRECORDABLE } from '#platform';
import type { Faults } from './faults.js';

export interface ObjectRows {
  readonly rows: readonly FeatureRow[];
  /** JSON text of each row, for the record. */
  readonly inputs: readonly string[];
}

/**
 * All rows, once all are valid.
 * @param pointerOf where a row stands in the request, for its faults
 * @throws INVALID_REQUEST with the faults that there were and those of the rows; for text that could not be recorded as it was sent
 */
export function readObjectRows(
  serving: ServingVersion,
  objects: readonly unknown[],
  pointerOf: (index: number) => string,
  faults: Faults,
): ObjectRows {
  const rows: FeatureRow[] = [];
  for (let index = 0; index < objects.length && !faults.full; index += 1) {
    const row = serving.read(objects[index], pointerOf(index), faults);
    if (row) rows.push(row);
  }
  faults.throwIfAny();
  const inputs: string[] = [];
  for (const object of objects) {
    const json = JSON.stringify(object);
    if (!isRecordableJson(json)) faults.add(pointerOf(inputs.length), UNRECORDABLE);
    inputs.push(json);
  }
  faults.throwIfAny();
  return { rows, inputs };
}

/** Faults that a version finds in observations, at the places where their values stand in the client's table. */
import { DomainError, pointerToken } from '#platform';
import type { PatientObservations } from './shock-observations.js';
import type { PatientRows } from './shock-table.js';

/** Columns by the field of an observation. */
const COLUMNS: Readonly<Record<string, string>> = {
  signal: 'idSigno',
  value: 'valor',
  time: 'fecRegistro',
  unit: 'unidad',
};
const OBSERVATION = /^\/(\d+)(?:\/observations(?:\/(\d+)(?:\/([a-z]+))?)?)?/;

/** The same error with pointers into the client's table; anything else as it is. */
export function inClientsPlaces(
  error: unknown,
  patients: readonly PatientRows[],
  read: readonly PatientObservations[],
): unknown {
  if (!(error instanceof DomainError) || !error.extra.errors) return error;
  const errors = error.extra.errors.map(({ pointer, detail }) => ({
    pointer: placeOf(pointer, patients, read),
    detail,
  }));
  return new DomainError(error.kind, error.message, { ...error.extra, errors, cause: error });
}

function placeOf(pointer: string, patients: readonly PatientRows[], read: readonly PatientObservations[]): string {
  const [, row, observation, field = 'value'] = OBSERVATION.exec(pointer) ?? [];
  if (row === undefined) return pointer;
  const key = observation === undefined ? undefined : read[Number(row)]?.keys[Number(observation)];
  const column = COLUMNS[field];
  if (key === undefined || column === undefined) return patients[Number(row)]?.pointer ?? '';
  return `/${column}/${pointerToken(key)}`;
}

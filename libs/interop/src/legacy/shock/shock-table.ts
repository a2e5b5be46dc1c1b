/**
 * The older service's body: a table as pandas writes it with `to_dict()`, a dictionary for each column from the index of a row to its
 * cell. Rows are those of one index in all columns, in whatever order each column has them.
 */
import { pointerToken } from '#platform';
import { Faults, MAX_ROWS } from '#predictions';

/** From the index of a row to its cell; the cells are unchecked. */
export type Column = Readonly<Record<string, unknown>>;

export const SHOCK_COLUMNS = ['idSigno', 'nomSigno', 'valor', 'fecRegistro'] as const;

/** The rows of one patient. */
export interface PatientRows {
  readonly idAtencion: number;
  /** Indices of the rows. */
  readonly keys: readonly string[];
  /** Where faults of the patient as a whole are told. */
  readonly pointer: string;
}

export interface ShockTable extends Readonly<Record<(typeof SHOCK_COLUMNS)[number], Column>> {
  /** Units, where the client names them. */
  readonly unidad: Column | undefined;
  /** In the order in which they first appear. */
  readonly patients: readonly PatientRows[];
  /** Whether `idAtencion` is a column: then a list is answered. */
  readonly several: boolean;
}

const LONGEST_INTEGER_TEXT = /^[+-]?\d{1,16}$/;

/** @throws INVALID_REQUEST naming each column and each cell that is missing, of the wrong type, or no number of a patient */
export function readShockTable(body: unknown): ShockTable {
  const faults = new Faults();
  const fields = isObject(body) ? body : {};
  if (body === undefined || body === null) faults.add('', 'is missing');
  else if (!isObject(body)) faults.add('', 'must be an object');
  faults.throwIfAny();

  const idAtencion = own(fields, 'idAtencion');
  const patientColumn = isObject(idAtencion) ? idAtencion : undefined;
  if (patientColumn && hasTooManyPatients(patientColumn)) {
    faults.add('', `must have at most ${MAX_ROWS} rows`);
    faults.throwIfAny();
  }
  const onePatient = patientColumn ? undefined : patientOf(idAtencion, '/idAtencion', faults);
  const [idSigno, nomSigno, valor, fecRegistro] = SHOCK_COLUMNS.map((name) => columnOf(fields, name, faults));
  const unidad = (own(fields, 'unidad') ?? null) === null ? undefined : columnOf(fields, 'unidad', faults);
  faults.throwIfAny();

  const columns = { idSigno, nomSigno, valor, fecRegistro } as Record<(typeof SHOCK_COLUMNS)[number], Column>;
  const keys = sameKeys(patientColumn ? { ...columns, idAtencion: patientColumn } : columns, faults);
  faults.throwIfAny();
  const patients = patientColumn
    ? byPatient(patientColumn, keys, faults)
    : [{ idAtencion: onePatient as number, keys, pointer: '' }];
  if (patients.length === 0) faults.add('/idAtencion', 'must name at least 1 patient');
  faults.throwIfAny();
  return { ...columns, unidad, patients, several: patientColumn !== undefined };
}

/** More than any plan admits: looked for before anything else is, as each costs a reading of its own. */
function hasTooManyPatients(column: Column): boolean {
  const patients = new Set<string>();
  for (const cell of Object.values(column)) {
    if (typeof cell === 'number' || typeof cell === 'string') patients.add(String(cell));
    if (patients.size > MAX_ROWS) return true;
  }
  return false;
}

function columnOf(fields: Column, name: string, faults: Faults): Column | undefined {
  const column = own(fields, name);
  if (isObject(column)) return column;
  faults.add(`/${name}`, column === undefined ? 'is missing' : 'must be an object');
  return undefined;
}

/** The indices that all columns have; those that some lack are faults. */
function sameKeys(columns: Readonly<Record<string, Column>>, faults: Faults): string[] {
  const named = Object.entries(columns);
  const keys = new Set(named.flatMap(([, column]) => Object.keys(column)));
  for (const key of keys) {
    if (faults.full) break;
    for (const [name, column] of named)
      if (!Object.hasOwn(column, key)) faults.add(`/${name}/${pointerToken(key)}`, 'is missing');
  }
  return [...keys];
}

function byPatient(column: Column, keys: readonly string[], faults: Faults): PatientRows[] {
  const patients = new Map<number, { keys: string[]; pointer: string }>();
  for (const key of keys) {
    if (faults.full) break;
    const pointer = `/idAtencion/${pointerToken(key)}`;
    const idAtencion = patientOf(column[key], pointer, faults);
    if (idAtencion === undefined) continue;
    const rows = patients.get(idAtencion);
    if (rows) rows.keys.push(key);
    else patients.set(idAtencion, { keys: [key], pointer });
  }
  return [...patients].map(([idAtencion, rows]) => ({ idAtencion, ...rows }));
}

/** Digits in a text are read as well, as the older service did. */
function patientOf(value: unknown, pointer: string, faults: Faults): number | undefined {
  const number = typeof value === 'string' && LONGEST_INTEGER_TEXT.test(value) ? Number(value) : value;
  if (Number.isSafeInteger(number)) return number as number;
  faults.add(pointer, value === undefined ? 'is missing' : 'must be an integer');
  return undefined;
}

function isObject(value: unknown): value is Column {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function own(object: Column, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

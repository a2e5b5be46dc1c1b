/**
 * From tensors to rows: one tensor for each input of the manifest, which are validated and go through the feature pipeline as a
 * JSON client's row does; or one for each input of the engine, which go past it.
 */
import { recordedTensorRow, TensorFault, TensorRow, tensorRowsOf, type EngineInput, type Tensor } from '#inference';
import type { ServingVersion } from '#models';
import { isRecordableText, UNRECORDABLE } from '#platform';
import {
  Faults,
  isTooLongSubject,
  MAX_SUBJECT_LENGTH,
  readObjectRows,
  type ObjectRows,
  type RowsRead,
} from '#predictions';

/** Names the patients where the model has no input of this name. */
export const SUBJECT = 'subject';

/**
 * @param mostRows that the caller may send
 * @throws TensorFault where the tensors are not those of the model; INVALID_REQUEST for values that its manifest does not allow,
 *   pointing to `/rows/{n}/{input}`
 */
export function readRows(tensors: readonly Tensor[], serving: ServingVersion, mostRows: number): RowsRead {
  const named = new Set(serving.manifest.inputs.map(({ name }) => name));
  const engine = new Set(serving.engineInputs.map(({ name }) => name));
  const subject = named.has(SUBJECT) || engine.has(SUBJECT) ? undefined : tensors.find(({ name }) => name === SUBJECT);
  const inputs = tensors.filter((tensor) => tensor !== subject);
  const rowCount = countRows(inputs, subject, mostRows);
  // A name that stands for both is the manifest's: what is validated goes before what is not.
  const rows = inputs.every(({ name }) => named.has(name))
    ? namedRows(inputs, rowCount, serving)
    : inputs.every(({ name }) => engine.has(name))
      ? engineRows(inputs, rowCount, serving.engineInputs)
      : refuseMixture(inputs, named, engine);
  return { ...rows, subjects: subject ? subjectsOf(subject, rowCount) : null };
}

/** Whom the request is about, if it names one patient: asked before it is known which version answers, and reads them. */
export function onePatient(tensors: readonly Tensor[]): string | null {
  const named = tensors.find(({ name, datatype }) => name === SUBJECT && datatype === 'BYTES');
  const subject = named?.values.length === 1 ? named.values[0] : undefined;
  return typeof subject === 'string' && subject !== '' ? subject : null;
}

function countRows(inputs: readonly Tensor[], subject: Tensor | undefined, mostRows: number): number {
  const [first] = inputs;
  if (!first) throw new TensorFault('"inputs" must have at least one tensor of the model');
  const rows = first.shape[0];
  if (rows === undefined) throw new TensorFault(`${first.name} must have the rows as the first size of its shape`);
  for (const { name, shape } of subject ? [...inputs, subject] : inputs)
    if (shape[0] !== rows) throw new TensorFault(`${name} must have as many rows as ${first.name} (${rows})`);
  if (rows >= 1 && rows <= mostRows) return rows;
  throw new TensorFault(rows === 0 ? 'there must be at least 1 row' : `there must be at most ${mostRows} rows`);
}

function namedRows(tensors: readonly Tensor[], rowCount: number, serving: ServingVersion): ObjectRows {
  if (serving.manifest.observations)
    throw new TensorFault(
      `${serving.model} takes observations, which are no tensors: send ${describe(serving.engineInputs)}, or use /v1`,
    );
  for (const { name, shape } of tensors) {
    if (shape.length > 2 || (shape.length === 2 && shape[1] !== 1))
      throw new TensorFault(`${name} must have the shape [${rowCount}] or [${rowCount}, 1]: a value for each row`);
  }
  const objects = Array.from({ length: rowCount }, (_, row) =>
    Object.fromEntries(tensors.map(({ name, values }) => [name, valueOf(values[row])])),
  );
  return readObjectRows(serving, objects, (row) => `/rows/${row}`, new Faults());
}

/** As JSON spells it: what is missing as null, and no sign of a zero. */
function valueOf(value: number | string | undefined): number | string | null | undefined {
  if (typeof value !== 'number') return value;
  if (Number.isNaN(value)) return null;
  return value === 0 ? 0 : value;
}

function engineRows(tensors: readonly Tensor[], rowCount: number, engineInputs: readonly EngineInput[]): ObjectRows {
  const values = engineInputs.map((input) => {
    const tensor = tensors.find(({ name }) => name === input.name);
    if (!tensor) throw new TensorFault(`${input.name} is missing: the engine takes ${describe(engineInputs)}`);
    if (tensor.datatype === 'BYTES') throw new TensorFault(`${input.name} must be numbers, such as FP32`);
    const [, ...shape] = tensor.shape;
    if (shape.length !== input.shape.length || !shape.every((size, axis) => size === input.shape[axis]))
      throw new TensorFault(`${input.name} must have the shape [${[rowCount, ...input.shape].join(', ')}]`);
    return Float32Array.from(tensor.values as ArrayLike<number>);
  });
  const rows: TensorRow[] = tensorRowsOf(values, rowCount);
  return { rows, inputs: rows.map((row) => recordedTensorRow(row, engineInputs)) };
}

function subjectsOf({ datatype, shape, values }: Tensor, rowCount: number): (string | null)[] {
  if (datatype !== 'BYTES' || shape.length > 2 || values.length !== rowCount)
    throw new TensorFault(`${SUBJECT} must be BYTES of the shape [${rowCount}] or [${rowCount}, 1]`);
  const faults = new Faults();
  const subjects = Array.from(values as readonly string[], (subject, row) => {
    if (isTooLongSubject(subject))
      faults.add(`/rows/${row}/${SUBJECT}`, `must have at most ${MAX_SUBJECT_LENGTH} characters`);
    else if (!isRecordableText(subject)) faults.add(`/rows/${row}/${SUBJECT}`, UNRECORDABLE);
    return subject === '' ? null : subject;
  });
  faults.throwIfAny();
  return subjects;
}

/** Names that are neither's are not repeated: they are the client's own. */
function refuseMixture(inputs: readonly Tensor[], named: ReadonlySet<string>, engine: ReadonlySet<string>): never {
  const some = (names: ReadonlySet<string>): boolean => inputs.some(({ name }) => names.has(name));
  if (some(named) && some(engine))
    throw new TensorFault(
      '"inputs" mixes inputs of the manifest with inputs of the engine: send the ones or the others',
    );
  const known = [named, engine].filter(({ size }) => size > 0).map((names) => [...names].join(', '));
  const unknown = inputs.findIndex(({ name }) => !named.has(name) && !engine.has(name));
  throw new TensorFault(
    `inputs[${unknown}] is no input of the model, which takes ${known.join('; or, as tensors of the engine, ')}`,
  );
}

function describe(inputs: readonly EngineInput[]): string {
  return inputs.map(({ name, shape }) => `${name} [rows, ${shape.join(', ')}]`).join(' and ');
}

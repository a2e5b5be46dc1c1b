/** A row's values as a form has them: which fields there are, what is typed into them, what is wrong with it. */
import type { Schemas } from '../api/latido';

export type ModelInput = Schemas['ModelInputDto'];
export type RowValue = number | string;
/** By input; an empty text where nothing was typed. */
export type FieldValues = Readonly<Record<string, RowValue>>;
export type Row = Readonly<Record<string, unknown>>;

/** What the console reads of `GET …/versions/{version}/schema`. */
export interface RowSchema {
  readonly properties: Readonly<
    Record<string, { readonly minimum?: number; readonly maximum?: number; readonly maxLength?: number }>
  >;
  readonly required: readonly string[];
  /** The first is a row that the model takes. */
  readonly examples: readonly Row[];
}

export interface Field {
  readonly input: ModelInput;
  readonly kind: 'number' | 'integer' | 'text' | 'choice';
  readonly required: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  /** Characters. */
  readonly longest?: number;
  /** By which arrow keys and the slider change it. */
  readonly step: number;
}

export type Fault =
  | { readonly rule: 'missing' | 'number' | 'whole' | 'choice' }
  | { readonly rule: 'minimum' | 'maximum' | 'longest'; readonly limit: number };

const STEPS_OF_A_RANGE = 100;

function decimalsOf(value: unknown): number {
  return typeof value === 'number' ? (String(value).split('.')[1]?.length ?? 0) : 0;
}

/** A power of ten that cuts the range into some hundred steps, or finer where the example is. */
function stepOf({ type, range, example }: ModelInput): number {
  if (type === 'integer' || !range || range.maximum <= range.minimum) return 1;
  const power = Math.floor(Math.log10((range.maximum - range.minimum) / STEPS_OF_A_RANGE));
  return Number(`1e${Math.min(power, -decimalsOf(example))}`);
}

export function fieldsOf(inputs: readonly ModelInput[], schema: RowSchema): Field[] {
  return inputs.map((input) => {
    const { minimum, maximum, maxLength } = schema.properties[input.name] ?? {};
    return {
      input,
      kind: input.values ? 'choice' : input.type === 'string' ? 'text' : input.type,
      required: schema.required.includes(input.name),
      minimum,
      maximum,
      longest: maxLength,
      step: stepOf(input),
    };
  });
}

/** What a row fills into the fields; what it lacks stays empty. */
export function valuesOf(fields: readonly Field[], row: Row): FieldValues {
  return Object.fromEntries(
    fields.map(({ input: { name } }) => {
      const value = Object.hasOwn(row, name) ? row[name] : undefined;
      return [name, typeof value === 'number' || typeof value === 'string' ? value : ''];
    }),
  );
}

/** A number that was typed, with a point; undefined where it is none (yet). */
export function numberOf(value: RowValue | undefined): number | undefined {
  if (typeof value === 'number') return value;
  const text = value?.trim();
  const number = text ? Number(text) : NaN;
  return Number.isFinite(number) ? number : undefined;
}

/** The server's own rules: it is asked only for what it would take. */
export function faultOf(field: Field, value: RowValue | undefined): Fault | undefined {
  const { input, kind, required, minimum, maximum, longest } = field;
  if (value === undefined || value === '') return required ? { rule: 'missing' } : undefined;
  if (kind === 'choice') return input.values?.some((one) => one.value === value) ? undefined : { rule: 'choice' };
  if (kind === 'text') {
    // Code points, as JSON Schema counts them.
    const length = Array.from(String(value)).length;
    return longest !== undefined && length > longest ? { rule: 'longest', limit: longest } : undefined;
  }
  const number = numberOf(value);
  if (number === undefined) return { rule: 'number' };
  if (kind === 'integer' && !Number.isInteger(number)) return { rule: 'whole' };
  if (minimum !== undefined && number < minimum) return { rule: 'minimum', limit: minimum };
  if (maximum !== undefined && number > maximum) return { rule: 'maximum', limit: maximum };
  return undefined;
}

/** By input; those that are right are left out. */
export function faultsOf(fields: readonly Field[], values: FieldValues): Readonly<Record<string, Fault>> {
  return Object.fromEntries(
    fields.flatMap((field) => {
      const fault = faultOf(field, values[field.input.name]);
      return fault ? [[field.input.name, fault]] : [];
    }),
  );
}

/** The row to send. Values that may be missing and are, are left out. */
export function rowOf(fields: readonly Field[], values: FieldValues): Row {
  return Object.fromEntries(
    fields.flatMap(({ input: { name }, kind }) => {
      const value = values[name];
      if (value === undefined || value === '') return [];
      return [[name, kind === 'number' || kind === 'integer' ? (numberOf(value) ?? value) : value]];
    }),
  );
}

/** RFC 6901. */
export function pointerToken(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

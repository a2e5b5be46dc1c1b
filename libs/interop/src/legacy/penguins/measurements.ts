/** A penguin as clients of the older service send it: the ranges that the service documents, checked as pydantic does. */
import { invalidRequest, type FieldError } from '#platform';
import type { FastApiFieldError } from '../shared/fastapi-refusals.js';

export type MeasurementName =
  'island' | 'bill_length_mm' | 'bill_depth_mm' | 'flipper_length_mm' | 'body_mass_g' | 'sex' | 'year';

export type Measurements = Readonly<Record<MeasurementName, number>>;

interface MeasurementRule {
  readonly name: MeasurementName;
  readonly title: string;
  readonly integer: boolean;
  readonly minimum: number;
  readonly maximum: number;
}

export const MEASUREMENTS: readonly MeasurementRule[] = [
  { name: 'island', title: '1 Torgersen, 2 Biscoe, 3 Dream', integer: true, minimum: 1, maximum: 3 },
  { name: 'bill_length_mm', title: 'Length of the bill, mm', integer: false, minimum: 10, maximum: 100 },
  { name: 'bill_depth_mm', title: 'Depth of the bill, mm', integer: false, minimum: 5, maximum: 35 },
  { name: 'flipper_length_mm', title: 'Length of the flippers, mm', integer: false, minimum: 100, maximum: 300 },
  { name: 'body_mass_g', title: 'Body mass, g', integer: false, minimum: 1_000, maximum: 10_000 },
  { name: 'sex', title: '0 female, 1 male', integer: true, minimum: 0, maximum: 1 },
  { name: 'year', title: 'Year of the measurement', integer: true, minimum: 2000, maximum: 2030 },
];

/** A decimal number, with spaces around it as Python's float() allows. */
const NUMBER = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?\s*$/i;
const LONGEST_NUMBER = 64;

/**
 * All of the fields; further ones are ignored, and numbers may come as text, as there.
 * @throws INVALID_REQUEST with all faults, in pydantic's words
 */
export function readMeasurements(body: unknown): Measurements {
  if (body === undefined || body === null) throw invalidRequest([fault('', 'missing', 'Field required')]);
  if (typeof body !== 'object' || Array.isArray(body)) throw invalidRequest([NO_OBJECT]);
  const faults: FieldError[] = [];
  const read = MEASUREMENTS.map((rule) => {
    const given = Object.hasOwn(body, rule.name) ? (body as Record<string, unknown>)[rule.name] : undefined;
    const value = valueOf(given, rule);
    if (typeof value === 'number') return [rule.name, value];
    faults.push(value);
    return [rule.name, NaN];
  });
  if (faults.length > 0) throw invalidRequest(faults);
  return Object.fromEntries(read) as Measurements;
}

/** What is sent in place of an object. */
export const NO_OBJECT = fault(
  '',
  'model_attributes_type',
  'Input should be a valid dictionary or object to extract fields from',
);

function valueOf(given: unknown, { name, integer, minimum, maximum }: MeasurementRule): number | FastApiFieldError {
  const pointer = `/${name}`;
  const kind = integer ? 'int' : 'float';
  const wanted = `Input should be a valid ${integer ? 'integer' : 'number'}`;
  if (given === undefined) return fault(pointer, 'missing', 'Field required');
  const value = numberIn(given);
  if (value === undefined)
    return typeof given === 'string'
      ? fault(pointer, `${kind}_parsing`, `${wanted}, unable to parse string as ${integer ? 'an integer' : 'a number'}`)
      : fault(pointer, `${kind}_type`, wanted);
  if (!Number.isFinite(value)) return fault(pointer, 'finite_number', 'Input should be a finite number');
  if (integer && !Number.isInteger(value))
    return fault(pointer, 'int_from_float', `${wanted}, got a number with a fractional part`);
  if (value < minimum)
    return fault(pointer, 'greater_than_equal', `Input should be greater than or equal to ${minimum}`, { ge: minimum });
  if (value > maximum)
    return fault(pointer, 'less_than_equal', `Input should be less than or equal to ${maximum}`, { le: maximum });
  return value;
}

/** True and false are 1 and 0 to pydantic. */
function numberIn(given: unknown): number | undefined {
  if (typeof given === 'number') return given;
  if (typeof given === 'boolean') return Number(given);
  if (typeof given !== 'string' || given.length > LONGEST_NUMBER || !NUMBER.test(given)) return undefined;
  return Number(given);
}

function fault(
  pointer: string,
  type: string,
  detail: string,
  context?: Readonly<Record<string, number>>,
): FastApiFieldError {
  return { pointer, type, detail, ...(context && { context }) };
}

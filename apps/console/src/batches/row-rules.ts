/** What a row's values must be, as the version's JSON Schema says, and what is wrong with one. */

export interface ValueRule {
  readonly type: 'number' | 'integer' | 'string';
  readonly required: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly allowed?: readonly (number | string)[];
  readonly maxLength?: number;
}

/** Its kind is the name of a sentence in `texts.ts`, which takes the rest. */
export type ValueFault =
  | { readonly kind: 'missing' | 'notANumber' | 'notWhole' }
  | { readonly kind: 'below' | 'above' | 'tooLong'; readonly limit: number }
  | { readonly kind: 'notAllowed'; readonly allowed: readonly (number | string)[] };

interface PropertySchema {
  readonly type?: string | readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly enum?: readonly (number | string | null)[];
}

/** @param schema answered by GET …/versions/{version}/schema */
export function rulesOf(schema: Readonly<Record<string, unknown>>): ReadonlyMap<string, ValueRule> {
  const properties = (schema.properties ?? {}) as Readonly<Record<string, PropertySchema>>;
  const required = new Set((schema.required ?? []) as readonly string[]);
  return new Map(
    Object.entries(properties).map(([name, { type, minimum, maximum, maxLength, enum: values }]) => {
      const own = [type ?? 'number'].flat().find((one) => one !== 'null');
      return [
        name,
        {
          type: own === 'string' || own === 'integer' ? own : 'number',
          required: required.has(name),
          minimum,
          maximum,
          maxLength,
          allowed: values?.filter((value) => value !== null),
        },
      ];
    }),
  );
}

/** @param value null: missing; undefined: a cell that is no number */
export function faultOf(value: number | string | null | undefined, rule: ValueRule): ValueFault | undefined {
  if (value === undefined) return { kind: 'notANumber' };
  if (value === null) return rule.required ? { kind: 'missing' } : undefined;
  if (rule.allowed && !rule.allowed.includes(value)) return { kind: 'notAllowed', allowed: rule.allowed };
  if (typeof value === 'string') {
    // JSON Schema counts characters, not units of UTF-16.
    const tooLong = rule.maxLength !== undefined && [...value].length > rule.maxLength;
    return tooLong ? { kind: 'tooLong', limit: rule.maxLength! } : undefined;
  }
  if (rule.type === 'integer' && !Number.isInteger(value)) return { kind: 'notWhole' };
  if (rule.minimum !== undefined && value < rule.minimum) return { kind: 'below', limit: rule.minimum };
  if (rule.maximum !== undefined && value > rule.maximum) return { kind: 'above', limit: rule.maximum };
  return undefined;
}

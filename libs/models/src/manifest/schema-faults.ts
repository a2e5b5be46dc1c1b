/** What ajv found, in words for the person who wrote the document or the row. */
import type { ErrorObject } from 'ajv';
import { pointerToken, type FieldError } from '#platform';

const TYPE_NAMES: Readonly<Record<string, string>> = {
  number: 'a number',
  integer: 'a whole number',
  string: 'a text',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
  null: 'null',
};

function oneOf(values: readonly unknown[]): string {
  const shown = values.map(String);
  return shown.length === 2 ? shown.join(' or ') : `one of ${shown.join(', ')}`;
}

function detailOf({ keyword, params, message }: ErrorObject): string {
  const given = params as Record<string, unknown>;
  switch (keyword) {
    case 'type':
      return `must be ${[given.type]
        .flat()
        .map((type) => TYPE_NAMES[String(type)] ?? String(type))
        .join(' or ')}`;
    case 'minimum':
      return `must be at least ${String(given.limit)}`;
    case 'maximum':
      return `must be at most ${String(given.limit)}`;
    case 'enum':
      return `must be ${oneOf(given.allowedValues as unknown[])}`;
    case 'const':
      return `must be ${String(given.allowedValue)}`;
    case 'minItems':
      return `must have at least ${String(given.limit)} entries`;
    case 'maxItems':
      return `must have at most ${String(given.limit)} entries`;
    case 'minLength':
      return `must have at least ${String(given.limit)} characters`;
    case 'anyOf':
      return 'must have at least one of what is named as missing';
    case 'maxLength':
      return `must have at most ${String(given.limit)} characters`;
    default:
      return message ?? `breaks the rule ${keyword}`;
  }
}

/**
 * The fault that an ajv error stands for.
 * @param prefix pointer of the validated value itself
 * @param kind what a property is called, for one that is not known: field, input
 */
export function faultOf(error: ErrorObject, prefix: string, kind: string): FieldError {
  const pointer = `${prefix}${error.instancePath}`;
  if (error.keyword === 'required') {
    return { pointer: `${pointer}/${pointerToken(String(error.params.missingProperty))}`, detail: 'is missing' };
  }
  if (error.keyword === 'additionalProperties') {
    return {
      pointer: `${pointer}/${pointerToken(String(error.params.additionalProperty))}`,
      detail: `is not a known ${kind}`,
    };
  }
  return { pointer, detail: detailOf(error) };
}

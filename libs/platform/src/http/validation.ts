/** class-validator on the DTOs of account and administration routes: whitelisting, all faults at once, as one 422. */
import { ValidationPipe, type ArgumentMetadata, type PipeTransform, type ValidationError } from '@nestjs/common';
import { DomainError, platformErrors, type FieldError } from '../errors.js';
import { pointerToken } from './json-pointer.js';
import { isRecordableText, UNRECORDABLE } from './recordable-text.js';

/** Deeper and larger than any DTO: class-transformer and class-validator visit every value, by recursion. */
const MAX_DEPTH = 8;
const MAX_VALUES = 1_000;

function fieldErrors(errors: readonly ValidationError[], prefix: string): FieldError[] {
  return errors.flatMap((error) => {
    const pointer = `${prefix}${pointerToken(error.property)}`;
    const own = Object.entries(error.constraints ?? {}).map(([rule, message]) => ({
      pointer,
      detail: rule === 'whitelistValidation' ? 'is not a known field' : message.replace(`${error.property} `, ''),
    }));
    return [...own, ...fieldErrors(error.children ?? [], `${pointer}/`)];
  });
}

interface FormCheck {
  readonly faults: FieldError[];
  /** The value without what is at fault, for the DTO to name its own faults; null when there is no looking at it. */
  readonly rest: unknown;
}

/** What is wrong with a body or a query whatever the DTO, and what the libraries would stumble over or pass by. */
function checkForm(value: unknown, prefix: string): FormCheck {
  const faults: FieldError[] = [];
  let values = 0;
  let tooDeep = false;
  const visit = (current: unknown, pointer: string, depth: number): unknown => {
    values += 1;
    if (typeof current === 'string') {
      if (isRecordableText(current)) return current;
      faults.push({ pointer, detail: UNRECORDABLE });
      return '';
    }
    if (typeof current !== 'object' || current === null) return current;
    if (depth >= MAX_DEPTH) {
      faults.push({ pointer, detail: 'is nested too deeply' });
      tooDeep = true;
      return null;
    }
    const rest: Record<string, unknown> = {};
    for (const name in current) {
      if (values > MAX_VALUES) break;
      const child = `${depth === 0 ? prefix : `${pointer}/`}${pointerToken(name)}`;
      const checked = visit((current as Record<string, unknown>)[name], child, depth + 1);
      // class-transformer leaves these out without a word, and with them the whitelist's refusal.
      if (name in Object.prototype) faults.push({ pointer: child, detail: 'is not a known field' });
      else rest[name] = checked;
    }
    return Array.isArray(current) ? Object.values(rest) : rest;
  };
  const rest = visit(value, '', 0);
  if (values > MAX_VALUES)
    return { faults: [{ pointer: '', detail: `must have at most ${MAX_VALUES} values` }], rest: null };
  return { faults, rest: tooDeep ? null : rest };
}

/** "1 value is at fault." */
export function faultCount(count: number): string {
  return count === 1 ? '1 value is at fault.' : `${count} values are at fault.`;
}

/** One error for all fields at fault. */
export function invalidRequest(errors: readonly FieldError[]): DomainError {
  return new DomainError(platformErrors.INVALID_REQUEST, faultCount(errors.length), { errors });
}

class RequestValidationPipe implements PipeTransform {
  private readonly body = validatorOf('/');
  private readonly query = validatorOf('?');

  /** @throws INVALID_REQUEST */
  async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const isQuery = metadata.type === 'query';
    const validator = isQuery ? this.query : this.body;
    if (!isQuery && !(metadata.type === 'body' && isClass(metadata.metatype)))
      return validator.transform(value, metadata);
    const { faults, rest } = checkForm(value, isQuery ? '?' : '/');
    if (faults.length === 0) return validator.transform(value, metadata);
    const known = new Set(faults.map(({ pointer }) => pointer));
    const others = rest === null ? [] : await faultsOf(() => validator.transform(rest, metadata));
    throw invalidRequest([...faults, ...others.filter(({ pointer }) => !known.has(pointer))]);
  }
}

async function faultsOf(validate: () => Promise<unknown>): Promise<readonly FieldError[]> {
  try {
    await validate();
    return [];
  } catch (error) {
    if (error instanceof DomainError && error.extra.errors) return error.extra.errors;
    throw error;
  }
}

/** Bodies that are no DTO's (a prediction's, the token endpoint's) are checked by their own routes. */
function isClass(metatype: ArgumentMetadata['metatype']): boolean {
  return metatype !== undefined && metatype !== Object;
}

function validatorOf(prefix: '/' | '?'): ValidationPipe {
  return new ValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    transform: true,
    stopAtFirstError: false,
    exceptionFactory: (errors) => invalidRequest(fieldErrors(errors, prefix)),
  });
}

/** The pipe of all routes. Pointers are JSON Pointers into a body, `?name` for a query parameter. */
export function createValidationPipe(): PipeTransform {
  return new RequestValidationPipe();
}

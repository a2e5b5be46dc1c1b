/** class-validator on the DTOs of account and administration routes: whitelisting, all faults at once, as one 422. */
import { ValidationPipe, type ValidationError } from '@nestjs/common';
import { DomainError, platformErrors, type FieldError } from '../errors.js';

function pointerToken(property: string): string {
  return property.replaceAll('~', '~0').replaceAll('/', '~1');
}

function fieldErrors(errors: readonly ValidationError[], prefix: string): FieldError[] {
  return errors.flatMap((error) => {
    const pointer = `${prefix}/${pointerToken(error.property)}`;
    const own = Object.entries(error.constraints ?? {}).map(([rule, message]) => ({
      pointer,
      detail: rule === 'whitelistValidation' ? 'is not a known field' : message.replace(`${error.property} `, ''),
    }));
    return [...own, ...fieldErrors(error.children ?? [], pointer)];
  });
}

/** "1 value is at fault." */
export function faultCount(count: number): string {
  return count === 1 ? '1 value is at fault.' : `${count} values are at fault.`;
}

/** One error for all fields at fault. */
export function invalidRequest(errors: readonly FieldError[]): DomainError {
  return new DomainError(platformErrors.INVALID_REQUEST, faultCount(errors.length), { errors });
}

export function createValidationPipe(): ValidationPipe {
  return new ValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    transform: true,
    stopAtFirstError: false,
    exceptionFactory: (errors) => invalidRequest(fieldErrors(errors, '')),
  });
}

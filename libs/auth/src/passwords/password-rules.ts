/**
 * What a password must be: 12 to 256 characters, not a common one, not built on the account's own name (NIST SP
 * 800-63B §5.1.1.2).
 */
import { registerDecorator, type ValidationArguments } from 'class-validator';
import { invalidRequest, type FieldError } from '#platform';
import { nameKey } from '#users';
import { isCommonPassword } from './common-passwords.js';

const PASSWORD_MIN_LENGTH = 12;
const PASSWORD_MAX_LENGTH = 256;
/** Shorter names are found in too many good passwords. */
const SHORTEST_NAME_LOOKED_FOR = 4;

/** The names an account goes by; a password must not hold one of them. */
export interface AccountNames {
  readonly email?: string | null;
  readonly username?: string | null;
}

/** What is wrong with it besides its length, as the end of the sentence "The password …"; null when nothing is. */
export function passwordFault(password: string, names: AccountNames): string | null {
  if (isCommonPassword(password)) return 'is one of the most common ones, or a common word with digits around it';
  const lower = nameKey(password);
  const email = typeof names.email === 'string' ? nameKey(names.email) : '';
  const username = typeof names.username === 'string' ? nameKey(names.username) : '';
  const own = [email, email.split('@')[0] ?? '', username].filter((name) => name.length >= SHORTEST_NAME_LOOKED_FOR);
  return own.some((name) => lower.includes(name)) ? "must not contain the account's own name or e-mail address" : null;
}

/**
 * All rules at once, for passwords that come by another way than a request's DTO. `pointer` names the field at fault.
 * @throws INVALID_REQUEST
 */
export function assertAcceptablePassword(password: string, names: AccountNames, pointer: string): void {
  const length = [...password].length;
  const faults: FieldError[] = [];
  if (length < PASSWORD_MIN_LENGTH)
    faults.push({ pointer, detail: `must be longer than or equal to ${PASSWORD_MIN_LENGTH} characters` });
  if (length > PASSWORD_MAX_LENGTH)
    faults.push({ pointer, detail: `must be shorter than or equal to ${PASSWORD_MAX_LENGTH} characters` });
  const fault = faults.length === 0 ? passwordFault(password, names) : null;
  if (fault) faults.push({ pointer, detail: fault });
  if (faults.length > 0) throw invalidRequest(faults);
}

/**
 * For DTOs: refuses a common password, and one that holds the DTO's own `email` or `username`. Length has its own
 * decorators.
 */
export function IsUncommonPassword(): PropertyDecorator {
  const fault = (value: unknown, { object }: ValidationArguments): string | null =>
    typeof value === 'string' && value.length >= PASSWORD_MIN_LENGTH && value.length <= 2 * PASSWORD_MAX_LENGTH
      ? passwordFault(value, object as AccountNames)
      : null;
  return (target, propertyName) => {
    registerDecorator({
      name: 'isUncommonPassword',
      target: target.constructor,
      propertyName: String(propertyName),
      validator: {
        validate: (value: unknown, context) => fault(value, context as ValidationArguments) === null,
        defaultMessage: (context) => fault(context?.value, context as ValidationArguments) ?? '',
      },
    });
  };
}

/** The one form in which clients write a moment: a UTC date, or a date and time that says its offset (RFC 3339). */
import { buildMessage, ValidateBy, type ValidationOptions } from 'class-validator';

/** Years 1 to 9999 in UTC, whatever the offset: Postgres reads no year 0, and none of five digits as it is written. */
const FIRST_MS = Date.parse('0001-01-01T00:00:00Z');
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');

const DATE_OR_TIME = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/;

function isInstant(value: unknown): boolean {
  if (typeof value !== 'string' || !DATE_OR_TIME.test(value)) return false;
  const time = Date.parse(value);
  if (Number.isNaN(time)) return false;
  // Date.parse rolls 30 February over to March: the calendar must agree with what was written.
  const [year, month, day] = value.slice(0, 10).split('-').map(Number) as [number, number, number];
  const calendar = new Date(Date.UTC(year, month - 1, day));
  return calendar.getUTCMonth() === month - 1 && calendar.getUTCDate() === day && time >= FIRST_MS && time <= LAST_MS;
}

/**
 * A moment such as `2026-01-31` (its start, UTC) or `2026-01-31T10:00:00Z`; `new Date(value)` and Postgres both read
 * what passes. (ISO 8601 itself allows week dates, ordinal dates and times without an offset, which one of them would
 * not read, or read otherwise.)
 */
export function IsInstant(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isInstant',
      validator: {
        validate: isInstant,
        defaultMessage: buildMessage(
          (prefix) => `${prefix}$property must be a date such as 2026-01-31 or a time such as 2026-01-31T10:00:00Z`,
          options,
        ),
      },
    },
    options,
  );
}

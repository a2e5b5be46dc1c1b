/**
 * Times as the older service's clients write them: `2000-01-01 00:05:00`, as Python and pandas put a time into a text, or milliseconds
 * since 1970, as pandas' `to_json()` writes a column of times.
 */
import { readTime } from '#inference';

const DATE_LENGTH = '2000-01-01'.length;
const LONGEST_TEXT = 35;
/** Smaller numbers may count seconds: pydantic takes them for such. */
const LEAST_MS = 20_000_000_000;
const MOST_MS = Date.parse('9999-12-31T23:59:59.999Z');
const DIGITS = /^\d{11,15}$/;
const OFFSET = /(?:Z|([+-]\d\d):?(\d\d))$/;

export interface RegistrationTime {
  /** RFC 3339, as the model's observations have it. */
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly ms: number;
}

/**
 * A day and a time with a space or a `T` between them, seconds and their fraction as may be. A time without an offset counts as UTC:
 * the model looks at the distances between times alone. Undefined for anything else.
 */
export function readRegistrationTime(written: unknown): RegistrationTime | undefined {
  if (typeof written === 'number') return timeOfMs(written);
  if (typeof written === 'string' && DIGITS.test(written)) return timeOfMs(Number(written));
  if (typeof written !== 'string' || written.length > LONGEST_TEXT) return undefined;
  const [date, separator, clock] = [
    written.slice(0, DATE_LENGTH),
    written[DATE_LENGTH],
    written.slice(DATE_LENGTH + 1),
  ];
  if (separator !== ' ' && separator !== 'T') return undefined;
  const [offset, hours, minutes] = OFFSET.exec(clock) ?? [''];
  const zone = hours === undefined ? 'Z' : `${hours}:${minutes}`;
  const text = `${date}T${clock.slice(0, clock.length - offset.length)}${zone}`;
  const ms = readTime(text);
  return Number.isNaN(ms) ? undefined : { text, ms };
}

function timeOfMs(ms: number): RegistrationTime | undefined {
  const isTime = Number.isInteger(ms) && ms >= LEAST_MS && ms <= MOST_MS;
  return isTime ? { text: new Date(ms).toISOString(), ms } : undefined;
}

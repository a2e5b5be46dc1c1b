/** Times of observations: RFC 3339 with an offset, read without allocation: one request may hold many thousands. */

const MS_PER_MINUTE = 60_000;
const MS_PER_DAY = 86_400_000;
const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

const [ZERO, DASH, COLON, DOT, PLUS, LETTER_T, LETTER_Z] = [48, 45, 58, 46, 43, 84, 90];

/** Years 1 to 9999 in UTC: the same instants that the API's filters take. */
const FIRST_MS = Date.parse('0001-01-01T00:00:00Z');
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');

/**
 * Milliseconds since 1970 of a time such as `2026-01-31T10:00:00Z` or `2026-01-31T10:00+01:00`, to the millisecond;
 * NaN for anything else, a day that is in no calendar included.
 */
export function readTime(text: string): number {
  if (text.length < 17 || text.length > 35) return NaN;
  const [year, month, day] = [digits(text, 0, 4), digits(text, 5, 2), digits(text, 8, 2)];
  const [hour, minute] = [digits(text, 11, 2), digits(text, 14, 2)];
  const separated =
    text.charCodeAt(4) === DASH &&
    text.charCodeAt(7) === DASH &&
    text.charCodeAt(10) === LETTER_T &&
    text.charCodeAt(13) === COLON;
  // Written so that NaN fails.
  const inRange = month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month) && hour <= 23 && minute <= 59;
  if (!separated || !inRange) return NaN;

  let [at, second, fraction] = [16, 0, 0];
  if (text.charCodeAt(at) === COLON) {
    second = digits(text, 17, 2);
    if (!(second <= 59)) return NaN;
    at = 19;
    if (text.charCodeAt(at) === DOT) {
      const end = endOfDigits(text, at + 1);
      if (end === at + 1 || end > at + 10) return NaN;
      fraction = Math.floor((digits(text, at + 1, end - at - 1) * 1000) / 10 ** (end - at - 1));
      at = end;
    }
  }
  const offset = offsetMinutes(text, at);
  const time =
    daysSinceEpoch(year, month, day) * MS_PER_DAY +
    (hour * 60 + minute - offset) * MS_PER_MINUTE +
    second * 1000 +
    fraction;
  return time >= FIRST_MS && time <= LAST_MS ? time : NaN;
}

/** The number that `count` digits from `start` on write; NaN where one of them is no digit. */
function digits(text: string, start: number, count: number): number {
  let number = 0;
  for (let index = start; index < start + count; index++) {
    const digit = text.charCodeAt(index) - ZERO;
    if (!(digit >= 0 && digit <= 9)) return NaN;
    number = number * 10 + digit;
  }
  return number;
}

function endOfDigits(text: string, start: number): number {
  let end = start;
  while (text.charCodeAt(end) >= ZERO && text.charCodeAt(end) <= ZERO + 9) end++;
  return end;
}

/** Of `Z` or `±hh:mm`, which must end the text. */
function offsetMinutes(text: string, at: number): number {
  const sign = text.charCodeAt(at);
  if (sign === LETTER_Z) return text.length === at + 1 ? 0 : NaN;
  if (text.length !== at + 6 || text.charCodeAt(at + 3) !== COLON) return NaN;
  const [hours, minutes] = [digits(text, at + 1, 2), digits(text, at + 4, 2)];
  if (!(hours <= 23 && minutes <= 59)) return NaN;
  if (sign === PLUS) return hours * 60 + minutes;
  return sign === DASH ? -(hours * 60 + minutes) : NaN;
}

function daysIn(year: number, month: number): number {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 && leap ? 29 : (DAYS_IN_MONTH[month - 1] as number);
}

/** Of a day in the Gregorian calendar: days_from_civil of Hinnant, "chrono-Compatible Low-Level Date Algorithms". */
function daysSinceEpoch(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** How long a new key shall live. */
export const KEY_SPANS = ['30', '90', '365', 'date', 'never'] as const;
export type KeySpan = (typeof KEY_SPANS)[number];

const DAY_MS = 86_400_000;

/** The end of a day where the person is: `2031-01-31` includes the 31st. Undefined for what is no date. */
function endOfDay(day: string): Date | undefined {
  const end = new Date(`${day}T23:59:59`);
  return Number.isNaN(end.getTime()) ? undefined : end;
}

/**
 * @param day for the span `date`, as a date field gives it
 * @returns an instant; null for never; undefined when no date is given, or one that has passed
 */
export function expiryOf(span: KeySpan, day: string, nowMs: number): string | null | undefined {
  if (span === 'never') return null;
  if (span !== 'date') return new Date(nowMs + Number(span) * DAY_MS).toISOString();
  const end = endOfDay(day);
  return end && end.getTime() > nowMs ? end.toISOString() : undefined;
}

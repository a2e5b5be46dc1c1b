import type { Formats } from '../i18n/format';

const MOST_DIGITS = 6;

/** The numbers of an axis, with as many decimals as their step has: two of 0.025 would be rounded to another number. */
export function tickTexts(ticks: readonly number[], format: Formats): string[] {
  const step = (ticks[1] ?? 1) - (ticks[0] ?? 0);
  let digits = 0;
  while (digits < MOST_DIGITS && Math.abs(step * 10 ** digits - Math.round(step * 10 ** digits)) > 1e-6) digits += 1;
  return ticks.map((tick) => format.number(tick, digits));
}

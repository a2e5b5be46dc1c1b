/** Days without a request are left out of the answer: here they stand with zeros, so that a day is as wide as another. */
import type { Schemas } from '../api/latido';
import { datesBetween } from '../i18n/utc-days';

export type UsageDay = Schemas['UsageDayDto'];
/** Days with at least one request, between two UTC dates, both included. */
export type Usage = Schemas['UsageDto'];

/** Every UTC day from the first to the last, the oldest first. */
export function allDays({ from, to, data }: Usage): UsageDay[] {
  const known = new Map(data.map((day) => [day.date, day]));
  return datesBetween(from, to).map((date) => known.get(date) ?? { date, requests: 0, predictions: 0, refusals: 0 });
}

export interface UsageSum {
  readonly requests: number;
  readonly predictions: number;
  readonly refusals: number;
}

export function sumOf(days: readonly UsageDay[]): UsageSum {
  return days.reduce<UsageSum>(
    (sum, day) => ({
      requests: sum.requests + day.requests,
      predictions: sum.predictions + day.predictions,
      refusals: sum.refusals + day.refusals,
    }),
    { requests: 0, predictions: 0, refusals: 0 },
  );
}

/** Requests that were let through and brought no prediction: input at fault, replays, errors. */
export function othersOf({ requests, predictions, refusals }: UsageSum): number {
  return Math.max(0, requests - predictions - refusals);
}

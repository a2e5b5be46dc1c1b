/** Days without a request are left out of the answer: here they stand with zeros, so that a day is as wide as another. */
import type { Schemas } from '../api/latido';

export type UsageDay = Schemas['UsageDayDto'];
/** Days with at least one request, between two UTC dates, both included. */
export type Usage = Schemas['UsageDto'];

const DAY_MS = 86_400_000;

/** Every UTC day from the first to the last, the oldest first. */
export function allDays({ from, to, data }: Usage): UsageDay[] {
  const known = new Map(data.map((day) => [day.date, day]));
  const first = Date.parse(`${from}T00:00:00Z`);
  const count = Math.round((Date.parse(`${to}T00:00:00Z`) - first) / DAY_MS) + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) => {
    const date = new Date(first + index * DAY_MS).toISOString().slice(0, 10);
    return known.get(date) ?? { date, requests: 0, predictions: 0, refusals: 0 };
  });
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

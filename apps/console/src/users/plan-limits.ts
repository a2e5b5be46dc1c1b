/** The limits of a plan as fields of a form. Pure. */
import type { Plan } from '../api/plans';

export const LIMITS = ['requestsPerMinute', 'rowsPerRequest', 'rowsPerDay', 'concurrentStreams'] as const;
export type Limit = (typeof LIMITS)[number];
export type Limits = Readonly<Record<Limit, number>>;

/** The largest that the API takes of each; the smallest is one. */
export const MOST: Limits = {
  requestsPerMinute: 100_000,
  rowsPerRequest: 1000,
  rowsPerDay: 1_000_000_000,
  concurrentStreams: 1000,
};

/** As fields hold them: a number, or what somebody typed that is none. */
export type LimitFields = Readonly<Record<Limit, number | string>>;

export function isAllowed(limit: Limit, value: number | string): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MOST[limit];
}

export const faultsOf = (fields: LimitFields): Limit[] => LIMITS.filter((limit) => !isAllowed(limit, fields[limit]));

/** Those that differ from the plan's. */
export function changedLimits(plan: Plan, fields: LimitFields): Partial<Limits> {
  return Object.fromEntries(
    LIMITS.filter((limit) => fields[limit] !== plan[limit]).map((limit) => [limit, fields[limit]]),
  );
}

/** Those of `limits` as the plan has them. */
export function formerLimits(plan: Plan, limits: Partial<Limits>): Partial<Limits> {
  return Object.fromEntries(LIMITS.filter((limit) => limit in limits).map((limit) => [limit, plan[limit]]));
}

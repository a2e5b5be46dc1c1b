/** Which accounts are meant: as it stands in the address, and as the API takes it. Pure. */
import type { Schemas } from '../api/latido';

type Account = Schemas['AccountDto'];

export const ROLES = ['user', 'publisher', 'auditor', 'admin'] as const satisfies readonly Account['role'][];
export const STATUSES = ['active', 'suspended'] as const satisfies readonly Account['status'][];

/** As in the address: texts that anybody may have written. */
export interface AccountSearch {
  readonly q?: string;
  readonly plan?: string;
  readonly role?: string;
  readonly status?: string;
}

export interface AccountFilters {
  readonly q?: string;
  readonly plan?: string;
  readonly role?: Account['role'];
  readonly status?: Account['status'];
}

/** As long as the longest e-mail address; the API takes no more. */
export const LONGEST_QUERY = 254;
const LONGEST_PLAN = 100;

/** What of them the API takes; the rest is left out. */
export function filtersOf({ q, plan, role, status }: AccountSearch): AccountFilters {
  return {
    q: q?.trim().slice(0, LONGEST_QUERY) || undefined,
    plan: plan !== undefined && plan.length <= LONGEST_PLAN ? plan : undefined,
    role: ROLES.find((one) => one === role),
    status: STATUSES.find((one) => one === status),
  };
}

export function isFiltered(filters: AccountFilters): boolean {
  return Object.values(filters).some((value) => value !== undefined);
}

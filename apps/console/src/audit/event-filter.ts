/** Filters of events between the address, the fields and the API. Pure. */
import type { EventFilters } from './queries';
import { knownAction, knownActorKind, knownTargetType } from './vocabulary';

/** As in the address: texts that anybody may have written. */
export interface FilterSearch {
  readonly action?: string;
  readonly targetType?: string;
  readonly targetId?: string;
  readonly actorKind?: string;
  readonly actorId?: string;
  readonly from?: string;
  readonly to?: string;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export const isUuid = (text: string): boolean => UUID.test(text);

function instant(text: string | undefined): string | undefined {
  const ms = Date.parse(text ?? '');
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}

/** What of them the API takes; the rest is left out. */
export function filtersOf(search: FilterSearch): EventFilters {
  return {
    action: knownAction(search.action),
    targetType: knownTargetType(search.targetType),
    targetId: search.targetId,
    actorKind: knownActorKind(search.actorKind),
    actorId: search.actorId !== undefined && isUuid(search.actorId) ? search.actorId : undefined,
    from: instant(search.from),
    to: instant(search.to),
  };
}

/** An instant as a field of local date and time has it: `2026-03-01T09:30`; empty without one. */
export function toLocalField(text: string | undefined): string {
  const ms = Date.parse(text ?? '');
  if (Number.isNaN(ms)) return '';
  const at = new Date(ms);
  return new Date(ms - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** The instant of such a field; undefined while it is empty. */
export const fromLocalField = (field: string): string | undefined => instant(field);

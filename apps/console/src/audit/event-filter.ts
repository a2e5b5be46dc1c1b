/** Filters of events between the address, the fields and the API. Pure. */
import { instantOf } from '../i18n/local-time';
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

/** What of them the API takes; the rest is left out. */
export function filtersOf(search: FilterSearch): EventFilters {
  return {
    action: knownAction(search.action),
    targetType: knownTargetType(search.targetType),
    targetId: search.targetId,
    actorKind: knownActorKind(search.actorKind),
    actorId: search.actorId !== undefined && isUuid(search.actorId) ? search.actorId : undefined,
    from: instantOf(search.from)?.toISOString(),
    to: instantOf(search.to)?.toISOString(),
  };
}

/** Which predictions are meant: as it stands in the address, and as the API takes it. */
import { instantOf, toDayField } from '../i18n/local-time';

export interface Filters {
  readonly model?: string;
  readonly version?: string;
  readonly label?: string;
  /** A day in the local zone, `2026-11-30`, or an instant. */
  readonly from?: string;
  /** The last day, or the instant before which. */
  readonly to?: string;
  /** For those who see everybody's. */
  readonly mine?: true;
  /** For them too: somebody's. */
  readonly userId?: string;
}

export interface ApiFilters {
  readonly model?: string;
  readonly version?: string;
  readonly label?: string;
  readonly from?: string;
  readonly to?: string;
  readonly userId?: string;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Of a day its first moment in the local zone, some days later; of an instant that instant; undefined of anything else. */
function boundOf(text: string | undefined, daysLater: number): string | undefined {
  if (text === undefined) return undefined;
  const date = instantOf(DAY.test(text) ? `${text}T00:00:00` : text);
  if (!date) return undefined;
  // By the calendar: days with a change of the clock have 23 or 25 hours.
  if (DAY.test(text)) date.setDate(date.getDate() + daysLater);
  return date.toISOString();
}

/** @param ownId whose predictions are one's own */
export function apiFiltersOf({ model, version, label, from, to, mine, userId }: Filters, ownId: string): ApiFilters {
  return {
    model,
    version,
    label,
    from: boundOf(from, 0),
    to: boundOf(to, 1),
    userId: mine ? ownId : userId,
  };
}

/** As `<input type="date">` shows it. */
export function dayOf(text: string | undefined): string {
  if (text === undefined) return '';
  if (DAY.test(text)) return text;
  const instant = instantOf(text);
  return instant ? toDayField(instant) : '';
}

export function isFiltered(filters: Filters): boolean {
  return Object.values(filters).some((value) => value !== undefined);
}

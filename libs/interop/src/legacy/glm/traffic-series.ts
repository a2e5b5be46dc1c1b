/** Requests over time as the dashboard draws them: bars of equal time, each by what became of its requests. */
import type { RouteMinute } from '#audit';

export const OUTCOMES = ['answered', 'refused', 'failed'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export interface TrafficBar {
  /** When it begins. */
  readonly from: Date;
  readonly counts: Readonly<Record<Outcome, number>>;
}

const MS_PER_MINUTE = 60_000;

/** @param minutesPerBar 1 or 60; the last bar is the one that `now` is in */
export function trafficBars(
  minutes: readonly RouteMinute[],
  now: Date,
  minutesPerBar: number,
  bars: number,
): TrafficBar[] {
  const last = Math.floor(now.getTime() / MS_PER_MINUTE / minutesPerBar);
  const first = last - bars + 1;
  const counts = Array.from({ length: bars }, () => ({ answered: 0, refused: 0, failed: 0 }));
  for (const { minute, statusClass, requests } of minutes) {
    const bar = counts[Math.floor(minute / minutesPerBar) - first];
    if (bar) bar[outcomeOf(statusClass)] += requests;
  }
  return counts.map((of, index) => ({ from: new Date((first + index) * minutesPerBar * MS_PER_MINUTE), counts: of }));
}

export function totalOf(bars: readonly TrafficBar[], outcome: Outcome): number {
  return bars.reduce((sum, { counts }) => sum + counts[outcome], 0);
}

function outcomeOf(statusClass: number): Outcome {
  if (statusClass < 4) return 'answered';
  return statusClass === 4 ? 'refused' : 'failed';
}

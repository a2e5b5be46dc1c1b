/** Days as the server counts them, in UTC: `2026-11-30`. */

const DAY_MS = 86_400_000;

/** Unix milliseconds of the midnight that begins a day. */
export const dayMs = (date: string): number => Date.parse(`${date}T00:00:00Z`);

/** All days from the first to the last, both included. */
export function datesBetween(from: string, to: string): string[] {
  const first = dayMs(from);
  const count = Math.round((dayMs(to) - first) / DAY_MS) + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) =>
    new Date(first + index * DAY_MS).toISOString().slice(0, 10),
  );
}

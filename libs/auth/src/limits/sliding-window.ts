/**
 * At most `limit` admissions of a key within any `windowMs`. A refused one counts for nothing. In memory, for at most
 * `capacity` keys.
 */
import { BoundedMap } from '#platform';

export class SlidingWindow {
  private readonly admissions: BoundedMap<string, number[]>;

  constructor(
    private readonly limit: number,
    private readonly windowMs: number,
    capacity = 50_000,
  ) {
    this.admissions = new BoundedMap(capacity);
  }

  /** 0 when admitted, else the milliseconds until the next one would be. */
  admit(key: string, nowMs: number): number {
    const times = (this.admissions.get(key) ?? []).filter((time) => time > nowMs - this.windowMs);
    const oldest = times[0];
    const waitMs = times.length >= this.limit && oldest !== undefined ? oldest + this.windowMs - nowMs : 0;
    if (waitMs === 0) times.push(nowMs);
    this.admissions.delete(key); // and in again as the newest, so that idle keys are the ones forgotten
    this.admissions.set(key, times);
    return waitMs;
  }
}

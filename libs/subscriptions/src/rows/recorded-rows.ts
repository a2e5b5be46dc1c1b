/** Rows that the record holds of a user's day, read once for all who ask at the same time. */
import { gathered } from '#platform';
import type { RecordedUseRepository } from '../quota/recorded-use.repository.js';

export const DAY_MS = 86_400_000;

export class RecordedRows {
  private readonly reading = new Map<string, Promise<number>>();
  private day = NaN;
  private read: ReturnType<typeof gathered<number>>;

  constructor(private readonly recordedUse: RecordedUseRepository) {}

  of(userId: string, day: number): Promise<number> {
    const key = `${userId} ${day}`;
    const waiting = this.reading.get(key);
    if (waiting) return waiting;
    const reading = this.readerOf(day)(userId)
      .then((rows) => rows ?? 0)
      .finally(() => this.reading.delete(key));
    this.reading.set(key, reading);
    return reading;
  }

  private readerOf(day: number): ReturnType<typeof gathered<number>> {
    if (day !== this.day) {
      this.day = day;
      this.read = gathered((userIds) => this.recordedUse.rowsSince(userIds, new Date(day * DAY_MS)));
    }
    return this.read;
  }
}

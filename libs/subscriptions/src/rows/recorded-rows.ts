/** Rows that the record holds of a user's day, read once for all who ask at the same time. */
import type { RecordedUseRepository } from '../quota/recorded-use.repository.js';

export const DAY_MS = 86_400_000;

export class RecordedRows {
  private readonly reading = new Map<string, Promise<number>>();

  constructor(private readonly recordedUse: RecordedUseRepository) {}

  of(userId: string, day: number): Promise<number> {
    const key = `${userId} ${day}`;
    const waiting = this.reading.get(key);
    if (waiting) return waiting;
    const reading = this.recordedUse.rowsSince(userId, new Date(day * DAY_MS)).finally(() => this.reading.delete(key));
    this.reading.set(key, reading);
    return reading;
  }
}

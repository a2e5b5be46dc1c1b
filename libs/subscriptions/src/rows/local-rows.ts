/** The rows that this process has reserved, beside what is recorded. */
import type { RecordedUseRepository } from '../quota/recorded-use.repository.js';
import { RowCounter, type RowRefusal, type RowReservation } from './row-counter.js';
import { RecordedRows } from './recorded-rows.js';

const HERE = 'replica';

interface Count {
  /** When the day's first rows were asked for here. */
  readonly recorded: number;
  reserved: number;
}

export class LocalRows extends RowCounter {
  /** Counts of one UTC day; the next day begins with new ones, so that nothing is kept of users who come no more. */
  private day = 0;
  private counts = new Map<string, Count>();
  private readonly recorded: RecordedRows;

  /** @param replicas how many processes share what the record leaves of a budget without knowing of each other */
  constructor(
    recordedUse: RecordedUseRepository,
    private readonly replicas: () => number = () => 1,
  ) {
    super();
    this.recorded = new RecordedRows(recordedUse);
  }

  reserve(
    userId: string,
    day: number,
    rows: number,
    rowsPerDay: number,
  ): RowReservation | RowRefusal | Promise<RowReservation | RowRefusal> {
    const count = this.countsOf(day).get(userId);
    const take = (from: Count): RowReservation | RowRefusal => this.take(from, userId, day, rows, rowsPerDay);
    return count === undefined ? this.load(userId, day).then(take) : take(count);
  }

  release({ userId, rows, day }: RowReservation): void {
    const count = this.counts.get(userId);
    if (this.day === day && count !== undefined) count.reserved -= rows;
  }

  /** Whether the rows were taken here. */
  gave({ count }: RowReservation): boolean {
    return count === HERE;
  }

  async used(userId: string, day: number): Promise<number> {
    const { recorded, reserved } = this.countsOf(day).get(userId) ?? (await this.load(userId, day));
    return recorded + reserved;
  }

  /** Forgets all counts: the next ones begin from the record again. */
  forget(): void {
    this.counts = new Map();
  }

  private take(
    count: Count,
    userId: string,
    day: number,
    rows: number,
    rowsPerDay: number,
  ): RowReservation | RowRefusal {
    const share = Math.floor(Math.max(0, rowsPerDay - count.recorded) / this.replicas());
    if (count.reserved + rows > share) return { left: Math.max(0, share - count.reserved) };
    count.reserved += rows;
    return { userId, rows, day, count: HERE };
  }

  private countsOf(day: number): Map<string, Count> {
    if (day > this.day) {
      this.day = day;
      this.counts = new Map();
    }
    // A request from before midnight that comes after one from after it is counted by the record alone.
    return day === this.day ? this.counts : new Map<string, Count>();
  }

  private async load(userId: string, day: number): Promise<Count> {
    const counts = this.countsOf(day);
    const recorded = await this.recorded.of(userId, day);
    // Of several who waited for the same reading the first one makes the count.
    const count = counts.get(userId) ?? { recorded, reserved: 0 };
    counts.set(userId, count);
    return count;
  }
}

/** Rows predicted per user and UTC day, against the plan's bound. */
import { Injectable } from '@nestjs/common';
import { DomainError } from '#platform';
import { QuotaClock } from './quota/quota-clock.js';
import { RecordedUseRepository } from './quota/recorded-use.repository.js';
import { wholeSeconds } from './quota/rate-limit-headers.js';
import { subscriptionErrors } from './subscriptions.errors.js';

const DAY_MS = 86_400_000;

/** Rows taken from a day's budget. Handed back with `release` if they are not recorded after all. */
export interface RowReservation {
  readonly userId: string;
  readonly rows: number;
  /** Days since 1970-01-01 UTC. */
  readonly day: number;
}

/** The counts of one UTC day; the next day begins with new ones, so that nothing is kept of users who come no more. */
interface Day {
  readonly number: number;
  readonly rows: Map<string, number>;
  readonly loading: Map<string, Promise<void>>;
}

function newDay(number: number): Day {
  return { number, rows: new Map(), loading: new Map() };
}

@Injectable()
export class RowBudget {
  private day = newDay(0);

  constructor(
    private readonly recordedUse: RecordedUseRepository,
    private readonly clock: QuotaClock,
  ) {}

  /**
   * Takes `rows` from what is left of the user's day. Answers at once after the user's first use of the day, for which
   * the record is read; hence maybe a promise.
   * @param rowsPerDay the entitlement's
   * @throws ROW_BUDGET_EXCEEDED, at once or by the promise; nothing is taken then
   */
  reserve(userId: string, rows: number, rowsPerDay: number): RowReservation | Promise<RowReservation> {
    const day = this.today();
    const used = day.rows.get(userId);
    if (used === undefined) return this.load(userId, day).then(() => this.reserve(userId, rows, rowsPerDay));
    if (used + rows > rowsPerDay) throw this.refusal(rows, rowsPerDay, rowsPerDay - used);
    day.rows.set(userId, used + rows);
    return { userId, rows, day: day.number };
  }

  /** Hands rows back that were not recorded. */
  release({ userId, rows, day }: RowReservation): void {
    const used = this.day.rows.get(userId);
    if (this.day.number === day && used !== undefined) this.day.rows.set(userId, used - rows);
  }

  /** Rows of the user's present UTC day, those reserved included. */
  async rowsToday(userId: string): Promise<number> {
    const day = this.today();
    const used = day.rows.get(userId);
    if (used !== undefined) return used;
    await this.load(userId, day);
    return day.rows.get(userId) ?? 0;
  }

  private today(): Day {
    const number = Math.floor(this.clock.now().getTime() / DAY_MS);
    if (number !== this.day.number) this.day = newDay(number);
    return this.day;
  }

  private load(userId: string, day: Day): Promise<void> {
    const waiting = day.loading.get(userId);
    if (waiting) return waiting;
    const loading = this.recordedUse
      .rowsSince(userId, new Date(day.number * DAY_MS))
      .then((rows) => void day.rows.set(userId, rows))
      .finally(() => day.loading.delete(userId));
    day.loading.set(userId, loading);
    return loading;
  }

  private refusal(rows: number, rowsPerDay: number, left: number): DomainError {
    const detail = `The plan allows ${rowsPerDay} rows in a UTC day; ${Math.max(0, left)} are left and the request has ${rows}.`;
    // A request larger than a whole day's rows never passes: no time to wait for can be named.
    if (rows > rowsPerDay) return new DomainError(subscriptionErrors.ROW_BUDGET_EXCEEDED, detail);
    const untilMidnightMs = DAY_MS - (this.clock.now().getTime() % DAY_MS);
    return new DomainError(subscriptionErrors.ROW_BUDGET_EXCEEDED, detail, {
      headers: { 'retry-after': String(wholeSeconds(untilMidnightMs)) },
    });
  }
}

/** Rows predicted per user and UTC day, against the plan's bound. */
import { Injectable } from '@nestjs/common';
import { DomainError } from '#platform';
import { QuotaClock } from './quota/quota-clock.js';
import { wholeSeconds } from './quota/rate-limit-headers.js';
import { DAY_MS } from './rows/recorded-rows.js';
import { RowCounter, type RowRefusal, type RowReservation } from './rows/row-counter.js';
import { subscriptionErrors } from './subscriptions.errors.js';

export type { RowReservation };

@Injectable()
export class RowBudget {
  constructor(
    private readonly counter: RowCounter,
    private readonly clock: QuotaClock,
  ) {}

  /**
   * Takes `rows` from what is left of the user's day. Answers at once where they are counted in this process, after the user's
   * first use of the day, for which the record is read; hence maybe a promise.
   * @param rowsPerDay the entitlement's
   * @throws ROW_BUDGET_EXCEEDED, at once or by the promise; nothing is taken then
   */
  reserve(userId: string, rows: number, rowsPerDay: number): RowReservation | Promise<RowReservation> {
    const conclude = (taken: RowReservation | RowRefusal): RowReservation => {
      if ('left' in taken) throw this.refusal(rows, rowsPerDay, taken.left);
      return taken;
    };
    const taken = this.counter.reserve(userId, this.today(), rows, rowsPerDay);
    return taken instanceof Promise ? taken.then(conclude) : conclude(taken);
  }

  /** Hands rows back that were not recorded. */
  release(reservation: RowReservation): void {
    this.counter.release(reservation);
  }

  /** Rows of the user's present UTC day, those reserved included. */
  async rowsToday(userId: string): Promise<number> {
    return this.counter.used(userId, this.today());
  }

  private today(): number {
    return Math.floor(this.clock.now().getTime() / DAY_MS);
  }

  private refusal(rows: number, rowsPerDay: number, left: number): DomainError {
    const detail = `The plan allows ${rowsPerDay} rows in a UTC day; ${left} are left and the request has ${rows}.`;
    // A request larger than a whole day's rows never passes: no time to wait for can be named.
    if (rows > rowsPerDay) return new DomainError(subscriptionErrors.ROW_BUDGET_EXCEEDED, detail);
    const untilMidnightMs = DAY_MS - (this.clock.now().getTime() % DAY_MS);
    return new DomainError(subscriptionErrors.ROW_BUDGET_EXCEEDED, detail, {
      headers: { 'retry-after': String(wholeSeconds(untilMidnightMs)) },
    });
  }
}

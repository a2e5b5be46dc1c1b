/** The quota's log as @nestjs/throttler's storage. */
import { Injectable } from '@nestjs/common';
import type { ThrottlerStorage } from '@nestjs/throttler';
import { newId } from '#platform';
import { QuotaClock } from './quota-clock.js';
import { wholeSeconds } from './rate-limit-headers.js';
import { QuotaStore, type QuotaDecision } from './quota-store.js';

/** The package exports the storage's interface but not that of the record it answers. */
type ThrottlerRecord = Awaited<ReturnType<ThrottlerStorage['increment']>>;

@Injectable()
export class QuotaThrottlerStorage implements ThrottlerStorage {
  constructor(
    private readonly store: QuotaStore,
    private readonly clock: QuotaClock,
  ) {}

  /** The decision itself, to the millisecond, and at once where the store answers at once. */
  admit(key: string, limit: number, windowMs: number, id: string): QuotaDecision | Promise<QuotaDecision> {
    return this.store.admit(key, limit, windowMs, this.clock.monotonicMs(), id);
  }

  /** What `admit` would decide, without admitting. */
  peek(key: string, limit: number, windowMs: number): QuotaDecision | Promise<QuotaDecision> {
    return this.store.peek(key, limit, windowMs, this.clock.monotonicMs());
  }

  /**
   * The same in the throttler's terms: seconds, and hits that include a refused one. There is no blocking beyond the
   * window, so that `blockDuration` has no effect: a refusal prolongs nothing.
   */
  async increment(
    key: string,
    ttl: number,
    limit: number,
    _blockDuration: number,
    _throttlerName: string,
  ): Promise<ThrottlerRecord> {
    const decision = await this.admit(key, limit, ttl, newId());
    return {
      totalHits: decision.admitted ? decision.limit - decision.remaining : decision.limit + 1,
      timeToExpire: wholeSeconds(decision.resetMs),
      isBlocked: !decision.admitted,
      timeToBlockExpire: wholeSeconds(decision.retryAfterMs),
    };
  }
}

/**
 * The quota's log in memory: per key the times of the requests admitted within the window, and of no others. Exact for
 * any limit, also when it changes between calls, because a lowered limit forgets no time that is still in the window.
 */
import { Injectable } from '@nestjs/common';
import { QuotaStore, type Admitted, type QuotaDecision } from './quota-store.js';
import { TimeRing } from './time-ring.js';

@Injectable()
export class SlidingLog extends QuotaStore {
  /**
   * Two generations, changed once a window: keys are carried over when they admit, so that a key still in the older one
   * at the next change has admitted nothing for a whole window and is dropped with it. Neither a timer nor a scan is
   * needed.
   */
  private recent = new Map<string, TimeRing>();
  private older = new Map<string, TimeRing>();
  private changedAtMs = -Infinity;
  private longestWindowMs = 0;

  /** How many keys are held. */
  get size(): number {
    return this.recent.size + this.older.size;
  }

  /** As `QuotaStore.admit`. A time before the key's newest admission is taken as that. */
  admit(key: string, limit: number, windowMs: number, nowMs: number): QuotaDecision {
    this.changeGenerations(windowMs, nowMs);
    const log = this.find(key);
    if (log === undefined) {
      const fresh = new TimeRing();
      fresh.push(nowMs);
      this.recent.set(key, fresh);
      return { admitted: true, limit, remaining: limit - 1, resetMs: windowMs, retryAfterMs: 0 };
    }
    const atMs = notBeforeNewest(log, nowMs);
    while (log.size > 0 && log.at(0) + windowMs <= atMs) log.shift();
    if (log.size >= limit) return refusal(log, 0, limit, windowMs, atMs);
    log.push(atMs);
    if (this.older.delete(key)) this.recent.set(key, log);
    return {
      admitted: true,
      limit,
      remaining: limit - log.size,
      resetMs: log.at(0) + windowMs - atMs,
      retryAfterMs: 0,
    };
  }

  peek(key: string, limit: number, windowMs: number, nowMs: number): QuotaDecision {
    const log = this.find(key);
    if (log === undefined) return { admitted: true, limit, remaining: limit, resetMs: 0, retryAfterMs: 0 };
    const atMs = notBeforeNewest(log, nowMs);
    let expired = 0;
    while (expired < log.size && log.at(expired) + windowMs <= atMs) expired += 1;
    const inWindow = log.size - expired;
    if (inWindow >= limit) return refusal(log, expired, limit, windowMs, atMs);
    const resetMs = inWindow === 0 ? 0 : log.at(expired) + windowMs - atMs;
    return { admitted: true, limit, remaining: limit - inWindow, resetMs, retryAfterMs: 0 };
  }

  /** Takes note of a request that was admitted elsewhere, whatever the limit. */
  note(key: string, windowMs: number, nowMs: number): void {
    this.admit(key, Infinity, windowMs, nowMs);
  }

  restore(key: string, admissions: readonly Admitted[]): void {
    const log = new TimeRing();
    for (const { atMs } of admissions) log.push(atMs);
    this.recent.set(key, log);
  }

  private find(key: string): TimeRing | undefined {
    return this.recent.get(key) ?? this.older.get(key);
  }

  private changeGenerations(windowMs: number, nowMs: number): void {
    this.longestWindowMs = Math.max(this.longestWindowMs, windowMs);
    if (nowMs - this.changedAtMs < this.longestWindowMs) return;
    this.older = this.recent;
    this.recent = new Map();
    this.changedAtMs = nowMs;
  }
}

function notBeforeNewest(log: TimeRing, nowMs: number): number {
  return log.size === 0 ? nowMs : Math.max(nowMs, log.at(log.size - 1));
}

/**
 * A refusal of a log whose first `expired` times are out of the window. One more is admitted when fewer than `limit`
 * are left in it: when the limit-th newest goes, which is the oldest unless the limit has been lowered.
 */
function refusal(log: TimeRing, expired: number, limit: number, windowMs: number, atMs: number): QuotaDecision {
  return {
    admitted: false,
    limit,
    remaining: 0,
    resetMs: log.at(expired) + windowMs - atMs,
    retryAfterMs: log.at(log.size - limit) + windowMs - atMs,
  };
}

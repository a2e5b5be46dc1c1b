/**
 * The seam of the quota: where the times of admitted requests are kept. In memory for one process; in Redis for
 * several.
 */

/**
 * The answer to one request, or to the question what it would be. All times in milliseconds from the moment of the
 * decision.
 */
export interface QuotaDecision {
  readonly admitted: boolean;
  readonly limit: number;
  /** How many more would be admitted at this moment. */
  readonly remaining: number;
  /** Until the oldest entry leaves the window; 0 when the window is empty. */
  readonly resetMs: number;
  /** When refused: until the same request would be admitted, if no other came first. 0 when admitted. */
  readonly retryAfterMs: number;
  /** Set where this replica decided by itself, because what they count in together is away; `limit` is then its share. */
  readonly scope?: 'replica';
}

/** A request that was admitted. */
export interface Admitted {
  /** As in the request log. */
  readonly id: string;
  /** On the clock of `admit`. */
  readonly atMs: number;
}

/**
 * An exact sliding log. The window is half-open: an admission at `a` counts at every moment of `[a, a + windowMs)`, so
 * that no half-open interval of that length holds more than `limit` admissions, and a request is refused only when
 * admitting it would break that. A refusal leaves no trace. The limit may differ from call to call; the window of a key
 * may not. A store that answers at once returns the decision itself, so that a hit costs no promise.
 */
export abstract class QuotaStore {
  /**
   * Admits a request of `key` or refuses it.
   * @param limit a positive integer
   * @param nowMs the caller's monotonic clock; a store shared between processes goes by its own
   * @param id of the admission, if it becomes one: it counts once, however often a store is told of it
   */
  abstract admit(
    key: string,
    limit: number,
    windowMs: number,
    nowMs: number,
    id: string,
  ): QuotaDecision | Promise<QuotaDecision>;

  /** What `admit` would decide, without admitting: `remaining` is that before the request. */
  abstract peek(key: string, limit: number, windowMs: number, nowMs: number): QuotaDecision | Promise<QuotaDecision>;

  /**
   * Puts back the admissions of a process that has ended, before any request is served.
   * @param admissions ascending
   * @param nowMs as for `admit`
   */
  abstract restore(key: string, admissions: readonly Admitted[], windowMs: number, nowMs: number): void | Promise<void>;
}

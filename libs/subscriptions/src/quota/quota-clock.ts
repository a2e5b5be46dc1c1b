/** The times by which quotas are kept. */
import { Injectable } from '@nestjs/common';

@Injectable()
export class QuotaClock {
  /**
   * Milliseconds that never jump: they began as Unix time when the process started and move evenly since, so that a
   * change of the system's clock neither opens nor closes a window.
   */
  monotonicMs(): number {
    return performance.timeOrigin + performance.now();
  }

  /** The time of day, for what is recorded and for budgets by UTC day. */
  now(): Date {
    return new Date();
  }
}

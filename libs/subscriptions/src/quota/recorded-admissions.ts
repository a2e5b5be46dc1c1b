/** The admissions of the last window, by what is recorded: what a log that has lost them is filled from. */
import { Injectable } from '@nestjs/common';
import { RequestLogRepository, type Admission } from '#audit';
import { QuotaClock } from './quota-clock.js';
import type { Admitted } from './quota-store.js';
import { RecordedUseRepository } from './recorded-use.repository.js';
import { QUOTA_WINDOW_MS, quotaKey, THROTTLER_OF } from './throttling.js';

/** The record cuts times to whole milliseconds: an admission is taken to be as young as it can have been. */
const RECORDED_PRECISION_MS = 1;

@Injectable()
export class RecordedAdmissions {
  constructor(
    private readonly clock: QuotaClock,
    private readonly requestLog: RequestLogRepository,
    private readonly recordedUse: RecordedUseRepository,
  ) {}

  /** Ascending, by the key of the log they belong to. */
  async withinWindow(): Promise<Map<string, Admitted[]>> {
    const now = this.clock.now();
    const nowMs = this.clock.monotonicMs();
    const since = new Date(now.getTime() - QUOTA_WINDOW_MS - RECORDED_PRECISION_MS);
    // Either may miss some: the request log is written after the answer, and only predictions that were answered are
    // recorded.
    const [logged, recorded] = await Promise.all([
      this.requestLog.admissionsSince(since),
      this.recordedUse.admissionsSince(since),
    ]);
    const logs = new Map<string, Admitted[]>();
    for (const [userId, admissions] of byUser([...logged, ...recorded])) {
      const admitted = admissions.map(({ id, admittedAt }) => ({
        id,
        atMs: nowMs - Math.max(0, now.getTime() - admittedAt.getTime() - RECORDED_PRECISION_MS),
      }));
      logs.set(
        quotaKey(THROTTLER_OF.request, userId),
        admitted.sort((a, b) => a.atMs - b.atMs),
      );
    }
    return logs;
  }
}

/** Each admission once, whichever record names it. */
function byUser(admissions: readonly Admission[]): Map<string, Admission[]> {
  const seen = new Set<string>();
  const users = new Map<string, Admission[]>();
  for (const admission of admissions) {
    if (seen.has(admission.id)) continue;
    seen.add(admission.id);
    const own = users.get(admission.userId);
    if (own) own.push(admission);
    else users.set(admission.userId, [admission]);
  }
  return users;
}

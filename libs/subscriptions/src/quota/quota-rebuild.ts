/**
 * Fills the quota's log from what is recorded, before the server listens: a restart gives nobody more than their plan.
 */
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { QuotaClock } from './quota-clock.js';
import { QuotaStore } from './quota-store.js';
import { RecordedAdmissions } from './recorded-admissions.js';
import { QUOTA_WINDOW_MS } from './throttling.js';

@Injectable()
export class QuotaRebuild implements OnApplicationBootstrap {
  constructor(
    private readonly store: QuotaStore,
    private readonly recorded: RecordedAdmissions,
    private readonly clock: QuotaClock,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    for (const [key, admissions] of await this.recorded.withinWindow())
      await this.store.restore(key, admissions, QUOTA_WINDOW_MS, this.clock.monotonicMs());
  }
}

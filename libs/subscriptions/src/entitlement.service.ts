/** The one place that answers what a user may do now. */
import { Injectable } from '@nestjs/common';
import { ReadCache, type CachedReads } from '#platform';
import type { Entitlement } from './entitlement.js';
import { DEFAULT_PLAN } from './plan.entity.js';
import { PlanRepository } from './plan.repository.js';

/** What is announced when a user's plan changes (key: the user) or a plan itself does (key: `*`). */
export const ENTITLEMENT_TOPIC = 'entitlement';

@Injectable()
export class EntitlementService {
  private readonly cached: CachedReads<Entitlement>;

  constructor(plans: PlanRepository, cache: ReadCache) {
    this.cached = cache.ofMany(ENTITLEMENT_TOPIC, (userIds) => plans.entitlements(userIds, DEFAULT_PLAN));
  }

  /** The entitlement if it is at hand, else undefined: for the hot path, which then awaits `of`. */
  peek(userId: string): Entitlement | undefined {
    return this.cached.peek(userId);
  }

  /** What the user may do now. A change holds from the next request here and within a second on other replicas. */
  async of(userId: string): Promise<Entitlement> {
    const entitlement = await this.cached.get(userId);
    if (!entitlement) throw new Error(`the plan ${DEFAULT_PLAN} is missing from the table plans`);
    return entitlement;
  }
}

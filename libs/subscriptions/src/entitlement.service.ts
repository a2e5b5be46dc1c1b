/** The one place that answers what a user may do now. */
import { Injectable } from '@nestjs/common';
import { ReadCache, type CachedReads } from '#platform';
import { DEFAULT_PLAN } from './plan.entity.js';
import { PlanRepository } from './plan.repository.js';

export interface Entitlement {
  /** The plan's name, `FREEMIUM`. */
  readonly plan: string;
  /** Counted requests admitted in any 60 s. */
  readonly requestsPerMinute: number;
  /** Rows in one JSON body. */
  readonly rowsPerRequest: number;
  /** Rows predicted in one UTC day. */
  readonly rowsPerDay: number;
  /** Streams of rows open at the same time. */
  readonly concurrentStreams: number;
}

/** What is announced when a user's plan changes (key: the user) or a plan itself does (key: `*`). */
export const ENTITLEMENT_TOPIC = 'entitlement';

@Injectable()
export class EntitlementService {
  private readonly cached: CachedReads<Entitlement>;

  constructor(
    private readonly plans: PlanRepository,
    cache: ReadCache,
  ) {
    this.cached = cache.of(ENTITLEMENT_TOPIC, (userId) => this.load(userId));
  }

  /** The entitlement if it is at hand, else undefined: for the hot path, which then awaits `of`. */
  peek(userId: string): Entitlement | undefined {
    return this.cached.peek(userId);
  }

  /** What the user may do now. A change holds from the next request here and within a second on other replicas. */
  async of(userId: string): Promise<Entitlement> {
    return (await this.cached.get(userId)) ?? this.load(userId);
  }

  private async load(userId: string): Promise<Entitlement> {
    const plan = await this.plans.ofUser(userId, DEFAULT_PLAN);
    if (!plan) throw new Error(`the plan ${DEFAULT_PLAN} is missing from the table plans`);
    return {
      plan: plan.name,
      requestsPerMinute: plan.requestsPerMinute,
      rowsPerRequest: plan.rowsPerRequest,
      rowsPerDay: plan.rowsPerDay,
      concurrentStreams: plan.concurrentStreams,
    };
  }
}

import { Injectable } from '@nestjs/common';
import { actorOf, AuditTrail } from '#audit';
import { ChangeFeed, DomainError, ReadCache, type CachedReads, type Principal, type RequestOrigin } from '#platform';
import { ENTITLEMENT_TOPIC } from './entitlement.service.js';
import { Plan } from './plan.entity.js';
import { PlanRepository } from './plan.repository.js';
import type { ChangePlanDto, PlanDto, PlanListDto } from './plans.dto.js';
import { subscriptionErrors } from './subscriptions.errors.js';

const PLAN_TOPIC = 'plan';
/** The list is cached as one entry: plans are few and read together. */
const ALL_PLANS = 'all';
const BOUNDS = [
  'requestsPerMinute',
  'rowsPerRequest',
  'rowsPerDay',
  'concurrentStreams',
] as const satisfies (keyof Plan)[];

@Injectable()
export class PlansService {
  private readonly cached: CachedReads<PlanDto[]>;

  constructor(
    private readonly plans: PlanRepository,
    private readonly feed: ChangeFeed,
    private readonly trail: AuditTrail,
    cache: ReadCache,
  ) {
    this.cached = cache.of(PLAN_TOPIC, async () => (await this.plans.all()).map(view));
  }

  /** All plans, the smallest first. */
  async list(): Promise<PlanListDto> {
    return { data: (await this.cached.get(ALL_PLANS)) ?? [] };
  }

  /**
   * Changes the bounds of a plan for everybody who has it, from their next request on.
   * @throws PLAN_NOT_FOUND
   */
  async change(name: string, changes: ChangePlanDto, by: Principal, origin: RequestOrigin): Promise<PlanDto> {
    return this.feed.transaction(async (manager, announce) => {
      const plan = await this.plans.lock(name, manager);
      if (!plan) throw new DomainError(subscriptionErrors.PLAN_NOT_FOUND, 'There is no plan of this name.');
      const changed = BOUNDS.filter((bound) => changes[bound] !== undefined && changes[bound] !== plan[bound]);
      if (changed.length === 0) return view(plan);
      const details = Object.fromEntries(changed.map((bound) => [bound, { from: plan[bound], to: changes[bound] }]));
      for (const bound of changed) plan[bound] = changes[bound] ?? plan[bound];
      plan.updatedAt = new Date();
      await this.plans.save(plan, manager);
      await this.trail.record(
        { actor: actorOf(by), action: 'plan.changed', target: { type: 'plan', id: name }, details, origin },
        manager,
      );
      announce({ topic: PLAN_TOPIC, key: '*' });
      announce({ topic: ENTITLEMENT_TOPIC, key: '*' });
      return view(plan);
    });
  }
}

function view(plan: Plan): PlanDto {
  const { name, requestsPerMinute, rowsPerRequest, rowsPerDay, concurrentStreams, updatedAt } = plan;
  return { name, requestsPerMinute, rowsPerRequest, rowsPerDay, concurrentStreams, updatedAt };
}

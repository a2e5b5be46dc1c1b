import { Injectable } from '@nestjs/common';
import { actorOf, AuditTrail } from '#audit';
import { ChangeFeed, invalidRequest, type Principal, type RequestOrigin } from '#platform';
import { UsersService } from '#users';
import { ENTITLEMENT_TOPIC } from './entitlement.service.js';
import { DEFAULT_PLAN } from './plan.entity.js';
import { PlanRepository } from './plan.repository.js';
import { SubscriptionRepository } from './subscription.repository.js';
import type { ChangeSubscriptionDto, SubscriptionDto } from './subscriptions.dto.js';

@Injectable()
export class SubscriptionsService {
  constructor(
    private readonly subscriptions: SubscriptionRepository,
    private readonly plans: PlanRepository,
    private readonly users: UsersService,
    private readonly feed: ChangeFeed,
    private readonly trail: AuditTrail,
  ) {}

  /**
   * Gives a user a plan. Holds from the user's next request, with tokens already issued and within the same minute.
   * @throws USER_NOT_FOUND; INVALID_REQUEST when there is no such plan
   */
  async change(
    userId: string,
    { plan }: ChangeSubscriptionDto,
    by: Principal,
    origin: RequestOrigin,
  ): Promise<SubscriptionDto> {
    await this.users.get(userId);
    if (!(await this.plans.find(plan))) {
      const names = (await this.plans.all()).map(({ name }) => name).join(', ');
      throw invalidRequest([{ pointer: '/plan', detail: `is not a plan; there are ${names}` }]);
    }
    return this.feed.transaction(async (manager, announce) => {
      const current = await this.subscriptions.lock(userId, manager);
      if (current?.planName === plan) return { userId, plan, since: current.since, grantedBy: current.grantedBy };
      const changed = { userId, planName: plan, grantedBy: by.userId, since: new Date() };
      await this.subscriptions.put(changed, manager);
      const details = { from: current?.planName ?? DEFAULT_PLAN, to: plan };
      await this.trail.record(
        { actor: actorOf(by), action: 'subscription.changed', target: { type: 'user', id: userId }, details, origin },
        manager,
      );
      announce({ topic: ENTITLEMENT_TOPIC, key: userId });
      return { userId, plan, since: changed.since, grantedBy: changed.grantedBy };
    });
  }
}

import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository, type EntityManager } from 'typeorm';
import type { Entitlement } from './entitlement.js';
import { Plan } from './plan.entity.js';

const ENTITLEMENTS = `SELECT wanted.id AS "userId", plan.name AS plan, plan.requests_per_minute AS "requestsPerMinute",
         plan.rows_per_request AS "rowsPerRequest", plan.rows_per_day AS "rowsPerDay",
         plan.concurrent_streams AS "concurrentStreams"
    FROM unnest($1::uuid[]) AS wanted (id)
    LEFT JOIN subscriptions AS subscription ON subscription.user_id = wanted.id
    JOIN plans AS plan ON plan.name = COALESCE(subscription.plan_name, $2)`;

@Injectable()
export class PlanRepository {
  constructor(@InjectRepository(Plan) private readonly plans: Repository<Plan>) {}

  /** All plans, the smallest first. */
  all(): Promise<Plan[]> {
    return this.plans.find({ order: { requestsPerMinute: 'ASC', name: 'ASC' } });
  }

  find(name: string): Promise<Plan | null> {
    return this.plans.findOneBy({ name });
  }

  /** The plan, locked until the transaction ends. */
  lock(name: string, manager: EntityManager): Promise<Plan | null> {
    return manager.findOne(Plan, { where: { name }, lock: { mode: 'pessimistic_write' } });
  }

  save(plan: Plan, manager: EntityManager): Promise<Plan> {
    return manager.save(Plan, plan);
  }

  /** What each user may do by the plan that they subscribed to, or by `fallback`; nobody when there is no such plan. */
  async entitlements(userIds: readonly string[], fallback: string): Promise<Map<string, Entitlement>> {
    const rows: (Entitlement & { readonly userId: string })[] = await this.plans.query(ENTITLEMENTS, [
      userIds,
      fallback,
    ]);
    return new Map(rows.map(({ userId, ...entitlement }) => [userId, entitlement]));
  }
}

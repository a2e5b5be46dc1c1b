import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository, type EntityManager } from 'typeorm';
import { Plan } from './plan.entity.js';

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

  /** The plan that holds for a user: the one subscribed to, else `fallback`. */
  async ofUser(userId: string, fallback: string): Promise<Plan | null> {
    return this.plans
      .createQueryBuilder('plan')
      .where('plan.name = COALESCE((SELECT plan_name FROM subscriptions WHERE user_id = :userId), :fallback)', {
        userId,
        fallback,
      })
      .getOne();
  }
}

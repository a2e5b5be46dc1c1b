import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Subscription } from './subscription.entity.js';

@Injectable()
export class SubscriptionRepository {
  /**
   * The user's subscription; changes of the same user's wait until the transaction ends, also when there is none yet.
   */
  async lock(userId: string, manager: EntityManager): Promise<Subscription | null> {
    await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`subscription:${userId}`]);
    return manager.findOneBy(Subscription, { userId });
  }

  async put(subscription: Subscription, manager: EntityManager): Promise<void> {
    await manager.upsert(Subscription, subscription, ['userId']);
  }
}

import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Metrics, RedisConnection } from '#platform';
import { EntitlementService } from './entitlement.service.js';
import { Plan } from './plan.entity.js';
import { PlanRepository } from './plan.repository.js';
import { QuotaClock } from './quota/quota-clock.js';
import { QuotaStore } from './quota/quota-store.js';
import { QuotaThrottlerStorage } from './quota/quota-throttler-storage.js';
import { RecordedAdmissions } from './quota/recorded-admissions.js';
import { RecordedUseRepository } from './quota/recorded-use.repository.js';
import { SharedQuota } from './quota/shared-quota.js';
import { SlidingLog } from './quota/sliding-log.js';
import { Subscription } from './subscription.entity.js';

function quotaStore(
  redis: RedisConnection,
  recorded: RecordedAdmissions,
  clock: QuotaClock,
  metrics: Metrics,
): QuotaStore {
  return redis.configured ? new SharedQuota(redis, recorded, clock, metrics) : new SlidingLog();
}

/** What a user may do and the log of what they did: apart, because @nestjs/throttler's own module is made from it. */
@Module({
  imports: [TypeOrmModule.forFeature([Plan, Subscription])],
  providers: [
    PlanRepository,
    EntitlementService,
    QuotaClock,
    QuotaThrottlerStorage,
    RecordedAdmissions,
    RecordedUseRepository,
    {
      provide: QuotaStore,
      inject: [RedisConnection, RecordedAdmissions, QuotaClock, Metrics],
      useFactory: quotaStore,
    },
  ],
  exports: [
    PlanRepository,
    EntitlementService,
    QuotaClock,
    QuotaThrottlerStorage,
    QuotaStore,
    RecordedAdmissions,
    RecordedUseRepository,
  ],
})
export class EntitlementModule {}

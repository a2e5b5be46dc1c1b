import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { EntitlementService } from './entitlement.service.js';
import { Plan } from './plan.entity.js';
import { PlanRepository } from './plan.repository.js';
import { QuotaClock } from './quota/quota-clock.js';
import { QuotaStore } from './quota/quota-store.js';
import { QuotaThrottlerStorage } from './quota/quota-throttler-storage.js';
import { SlidingLog } from './quota/sliding-log.js';
import { Subscription } from './subscription.entity.js';

/** What a user may do and the log of what they did: apart, because @nestjs/throttler's own module is made from it. */
@Module({
  imports: [TypeOrmModule.forFeature([Plan, Subscription])],
  providers: [
    PlanRepository,
    EntitlementService,
    QuotaClock,
    QuotaThrottlerStorage,
    { provide: QuotaStore, useClass: SlidingLog },
  ],
  exports: [PlanRepository, EntitlementService, QuotaClock, QuotaThrottlerStorage, QuotaStore],
})
export class EntitlementModule {}

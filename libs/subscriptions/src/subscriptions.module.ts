import { Module } from '@nestjs/common';
import { ThrottlerModule } from '@nestjs/throttler';
import { RedisConnection } from '#platform';
import { UsersModule } from '#users';
import { AccountRepository } from './accounts/account.repository.js';
import { AccountsService } from './accounts/accounts.service.js';
import { UsersController } from './accounts/users.controller.js';
import { EntitlementModule } from './entitlement.module.js';
import { EntitlementService } from './entitlement.service.js';
import { MeController } from './me.controller.js';
import { MeService } from './me.service.js';
import { PlansController } from './plans.controller.js';
import { PlansService } from './plans.service.js';
import { PlanThrottlerGuard } from './quota/plan-throttler.guard.js';
import { QuotaGate } from './quota/quota-gate.js';
import { QuotaRebuild } from './quota/quota-rebuild.js';
import { QuotaThrottlerStorage } from './quota/quota-throttler-storage.js';
import { RecordedUseRepository } from './quota/recorded-use.repository.js';
import { RequestLogging } from './quota/request-logging.js';
import { throttlerOptions } from './quota/throttling.js';
import { RowBudget } from './row-budget.js';
import { LocalRows } from './rows/local-rows.js';
import { RowCounter } from './rows/row-counter.js';
import { SharedRows } from './rows/shared-rows.js';
import { SubscriptionRepository } from './subscription.repository.js';
import { SubscriptionsController } from './subscriptions.controller.js';
import { SubscriptionsService } from './subscriptions.service.js';
import { UsageController } from './usage.controller.js';
import { UsageService } from './usage.service.js';

function rowCounter(redis: RedisConnection, recordedUse: RecordedUseRepository): RowCounter {
  return redis.configured ? new SharedRows(redis, recordedUse) : new LocalRows(recordedUse);
}

/** Plans, who has which, and the quota that follows from it. */
@Module({
  imports: [
    UsersModule,
    EntitlementModule,
    ThrottlerModule.forRootAsync({
      imports: [EntitlementModule],
      inject: [EntitlementService, QuotaThrottlerStorage],
      useFactory: throttlerOptions,
    }),
  ],
  controllers: [PlansController, UsersController, SubscriptionsController, UsageController, MeController],
  providers: [
    AccountRepository,
    AccountsService,
    MeService,
    PlansService,
    PlanThrottlerGuard,
    QuotaGate,
    QuotaRebuild,
    RequestLogging,
    RowBudget,
    { provide: RowCounter, inject: [RedisConnection, RecordedUseRepository], useFactory: rowCounter },
    SubscriptionRepository,
    SubscriptionsService,
    UsageService,
  ],
  exports: [EntitlementModule, PlanThrottlerGuard, QuotaGate, RowBudget, SubscriptionsService],
})
export class SubscriptionsModule {}

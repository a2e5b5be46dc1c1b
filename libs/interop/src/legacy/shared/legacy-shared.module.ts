import { Module } from '@nestjs/common';
import { AuthModule } from '#auth';
import { ModelsModule } from '#models';
import { PredictionsModule } from '#predictions';
import { SubscriptionsModule } from '#subscriptions';
import { UsersModule } from '#users';
import { LegacyAccounts } from './legacy-accounts.js';
import { LegacyPredictions } from './legacy-predictions.js';

/** What the adapters of older services have in common: their accounts and predictions are those of /v1. */
@Module({
  imports: [AuthModule, UsersModule, SubscriptionsModule, ModelsModule, PredictionsModule],
  providers: [LegacyAccounts, LegacyPredictions],
  exports: [
    AuthModule,
    UsersModule,
    SubscriptionsModule,
    ModelsModule,
    PredictionsModule,
    LegacyAccounts,
    LegacyPredictions,
  ],
})
export class LegacySharedModule {}

import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { LegacySharedModule } from '../shared/legacy-shared.module.js';
import { unknownRoutes } from '../shared/unknown-routes.js';
import { CardiacAccounts } from './cardiac-accounts.service.js';
import { CardiacPredictions } from './cardiac-predictions.service.js';
import { RefusesAsCardiac } from './cardiac-refusals.js';
import { CardiacController } from './cardiac.controller.js';
import { PredictionNumber } from './prediction-number.entity.js';
import { PredictionNumbers } from './prediction-numbers.js';

/** The older service for cardiac risk: its accounts, both plans' routes, and the service with an API key. */
@Module({
  imports: [LegacySharedModule, TypeOrmModule.forFeature([PredictionNumber])],
  controllers: [CardiacController, unknownRoutes(CardiacController, RefusesAsCardiac, { answersOptions: true })],
  providers: [CardiacAccounts, CardiacPredictions, PredictionNumbers],
})
export class CardiacLegacyModule {}

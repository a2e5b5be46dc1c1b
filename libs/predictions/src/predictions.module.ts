import { Module, type OnModuleInit } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ModelsModule } from '#models';
import { Housekeeping } from '#platform';
import { SubscriptionsModule } from '#subscriptions';
import { FirstAnswers } from './first-answers.js';
import { IdempotencyKey } from './idempotency-key.entity.js';
import { IdempotencyRepository } from './idempotency.repository.js';
import { PredictionHistory } from './prediction-history.service.js';
import { PredictionRecorder } from './prediction-recorder.js';
import { Prediction } from './prediction.entity.js';
import { PredictionRepository } from './prediction.repository.js';
import { PredictionsController } from './predictions.controller.js';
import { PredictionsService } from './predictions.service.js';
import { RecordRepository } from './record.repository.js';

/** Predictions: asked for, recorded, answered, and read again. */
@Module({
  imports: [TypeOrmModule.forFeature([Prediction, IdempotencyKey]), ModelsModule, SubscriptionsModule],
  controllers: [PredictionsController],
  providers: [
    FirstAnswers,
    IdempotencyRepository,
    PredictionHistory,
    PredictionRecorder,
    PredictionRepository,
    PredictionsService,
    RecordRepository,
  ],
  exports: [PredictionsService, PredictionHistory],
})
export class PredictionsModule implements OnModuleInit {
  constructor(
    private readonly housekeeping: Housekeeping,
    private readonly keys: IdempotencyRepository,
  ) {}

  onModuleInit(): void {
    this.housekeeping.add('expired idempotency keys', () => this.keys.forgetExpired());
  }
}

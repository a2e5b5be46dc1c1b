import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ModelsModule } from '#models';
import { SubscriptionsModule } from '#subscriptions';
import { FirstAnswers } from './first-answers.js';
import { IdempotencyCleaner } from './idempotency-cleaner.js';
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
    IdempotencyCleaner,
    IdempotencyRepository,
    PredictionHistory,
    PredictionRecorder,
    PredictionRepository,
    PredictionsService,
    RecordRepository,
  ],
  exports: [PredictionsService, PredictionHistory],
})
export class PredictionsModule {}

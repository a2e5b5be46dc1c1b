import { Module, type OnModuleInit } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { LeafSources } from '#audit';
import { ModelsModule } from '#models';
import { Housekeeping } from '#platform';
import { SubscriptionsModule } from '#subscriptions';
import { PredictionExportController } from './export/prediction-export.controller.js';
import { PredictionExports } from './export/prediction-exports.service.js';
import { BatchEntity, BatchInputEntity, BatchResultEntity } from './files/batches/batch.entities.js';
import { BatchRepository } from './files/batches/batch.repository.js';
import { BatchRunner } from './files/batches/batch-runner.js';
import { BatchesController } from './files/batches/batches.controller.js';
import { BatchesService } from './files/batches/batches.service.js';
import { FileScoring } from './files/file-scoring.js';
import { OpenFiles } from './files/open-files.js';
import { CsvStreams } from './files/stream/csv-streams.service.js';
import { FileThreads } from './files/thread/file-threads.js';
import { WholeFiles } from './files/whole-files.js';
import { FirstAnswers } from './first-answers.js';
import { InferenceStatistics } from './inference-statistics.js';
import { LatencyController } from './latency/latency.controller.js';
import { LatencyRepository } from './latency/latency.repository.js';
import { LatencyService } from './latency/latency.service.js';
import { OutcomeEntity } from './outcomes/outcome.entity.js';
import { OutcomeRepository } from './outcomes/outcome.repository.js';
import { OutcomesController } from './outcomes/outcomes.controller.js';
import { OutcomesService } from './outcomes/outcomes.service.js';
import { PredictionAccess } from './prediction-access.js';
import { PredictionHistory } from './prediction-history.service.js';
import { PredictionsController } from './predictions.controller.js';
import { PredictionsService } from './predictions.service.js';
import { IdempotencyKey } from './record/idempotency-key.entity.js';
import { IdempotencyRepository } from './record/idempotency.repository.js';
import { predictionLeaves } from './record/prediction-leaves.js';
import { PredictionRecorder } from './record/prediction-recorder.js';
import { PredictionRepository } from './record/prediction.repository.js';
import { ProvenanceRepository } from './record/provenance.repository.js';
import {
  PredictionContentEntity,
  PredictionEntity,
  PredictionSubjectEntity,
  ProvenanceEntity,
} from './record/record.entities.js';
import { ShadowPredictionEntity } from './shadow/shadow-prediction.entity.js';
import { ShadowRuns } from './shadow/shadow-runs.js';
import { ShadowController } from './shadow/shadow.controller.js';
import { ShadowRepository } from './shadow/shadow.repository.js';
import { ShadowService } from './shadow/shadow.service.js';
import { ReplayController } from './replay/replay.controller.js';
import { ReplayService } from './replay/replay.service.js';
import { PredictionTallies } from './tallies/prediction-tallies.js';
import { ScoredFiles } from './tallies/scored-files.js';
import { ServicePredictionsController } from './tallies/service-predictions.controller.js';
import { ServicePredictions } from './tallies/service-predictions.service.js';
import { PredictionDayEntity, ScoredFileEntity, TalliedChainEntity } from './tallies/tally.entities.js';
import { TallyRepository } from './tallies/tally.repository.js';
import { VersionScores } from './tallies/version-scores.js';

/** Predictions: asked for, recorded, answered, read again, computed again, and compared with what happened. */
@Module({
  imports: [
    TypeOrmModule.forFeature([
      BatchEntity,
      BatchInputEntity,
      BatchResultEntity,
      IdempotencyKey,
      OutcomeEntity,
      PredictionContentEntity,
      PredictionDayEntity,
      PredictionEntity,
      PredictionSubjectEntity,
      ProvenanceEntity,
      ScoredFileEntity,
      ShadowPredictionEntity,
      TalliedChainEntity,
    ]),
    ModelsModule,
    SubscriptionsModule,
  ],
  controllers: [
    PredictionsController,
    PredictionExportController,
    BatchesController,
    LatencyController,
    ReplayController,
    OutcomesController,
    ShadowController,
    ServicePredictionsController,
  ],
  providers: [
    BatchesService,
    BatchRepository,
    BatchRunner,
    CsvStreams,
    FileScoring,
    FileThreads,
    FirstAnswers,
    IdempotencyRepository,
    InferenceStatistics,
    LatencyRepository,
    LatencyService,
    OpenFiles,
    OutcomeRepository,
    OutcomesService,
    PredictionAccess,
    PredictionExports,
    PredictionHistory,
    PredictionRecorder,
    PredictionRepository,
    PredictionTallies,
    PredictionsService,
    ProvenanceRepository,
    ReplayService,
    ScoredFiles,
    ServicePredictions,
    ShadowRepository,
    ShadowRuns,
    ShadowService,
    TallyRepository,
    VersionScores,
    WholeFiles,
  ],
  exports: [CsvStreams, InferenceStatistics, OpenFiles, PredictionsService, PredictionHistory, WholeFiles],
})
export class PredictionsModule implements OnModuleInit {
  constructor(
    private readonly housekeeping: Housekeeping,
    private readonly keys: IdempotencyRepository,
    private readonly leaves: LeafSources,
  ) {}

  onModuleInit(): void {
    this.leaves.add(predictionLeaves);
    this.housekeeping.add('expired idempotency keys', () => this.keys.forgetExpired());
  }
}

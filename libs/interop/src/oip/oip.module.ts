import { Module } from '@nestjs/common';
import { ModelsModule } from '#models';
import { PredictionsModule } from '#predictions';
import { InferenceController } from './inference.controller.js';
import { InferenceService } from './inference.service.js';
import { ModelMetadata } from './model-metadata.js';
import { ModelRepositoryService } from './model-repository.service.js';
import { ModelStatistics } from './model-statistics.js';
import { OipController } from './oip.controller.js';
import { RepositoryController } from './repository.controller.js';

/** The Open Inference Protocol, version 2, over HTTP: what clients of Triton, KServe and MLServer speak. */
@Module({
  imports: [ModelsModule, PredictionsModule],
  controllers: [InferenceController, RepositoryController, OipController],
  providers: [InferenceService, ModelMetadata, ModelRepositoryService, ModelStatistics],
})
export class OipModule {}

import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { InferenceModule } from '#inference';
import { LatidoConfig } from '#platform';
import { ModelDirectory } from './model-directory.js';
import { ModelRegistration } from './registration/model-registration.js';
import { Activation } from './storage/activation.entity.js';
import { ActivationRepository } from './storage/activation.repository.js';
import { ArtifactCache } from './storage/artifact-cache.js';
import { ArtifactStore } from './storage/artifact-store.js';
import { Artifact } from './storage/artifact.entity.js';
import { ArtifactChunk } from './storage/artifact-chunk.entity.js';
import { ModelVersion } from './storage/model-version.entity.js';
import { ModelRepository } from './storage/model.repository.js';
import { Model } from './storage/model.entity.js';
import { PostgresArtifacts } from './storage/postgres-artifacts.js';
import { S3Artifacts } from './storage/s3-artifacts.js';
import { ModelsService } from './models.service.js';

/** The registry itself: registering and reading. Nothing is loaded and no route opens: what a command needs. */
@Module({
  imports: [InferenceModule, TypeOrmModule.forFeature([Model, ModelVersion, Artifact, ArtifactChunk, Activation])],
  providers: [
    ModelRepository,
    PostgresArtifacts,
    {
      provide: ArtifactStore,
      inject: [LatidoConfig, PostgresArtifacts, DataSource],
      useFactory: ({ artifacts }: LatidoConfig, postgres: PostgresArtifacts, dataSource: DataSource): ArtifactStore =>
        artifacts.s3 ? new S3Artifacts(artifacts.s3, postgres, dataSource) : postgres,
    },
    ArtifactCache,
    ActivationRepository,
    ModelDirectory,
    ModelRegistration,
    ModelsService,
  ],
  exports: [
    ModelRepository,
    ArtifactCache,
    ArtifactStore,
    ActivationRepository,
    ModelDirectory,
    ModelRegistration,
    ModelsService,
    InferenceModule,
  ],
})
export class ModelRegistryModule {}

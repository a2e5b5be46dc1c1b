import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { InferenceModule } from '#inference';
import { Activations } from './activations.service.js';
import { ActivationGate } from './gate/activation-gate.js';
import { Policies } from './gate/policies.service.js';
import { LatidoConfig } from '#platform';
import { ModelDirectory } from './model-directory.js';
import { ModelRegistration } from './registration/model-registration.js';
import { Retirements } from './retirement.service.js';
import { ResidentVersions } from './serving/resident-versions.js';
import { VersionExport } from './version-export.js';
import { VersionLoader } from './serving/version-loader.js';
import { Activation } from './storage/activation.entity.js';
import { ActivationRepository } from './storage/activation.repository.js';
import { ArtifactCache } from './storage/artifact-cache.js';
import { ArtifactStore } from './storage/artifact-store.js';
import { Artifact } from './storage/artifact.entity.js';
import { ArtifactChunk } from './storage/artifact-chunk.entity.js';
import { ModelVersion } from './storage/model-version.entity.js';
import { ModelRepository } from './storage/model.repository.js';
import { Model } from './storage/model.entity.js';
import { TrafficChange } from './storage/traffic-change.entity.js';
import { TrafficRepository } from './storage/traffic.repository.js';
import { Traffic } from './traffic/traffic.service.js';
import { PostgresArtifacts } from './storage/postgres-artifacts.js';
import { S3Artifacts } from './storage/s3-artifacts.js';
import { ModelsService } from './models.service.js';

/** The registry itself: registering, reading and putting in service. Nothing is loaded by itself and no route opens: what a command needs. */
@Module({
  imports: [
    InferenceModule,
    TypeOrmModule.forFeature([Model, ModelVersion, Artifact, ArtifactChunk, Activation, TrafficChange]),
  ],
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
    TrafficRepository,
    ActivationGate,
    Activations,
    ModelDirectory,
    ModelRegistration,
    ModelsService,
    Policies,
    ResidentVersions,
    Retirements,
    Traffic,
    VersionExport,
    VersionLoader,
  ],
  exports: [
    ModelRepository,
    ArtifactCache,
    ArtifactStore,
    ActivationRepository,
    TrafficRepository,
    ActivationGate,
    Activations,
    ModelDirectory,
    ModelRegistration,
    ModelsService,
    Policies,
    ResidentVersions,
    Retirements,
    Traffic,
    VersionExport,
    VersionLoader,
    InferenceModule,
  ],
})
export class ModelRegistryModule {}

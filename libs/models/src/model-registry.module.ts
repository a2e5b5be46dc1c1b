import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { InferenceModule } from '#inference';
import { Activations } from './activations.service.js';
import { ActivationGate } from './gate/activation-gate.js';
import { Policies } from './gate/policies.service.js';
import { ModelDirectory } from './model-directory.js';
import { ModelRegistration } from './registration/model-registration.js';
import { ResidentVersions } from './serving/resident-versions.js';
import { VersionLoader } from './serving/version-loader.js';
import { Activation } from './storage/activation.entity.js';
import { ActivationRepository } from './storage/activation.repository.js';
import { Artifact } from './storage/artifact.entity.js';
import { ArtifactRepository } from './storage/artifact.repository.js';
import { ModelVersion } from './storage/model-version.entity.js';
import { ModelRepository } from './storage/model.repository.js';
import { Model } from './storage/model.entity.js';
import { TrafficChange } from './storage/traffic-change.entity.js';
import { TrafficRepository } from './storage/traffic.repository.js';
import { Traffic } from './traffic/traffic.service.js';
import { ModelsService } from './models.service.js';

/** The registry itself: registering, reading and putting in service. Nothing is loaded by itself and no route opens: what a command needs. */
@Module({
  imports: [InferenceModule, TypeOrmModule.forFeature([Model, ModelVersion, Artifact, Activation, TrafficChange])],
  providers: [
    ModelRepository,
    ArtifactRepository,
    ActivationRepository,
    TrafficRepository,
    ActivationGate,
    Activations,
    ModelDirectory,
    ModelRegistration,
    ModelsService,
    Policies,
    ResidentVersions,
    Traffic,
    VersionLoader,
  ],
  exports: [
    ModelRepository,
    ArtifactRepository,
    ActivationRepository,
    TrafficRepository,
    ActivationGate,
    Activations,
    ModelDirectory,
    ModelRegistration,
    ModelsService,
    Policies,
    ResidentVersions,
    Traffic,
    VersionLoader,
    InferenceModule,
  ],
})
export class ModelRegistryModule {}

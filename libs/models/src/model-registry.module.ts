import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { InferenceModule } from '#inference';
import { ModelDirectory } from './model-directory.js';
import { ModelRegistration } from './registration/model-registration.js';
import { Activation } from './storage/activation.entity.js';
import { ActivationRepository } from './storage/activation.repository.js';
import { Artifact } from './storage/artifact.entity.js';
import { ArtifactRepository } from './storage/artifact.repository.js';
import { ModelVersion } from './storage/model-version.entity.js';
import { ModelRepository } from './storage/model.repository.js';
import { Model } from './storage/model.entity.js';
import { ModelsService } from './models.service.js';

/** The registry itself: registering and reading. Nothing is loaded and no route opens: what a command needs. */
@Module({
  imports: [InferenceModule, TypeOrmModule.forFeature([Model, ModelVersion, Artifact, Activation])],
  providers: [
    ModelRepository,
    ArtifactRepository,
    ActivationRepository,
    ModelDirectory,
    ModelRegistration,
    ModelsService,
  ],
  exports: [
    ModelRepository,
    ArtifactRepository,
    ActivationRepository,
    ModelDirectory,
    ModelRegistration,
    ModelsService,
    InferenceModule,
  ],
})
export class ModelRegistryModule {}

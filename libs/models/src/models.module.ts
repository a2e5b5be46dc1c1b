import { Module, type OnApplicationBootstrap } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { GovernanceController } from './http/governance.controller.js';
import { FirstStart } from './hot-folder/first-start.entity.js';
import { FirstStartRepository } from './hot-folder/first-start.repository.js';
import { HotFolder } from './hot-folder/hot-folder.js';
import { InspectionController } from './http/inspection.controller.js';
import { PublishingController } from './http/publishing.controller.js';
import { Housekeeping } from '#platform';
import { ModelsController } from './http/models.controller.js';
import { VersionsController } from './http/versions.controller.js';
import { Inspections } from './inspection/inspections.service.js';
import { ModelCatalogue } from './model-catalogue.js';
import { ModelRegistryModule } from './model-registry.module.js';
import { Publishing } from './publishing/publishing.service.js';
import { RecordedVersions } from './recorded-versions.js';
import { ArtifactStore } from './storage/artifact-store.js';

/** The registry in service: registers what stands and appears in MODELS_DIR, loads what is in service, and answers. */
@Module({
  imports: [ModelRegistryModule, TypeOrmModule.forFeature([FirstStart])],
  controllers: [ModelsController, GovernanceController, InspectionController, PublishingController, VersionsController],
  providers: [Inspections, ModelCatalogue, FirstStartRepository, HotFolder, Publishing, RecordedVersions],
  exports: [ModelCatalogue, ModelRegistryModule, RecordedVersions],
})
export class ModelsModule implements OnApplicationBootstrap {
  constructor(
    private readonly hotFolder: HotFolder,
    private readonly catalogue: ModelCatalogue,
    housekeeping: Housekeeping,
    artifacts: ArtifactStore,
  ) {
    housekeeping.add('model files that no version refers to', () => artifacts.removeUnused());
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.hotFolder.start();
    await this.catalogue.start();
    this.hotFolder.watch();
  }
}

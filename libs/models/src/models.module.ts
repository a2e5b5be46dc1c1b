import { Module, type OnApplicationBootstrap } from '@nestjs/common';
import { GovernanceController } from './http/governance.controller.js';
import { InspectionController } from './http/inspection.controller.js';
import { PublishingController } from './http/publishing.controller.js';
import { ModelsController } from './http/models.controller.js';
import { VersionsController } from './http/versions.controller.js';
import { Inspections } from './inspection/inspections.service.js';
import { ModelCatalogue } from './model-catalogue.js';
import { ModelRegistryModule } from './model-registry.module.js';
import { Publishing } from './publishing/publishing.service.js';
import { RecordedVersions } from './recorded-versions.js';
import { ModelsFolder } from './registration/models-folder.js';

/** The registry in service: registers what stands in MODELS_DIR, loads what is active, and answers. */
@Module({
  imports: [ModelRegistryModule],
  controllers: [ModelsController, GovernanceController, InspectionController, PublishingController, VersionsController],
  providers: [Inspections, ModelCatalogue, ModelsFolder, Publishing, RecordedVersions],
  exports: [ModelCatalogue, ModelRegistryModule, RecordedVersions],
})
export class ModelsModule implements OnApplicationBootstrap {
  constructor(
    private readonly folder: ModelsFolder,
    private readonly catalogue: ModelCatalogue,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.folder.register();
    await this.catalogue.start();
  }
}

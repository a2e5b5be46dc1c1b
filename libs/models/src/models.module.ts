import { Module, type OnApplicationBootstrap } from '@nestjs/common';
import { Housekeeping } from '#platform';
import { Activations } from './activations.service.js';
import { ModelsController } from './http/models.controller.js';
import { VersionsController } from './http/versions.controller.js';
import { ModelCatalogue } from './model-catalogue.js';
import { ModelRegistryModule } from './model-registry.module.js';
import { RecordedVersions } from './recorded-versions.js';
import { ModelsFolder } from './registration/models-folder.js';
import { ArtifactStore } from './storage/artifact-store.js';
import { ResidentVersions } from './serving/resident-versions.js';
import { VersionLoader } from './serving/version-loader.js';

/** The registry in service: registers what stands in MODELS_DIR, loads what is active, and answers. */
@Module({
  imports: [ModelRegistryModule],
  controllers: [ModelsController, VersionsController],
  providers: [Activations, ModelCatalogue, ModelsFolder, RecordedVersions, ResidentVersions, VersionLoader],
  exports: [Activations, ModelCatalogue, ModelRegistryModule, RecordedVersions],
})
export class ModelsModule implements OnApplicationBootstrap {
  constructor(
    private readonly folder: ModelsFolder,
    private readonly catalogue: ModelCatalogue,
    housekeeping: Housekeeping,
    artifacts: ArtifactStore,
  ) {
    housekeeping.add('model files that no version refers to', () => artifacts.removeUnused());
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.folder.register();
    await this.catalogue.start();
  }
}

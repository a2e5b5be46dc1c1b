/** Public names of the model registry. */
export { Activations } from './activations.service.js';
export { exampleRow, rowSchema, type RowSchema } from './manifest/row-schema.js';
export { ModelCatalogue } from './model-catalogue.js';
export { ModelDirectory, versionIn } from './model-directory.js';
export { ModelRegistration, type RegistrationResult } from './registration/model-registration.js';
export { ModelRegistryModule } from './model-registry.module.js';
export { modelErrors } from './models.errors.js';
export { ModelsModule } from './models.module.js';
export { ModelsService } from './models.service.js';
export { RecordedVersions } from './recorded-versions.js';
export type { ServingVersion } from './serving-version.js';
export type { ModelRecord, VersionRecord } from './storage/model.repository.js';
export { mayPredictWith } from './visibility.js';

/** Public names of the model registry. */
export { Activations, OPERATOR, type ActingPerson } from './activations.service.js';
export { ActivationGate } from './gate/activation-gate.js';
export { Traffic } from './traffic/traffic.service.js';
export { exampleRow, rowSchema, type RowSchema } from './manifest/row-schema.js';
export { inferManifest, type ModelFile } from './inspection/infer-manifest.js';
export { ModelCatalogue } from './model-catalogue.js';
export { ModelDirectory, versionIn } from './model-directory.js';
export { ModelRegistration, type RegistrationResult } from './registration/model-registration.js';
export { ModelRegistryModule } from './model-registry.module.js';
export { modelErrors } from './models.errors.js';
export { ModelsModule } from './models.module.js';
export { ModelsService } from './models.service.js';
export { RecordedVersions } from './recorded-versions.js';
export type { ServingVersion } from './serving-version.js';
export { Policies, readPolicy } from './gate/policies.service.js';
export type { PolicyDto } from './gate/policy.dto.js';
export type { RegistrationStage } from './registration/model-registration.js';
export { VersionExport, type ExportedFile } from './version-export.js';

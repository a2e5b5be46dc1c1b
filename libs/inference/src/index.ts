/** Public names of inference. */
export { InferenceModule } from './inference.module.js';
export { InferenceEngines, type EngineSetting } from './inference-engines.js';
export { inferenceErrors } from './inference.errors.js';
export { ModelArtifact } from './engines/model-artifact.js';
export type { EngineIdentity, EngineName, InferenceEngine, LoadedModel } from './engines/inference-engine.js';
export { Scorer, type Scores } from './scorer.js';
export type { FeatureTensor, ModelInput, TensorBatch } from './tensor-batch.js';
export {
  compileDecoder,
  type ClassificationResult,
  type PredictionResult,
  type RegressionResult,
  type ScoreDecoder,
} from './prediction-result.js';
export type { Comparison, VerificationRecord } from './verification/verify-model.js';
export type { GoldenFile } from './verification/golden-rows.js';
export type {
  ArtifactFormat,
  FeatureStep,
  InputRow,
  ManifestInput,
  ManifestMetric,
  ManifestOutput,
  ModelManifest,
  ModelTask,
} from './manifest.js';

/** Public names of inference. */
export { InferenceModule } from './inference.module.js';
export { InferenceEngines, type EngineSetting } from './inference-engines.js';
export { inferenceErrors } from './inference.errors.js';
export { KerasImporter, kerasImporter, type KerasImporterOptions } from './import/keras-importer.js';
export { loadTensorFlow } from './engines/tensorflow-library.js';
export { ModelArtifact } from './engines/model-artifact.js';
export type { ModelContent, ModelFile } from './engines/model-file.js';
export type { DescribedInput, DescribedOutput, ModelDescription, SeenScores } from './inspection/model-description.js';
export type { RunCost } from './engines/run-cost.js';
export type { EngineIdentity, EngineName, InferenceEngine, LoadedModel } from './engines/inference-engine.js';
export {
  compileFeatures,
  featureFaults,
  optionalInputs,
  type FeatureInput,
  type FeaturePipeline,
  type FeatureRow,
  type PipelineRow,
} from './features/feature-pipeline.js';
export {
  isRecordedTensorRow,
  readRecordedTensorRow,
  recordedTensorRow,
  TensorRow,
  tensorRowsOf,
  type EngineInput,
} from './features/tensor-row.js';
export { FaultList, type FaultSink } from './features/fault-sink.js';
export { DEFAULT_MAX_OBSERVATIONS, signalKeys, signalUnits } from './features/observation-reader.js';
export { readTime } from './features/observation-time.js';
export { windowsOf } from './features/window-rules.js';
export { exampleObservations } from './features/example-observations.js';
export { Scorer, type Scores } from './scorer.js';
export { SharedRuns } from './shared-runs.js';
export type { FeatureTensor, ModelInput, ModelOutput, TensorBatch } from './tensor-batch.js';
export {
  compileDecoder,
  type ClassificationResult,
  type PredictionResult,
  type RegressionResult,
  type ScoreDecoder,
} from './prediction-result.js';
export { compileResultWriter, type ResultWriter } from './result-writer.js';
export type { BatchInvariance, Comparison, VerificationRecord } from './verification/verify-model.js';
export { compareScores, tolerance, type Difference, type Tolerance } from './verification/compare.js';
export type { GoldenFile } from './verification/golden-rows.js';
export { readNestedNumbers, type NestedNumbers, type NestedTensor } from './verification/nested-numbers.js';
export type {
  ArtifactFormat,
  FeatureDeclaration,
  FeatureStep,
  FeatureSteps,
  InputRow,
  ManifestCode,
  ManifestInput,
  ManifestMetric,
  ManifestObservations,
  ManifestOutput,
  ManifestSignal,
  ModelManifest,
  ModelTask,
  Observation,
  WindowStep,
} from './manifest.js';
export { DATATYPES, isDatatype, TensorFault, type Datatype } from './open-inference/datatypes.js';
export type { TensorValues } from './open-inference/tensor-bytes.js';
export {
  HEADER_LENGTH,
  parametersOf,
  readTensorMessage,
  writeTensorMessage,
  type Parameters,
  type Tensor,
  type TensorMessage,
  type WrittenMessage,
  type WrittenTensor,
} from './open-inference/tensor-message.js';

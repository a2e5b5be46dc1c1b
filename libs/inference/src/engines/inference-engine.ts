/** The seam between Latido and what computes models. An engine loads its library on first use only. */
import type { ModelInput, ModelOutput, TensorBatch } from '../tensor-batch.js';
import type { ModelArtifact } from './model-artifact.js';
import type { RunCost } from './run-cost.js';

export type EngineName = 'onnx' | 'tfjs' | 'remote';

/** What computed a prediction, as it is recorded with it. */
export interface EngineIdentity {
  readonly name: EngineName;
  /** Library and version, for instance `onnxruntime-node 1.27.0`. */
  readonly version: string;
  /** Architecture and model of the processor, as floating point may differ between them; of a remote model, its host. */
  readonly processor: string;
}

export interface InferenceEngine {
  readonly name: EngineName;
  /** Loads the library. Throws `ENGINE_UNAVAILABLE`. @param artifact which server it is that computes a remote model */
  identity(artifact?: ModelArtifact): Promise<EngineIdentity>;
  /** Whether the engine can compute artifacts of this format at all. */
  supports(artifact: ModelArtifact): boolean;
  /** Throws `ENGINE_UNAVAILABLE`, `MODEL_UNREADABLE`, or `MODEL_DOES_NOT_FIT` for models without any output of numbers. */
  load(artifact: ModelArtifact): Promise<LoadedModel>;
}

/** A model ready to run, shared by all requests. */
export interface LoadedModel {
  readonly engine: EngineIdentity;
  readonly inputs: readonly ModelInput[];
  /** Class labels in the order of the scores, where the file carries them, as scikit-learn's classifiers do. */
  readonly classes?: readonly string[];
  /** True where the file says that its scores are values of a decision function, and no probabilities. */
  readonly isDecision?: boolean;
  /** How long runs take here, as measured when it was loaded. */
  readonly cost: RunCost;
  /** About what the model occupies now, in this thread and in worker threads. */
  readonly memoryBytes: number;
  /** In the model's order; never empty. */
  readonly outputs: readonly ModelOutput[];
  /**
   * The values of each output, `[rows, ...shape]`, row-major. Throws `INPUT_NOT_FINITE`, `OUTPUT_NOT_FINITE` or
   * `MODEL_DOES_NOT_FIT`.
   */
  run(batch: TensorBatch): Promise<Float32Array[]>;
  /** The label that the file itself gives each row, as text; undefined where it gives none, or one that is not to be believed. */
  labels?(batch: TensorBatch): Promise<readonly string[] | undefined>;
  /** Frees what the library holds; no `run` may follow. */
  dispose(): Promise<void>;
}

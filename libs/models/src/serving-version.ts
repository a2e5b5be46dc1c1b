/** A model version that answers: what the registry hands to those who predict. */
import type { EngineInput, FaultSink, FeatureRow, ModelManifest, PredictionResult } from '#inference';

/** A version loaded and ready to answer. Shared by all requests; immutable. */
export interface ServingVersion {
  readonly id: string;
  readonly model: string;
  readonly version: string;
  readonly manifest: ModelManifest;
  readonly engine: { readonly name: string; readonly version: string };
  readonly processor: string;
  /**
   * Whether a row's scores are the same to the last bit whatever else is in its batch. Only then may rows of several
   * requests be scored together, so that a record can be computed again exactly.
   */
  readonly batchInvariant: boolean;
  /**
   * One input row, unchecked, in the form that `score` takes; undefined where faults were added, all of them at once,
   * with pointers that start with `pointer` (e.g. /inputs/3). Observations become windows here, and only here.
   */
  read(row: unknown, pointer: string, faults: FaultSink): FeatureRow | undefined;
  /**
   * What the engine takes of a row, behind the pipeline: rows in that form are `TensorRow`s, and may be scored as well. Empty where it
   * takes texts.
   */
  readonly engineInputs: readonly EngineInput[];
  /** A row as it stands in a record, which may be one of tensors; else as `read`. */
  readRecorded(row: unknown, pointer: string, faults: FaultSink): FeatureRow | undefined;
  /** Scores of rows that `read` gave: float32, row-major `[rows, width]`. Throws where an output is not finite. */
  score(rows: readonly FeatureRow[]): Promise<{ readonly values: Float32Array; readonly width: number }>;
  /** The answer of one row from its scores: {label, probability, probabilities} or {value}. */
  decode(scores: ArrayLike<number>): PredictionResult;
  /** What `decode` gave as JSON text. */
  writeResult(result: PredictionResult): string;
}

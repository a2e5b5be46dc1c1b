/** A model version that answers: what the registry hands to those who predict. */
import type { InputRow, ModelManifest, PredictionResult } from '#inference';
import type { FieldError } from '#platform';

/** A version loaded and ready to answer. Shared by all requests; immutable. */
export interface ServingVersion {
  readonly id: string;
  readonly model: string;
  readonly version: string;
  readonly manifest: ModelManifest;
  readonly engine: { readonly name: string; readonly version: string };
  readonly processor: string;
  /** Faults of one input row, pointers start with `pointer` (e.g. /inputs/3); empty when valid. All faults at once. */
  validate(row: unknown, pointer: string): FieldError[];
  /** Scores of rows that are valid: float32, row-major `[rows, width]`. Throws a coded error when an output is not finite. */
  score(rows: readonly InputRow[]): Promise<{ readonly values: Float32Array; readonly width: number }>;
  /** The answer of one row from its scores: {label, probability, probabilities} or {value}. */
  decode(scores: ArrayLike<number>): PredictionResult;
}

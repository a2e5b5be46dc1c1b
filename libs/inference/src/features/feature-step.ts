/** A step of the feature pipeline: compiled once from its declaration, then applied to every batch. */

/** Columns of a batch by name, in order. */
export type FeatureLayout = readonly string[];

/** Values of a batch, row-major `[rows, columns]`, in double precision until the model takes them. */
export interface FeatureFrame {
  readonly rows: number;
  readonly values: Float64Array;
}

export interface CompiledStep {
  /** The columns that the step leaves. */
  readonly layout: FeatureLayout;
  readonly apply: (frame: FeatureFrame) => FeatureFrame;
}

/**
 * A model version's manifest as types; docs/schemas/manifest.schema.json is the specification and what is validated
 * against.
 */

export type ModelTask = 'binary-classification' | 'multiclass-classification' | 'regression';

export type ArtifactFormat = 'keras' | 'h5' | 'onnx';

/** One value that a client sends for a row. */
export interface ManifestInput {
  readonly name: string;
  readonly title: string;
  readonly description?: string;
  readonly type: 'number' | 'integer';
  /** As shown to people; UCUM where `ucum` is absent. */
  readonly unit?: string;
  readonly ucum?: string;
  readonly range?: { readonly minimum: number; readonly maximum: number };
  /** The only values allowed, each with its meaning. */
  readonly values?: readonly { readonly value: number; readonly title: string }[];
  readonly code?: { readonly system: string; readonly code: string; readonly display?: string };
  readonly example?: number;
}

/** One step of the feature pipeline: an object of one key, the step's name. */
export interface FeatureStep {
  /** Names of inputs, in the order of the model's columns. */
  readonly select: readonly string[];
}

export interface ManifestOutput {
  /**
   * In the order of the model's scores; with one score the first is the negative class, the second the positive one.
   */
  readonly classes?: readonly { readonly name: string; readonly title: string }[];
  /** Binary models: the positive class is answered from this probability of it on; 0.5 when absent. */
  readonly threshold?: number;
  /** Regressions: the unit of the value. */
  readonly unit?: string;
}

export interface ManifestMetric {
  readonly name: string;
  readonly value: number;
  /** What it was measured on: `held-out`, `train`, … */
  readonly dataset: string;
}

export interface ModelManifest {
  readonly schemaVersion: 1;
  readonly name: string;
  readonly version: string;
  readonly title: string;
  readonly description?: string;
  readonly task: ModelTask;
  /** Stands in every answer, record and export of this version. */
  readonly notice?: string;
  readonly artifact: { readonly file: string; readonly format: ArtifactFormat; readonly sha256?: string };
  readonly inputs: readonly ManifestInput[];
  readonly features?: readonly FeatureStep[];
  readonly output: ManifestOutput;
  readonly metrics?: readonly ManifestMetric[];
  readonly provenance?: {
    readonly createdAt?: string;
    readonly author?: string;
    readonly license?: string;
    readonly framework?: string;
    readonly command?: string;
    readonly seed?: number;
    readonly data?: string;
  };
  readonly files?: { readonly card?: string; readonly golden?: string; readonly evaluation?: string };
}

/** One patient's values by input name, already valid against the manifest. */
export type InputRow = Readonly<Record<string, number>>;

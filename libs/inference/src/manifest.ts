/**
 * A model version's manifest as types; docs/schemas/manifest.schema.json is the specification and what is validated
 * against.
 */

export type ModelTask = 'binary-classification' | 'multiclass-classification' | 'regression';

export type ArtifactFormat = 'keras' | 'h5' | 'onnx' | 'tfjs' | 'remote';

/** A concept of a terminology. */
export interface ManifestCode {
  readonly system: string;
  readonly code: string;
  readonly display?: string;
}

/** One value that a client sends for a row. */
export interface ManifestInput {
  readonly name: string;
  readonly title: string;
  readonly description?: string;
  readonly type: 'number' | 'integer' | 'string';
  /** As shown to people; UCUM where `ucum` is absent. */
  readonly unit?: string;
  readonly ucum?: string;
  readonly range?: { readonly minimum: number; readonly maximum: number };
  /** The only values allowed, each with its meaning. */
  readonly values?: readonly { readonly value: number | string; readonly title: string }[];
  readonly code?: ManifestCode;
  readonly example?: number | string;
}

/** One quantity that is observed again and again, such as the heart rate. */
export interface ManifestSignal {
  /** Also the name of its column in the feature pipeline. */
  readonly name: string;
  readonly title: string;
  readonly description?: string;
  /** As shown to people; UCUM where `ucum` is absent. An observation that names a unit must name one of the two. */
  readonly unit: string;
  readonly ucum?: string;
  readonly range?: { readonly minimum: number; readonly maximum: number };
  /** A client names the signal by its name or by any of these codes, as text or, for codes of digits, as a number. */
  readonly codes?: readonly ManifestCode[];
  readonly example?: number;
}

/** What a client sends as `observations` of one patient: signals with times, in the long form. */
export interface ManifestObservations {
  readonly description?: string;
  readonly signals: readonly ManifestSignal[];
  /**
   * Observations of signals that are not declared: `refuse` (default); `drop`: as if they had not been sent;
   * `timestep`: the value is dropped, its time still makes a timestep.
   */
  readonly otherSignals?: 'refuse' | 'drop' | 'timestep';
  /** Most observations of one row; 10,000 when absent. */
  readonly maximum?: number;
}

/** The last timesteps of a row's observations. Times are in seconds; a rule that is absent is not checked. */
export interface WindowStep {
  readonly samples: number;
  /** Neighbouring timesteps lie k times this apart, within `tolerance`, for a whole k of at least 1. */
  readonly samplingInterval?: number;
  /** 0 when absent. */
  readonly tolerance?: number;
  /** Between neighbouring timesteps, at most. */
  readonly longestGap?: number;
  /** From an observation to the last timestep that its value is carried forward to; beyond, the value is missing. */
  readonly longestForwardFill?: number;
  /** From the first timestep of the window to the last, at most. */
  readonly span?: number;
  /** Several values of one signal at one time: their `mean` (default), or refused. */
  readonly duplicates?: 'mean' | 'refuse';
  /** `any` (default): observations are sorted by time; `ascending`: unsorted ones are refused. */
  readonly order?: 'any' | 'ascending';
}

export interface MinMaxStep {
  readonly columns: Readonly<Record<string, { readonly minimum: number; readonly maximum: number }>>;
}

export interface StandardizeStep {
  readonly columns: Readonly<Record<string, { readonly mean: number; readonly deviation: number }>>;
}

export interface StandardizeWindowStep {
  /** All when absent. */
  readonly columns?: readonly string[];
}

export interface OneHotStep {
  readonly column: string;
  readonly values: readonly (number | string)[];
  /** Of the new columns; `<column>_<value>` when absent. */
  readonly names?: readonly string[];
}

export interface ImputeStep {
  readonly columns: Readonly<Record<string, { readonly constant: number | string } | { readonly median: number }>>;
}

/** One step of the feature pipeline: an object of one key, the step's name. */
export type FeatureStep =
  | { readonly window: WindowStep }
  /** Names of columns, in the order of the model's. */
  | { readonly select: readonly string[] }
  | { readonly minMax: MinMaxStep }
  | { readonly standardize: StandardizeStep }
  | { readonly standardizeWindow: StandardizeWindowStep }
  | { readonly oneHot: OneHotStep }
  | { readonly impute: ImputeStep };

/** The steps to the model's only input, or those to each of its inputs by the input's name. */
export type FeatureSteps = readonly FeatureStep[] | Readonly<Record<string, readonly FeatureStep[]>>;

export interface ManifestOutput {
  /**
   * In the order of the model's scores; with one score the first is the negative class, the second the positive one.
   */
  readonly classes?: readonly { readonly name: string; readonly title: string }[];
  /**
   * What the scores of a classifier are: probabilities, which is what is meant when absent, or the values of a decision
   * function, such as the distances of scikit-learn's LinearSVC, which are answered as scores.
   */
  readonly kind?: 'probabilities' | 'decision';
  /** Binary models: the positive class is answered from this probability of it on; 0.5 when absent. */
  readonly threshold?: number;
  /** Regressions: the unit of the value. */
  readonly unit?: string;
  /** Models of several outputs: the name of the one that holds the scores. */
  readonly score?: string;
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
  /** Nobody wrote it: it says what the file by itself gave to know. */
  readonly inferred?: boolean;
  readonly task: ModelTask;
  /** Stands in every answer, record and export of this version. */
  readonly notice?: string;
  /** Whether inputs tell of patients; true unless it says false. What they hold then stands in the record alone, in no other file. */
  readonly clinical?: boolean;
  readonly artifact: { readonly file: string; readonly format: ArtifactFormat; readonly sha256?: string };
  /** Empty where a row is nothing but observations. */
  readonly inputs: readonly ManifestInput[];
  readonly observations?: ManifestObservations;
  readonly features?: FeatureSteps;
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
  readonly files?: {
    readonly card?: string;
    readonly golden?: string;
    readonly evaluation?: string;
    readonly examples?: string;
  };
}

/** What goes in, and what becomes of it before the model sees it. */
export type FeatureDeclaration = Pick<ModelManifest, 'inputs' | 'observations' | 'features'>;

/** One observation as a client sends it. */
export interface Observation {
  readonly signal: string | number;
  readonly value: number;
  /** ISO 8601 with an offset or Z. */
  readonly time: string;
  readonly unit?: string;
}

/** One patient's values by input name, null where an optional one is missing, and `observations`. */
export type InputRow = Readonly<Record<string, number | string | null | readonly Observation[]>>;

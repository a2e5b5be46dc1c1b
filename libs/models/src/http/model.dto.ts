/** Models and versions as the API shows them. */
import { IsString, MaxLength, MinLength } from 'class-validator';
import type { ModelTask } from '#inference';
import type { VersionStatus } from '../storage/model-version.entity.js';

export class AllowedValueDto {
  /** @example 1 */
  value: number;
  /** @example Yes */
  title: string;
}

export class RangeDto {
  /** @example 0 */
  minimum: number;
  /** @example 99 */
  maximum: number;
}

export class CodeDto {
  /** @example http://loinc.org */
  system: string;
  /** @example 30525-0 */
  code: string;
  /** @example Age */
  display?: string;
}

/** One value that a client sends for a row. */
export class ModelInputDto {
  /** @example age */
  name: string;
  /** @example Age */
  title: string;
  description?: string;
  type: 'number' | 'integer';
  /**
   * As shown to people; UCUM where `ucum` is absent.
   * @example years
   */
  unit?: string;
  /** @example a */
  ucum?: string;
  range?: RangeDto;
  /** The only values allowed. */
  values?: AllowedValueDto[];
  code?: CodeDto;
  /** @example 68 */
  example?: number;
}

export class ModelClassDto {
  /** @example risk */
  name: string;
  /** @example Cardiac risk */
  title: string;
}

export class ModelOutputDto {
  /** Binary: the second is the positive one. */
  classes?: ModelClassDto[];
  /**
   * Binary: the positive class is answered from this probability of it on.
   * @example 0.5
   */
  threshold?: number;
  /** Regressions: the unit of the value. */
  unit?: string;
}

export class ModelMetricDto {
  /** @example auc */
  name: string;
  /** @example 0.96 */
  value: number;
  /**
   * What it was measured on.
   * @example held-out
   */
  dataset: string;
}

/** A model and what it is now: that of its active version, or of its newest where none is active. */
export class ModelDto {
  /** @example cardiac-risk */
  name: string;
  /** @example Cardiac risk */
  title: string;
  description: string | null;
  task: ModelTask;
  /** @example Trained on synthetic data; not for clinical use */
  notice: string | null;
  /**
   * The version that answers; null: none.
   * @example 1.0.0
   */
  activeVersion: string | null;
  activatedAt: Date | null;
  inputs: ModelInputDto[];
  output: ModelOutputDto;
  metrics: ModelMetricDto[];
  createdAt: Date;
}

export class ModelPageDto {
  data: ModelDto[];
  nextCursor: string | null;
}

export class ArtifactDto {
  /** @example keras */
  format: 'keras' | 'h5' | 'onnx';
  /** @example 9694ee3b4a56e0f313b511f7fab18129618b18ea42e2d8c66fcec7ff1ffbfaad */
  sha256: string;
  sizeBytes: number;
}

export class ModelVersionSummaryDto {
  id: string;
  /** @example cardiac-risk */
  model: string;
  /** @example 1.0.0 */
  version: string;
  /** @example Cardiac risk */
  title: string;
  task: ModelTask;
  /** A rejected or retired version answers nobody. */
  status: VersionStatus;
  /** Why it is rejected. */
  rejection: string | null;
  /** Whether it is the one that answers. */
  active: boolean;
  lastActivatedAt: Date | null;
  notice: string | null;
  metrics: ModelMetricDto[];
  artifact: ArtifactDto;
  createdAt: Date;
}

export class ModelVersionPageDto {
  data: ModelVersionSummaryDto[];
  nextCursor: string | null;
}

export class EngineDto {
  name: 'onnx' | 'tfjs';
  /** @example onnxruntime-node 1.27.0 */
  version: string;
  processor: string;
}

export class UnavailableEngineDto {
  engine: 'onnx' | 'tfjs';
  reason: string;
}

export class ToleranceDto {
  absolute: number;
  relative: number;
}

export class RandomRowsDto {
  count: number;
  seed: number;
}

export class ComparisonDto {
  /** `golden`: against the training framework; `engines`: one against another; `alone`: a row alone against in a batch. */
  kind: 'golden' | 'engines' | 'alone';
  engine: 'onnx' | 'tfjs';
  /**
   * What the scores were compared with.
   * @example keras 3.15.1
   */
  against: string;
  rows: number;
  /** Scores compared. */
  values: number;
  maxAbsoluteDifference: number;
  maxRelativeDifference: number;
  /** Whether every score is the same to the last bit. */
  identical: boolean;
  passed: boolean;
  failure?: string;
}

/** What was compared before the version was served, and by how much it differed. */
export class VerificationDto {
  verifiedAt: string;
  passed: boolean;
  reason?: string;
  /** A score may differ by `absolute + relative · |expected|`. */
  tolerance: ToleranceDto;
  /** Rows drawn within the declared ranges for the comparisons that are not `golden`. */
  randomRows: RandomRowsDto;
  /** Those that computed the model. */
  engines: EngineDto[];
  unavailable: UnavailableEngineDto[];
  /** True where no second engine could check the first. */
  singleEngine: boolean;
  comparisons: ComparisonDto[];
}

export class ProvenanceDto {
  createdAt?: string;
  author?: string;
  license?: string;
  /** @example keras 3.15.1 on jax 0.10.2 */
  framework?: string;
  /** What to run to make this version again. */
  command?: string;
  seed?: number;
  /** What the model was trained and evaluated on. */
  data?: string;
}

/** A step of the feature pipeline. */
export class FeatureStepDto {
  /** Names of inputs, in the order of the model's columns. */
  select: string[];
}

export class ModelVersionDto extends ModelVersionSummaryDto {
  description: string | null;
  inputs: ModelInputDto[];
  /** From a row's values to the model's columns; empty: all inputs in their order. */
  features: FeatureStepDto[];
  output: ModelOutputDto;
  provenance: ProvenanceDto | null;
  /** One for each engine version that has verified it, oldest first. */
  verifications: VerificationDto[];
}

/** A model card in the form of data. */
export class ModelCardDto {
  /** @example cardiac-risk */
  model: string;
  /** @example 1.0.0 */
  version: string;
  /** @example Cardiac risk */
  title: string;
  description: string | null;
  notice: string | null;
  task: ModelTask;
  status: VersionStatus;
  inputs: ModelInputDto[];
  output: ModelOutputDto;
  metrics: ModelMetricDto[];
  provenance: ProvenanceDto | null;
  artifact: ArtifactDto;
  verifications: VerificationDto[];
  /** The same in words, Markdown. */
  text: string;
}

export class CompareQuery {
  /**
   * One version.
   * @example 1.0.0
   */
  @IsString() @MinLength(1) @MaxLength(64) a: string;

  /**
   * The other version.
   * @example 1.1.0
   */
  @IsString() @MinLength(1) @MaxLength(64) b: string;
}

export class MetricComparisonDto {
  /** @example auc */
  name: string;
  /** @example held-out */
  dataset: string;
  /** Null: not measured. */
  a: number | null;
  /** Null: not measured. */
  b: number | null;
  /** b − a; null where one of them was not measured. */
  difference: number | null;
}

export class InputComparisonDto {
  /** Inputs that only `b` takes. */
  added: string[];
  /** Inputs that only `a` takes. */
  removed: string[];
  /** Inputs that both take, declared differently. */
  changed: string[];
}

export class VersionComparisonDto {
  /** @example cardiac-risk */
  model: string;
  a: ModelVersionSummaryDto;
  b: ModelVersionSummaryDto;
  metrics: MetricComparisonDto[];
  inputs: InputComparisonDto;
  /** Whether a client of `a` is answered by `b` in the same form: the same inputs and the same classes. */
  interchangeable: boolean;
  sameArtifact: boolean;
}

/** Models and versions as the API shows them. */
import { ApiExtraModels, ApiProperty, ApiPropertyOptional, getSchemaPath } from '@nestjs/swagger';
import { IsString, MaxLength, MinLength } from 'class-validator';
import type { ModelTask } from '#inference';
import { VerificationDto } from './verification.dto.js';
import type { VersionStatus } from '../storage/model-version.entity.js';

export class AllowedValueDto {
  /** A text for inputs of text. */
  @ApiProperty({ oneOf: [{ type: 'number' }, { type: 'string' }], example: 1 })
  value: number | string;
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
  type: 'number' | 'integer' | 'string';
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
  @ApiPropertyOptional({ oneOf: [{ type: 'number' }, { type: 'string' }], example: 68 })
  example?: number | string;
}

/** What is observed again and again; a client names it by its name or by a code. */
export class SignalDto {
  /** @example heartRate */
  name: string;
  /** @example Heart rate */
  title: string;
  description?: string;
  /**
   * As shown to people; UCUM where `ucum` is absent.
   * @example /min
   */
  unit: string;
  /** @example /min */
  ucum?: string;
  range?: RangeDto;
  codes?: CodeDto[];
  /** @example 80 */
  example?: number;
}

/** What a client sends as `observations` of one patient. */
export class ObservationsDto {
  description?: string;
  signals: SignalDto[];
  /** Observations of other signals: refused, dropped as if not sent, or dropped but for their time. */
  otherSignals: 'refuse' | 'drop' | 'timestep';
  /**
   * Most observations of one patient.
   * @example 10000
   */
  maximum: number;
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
  /** What the scores of a classifier are; left out, probabilities. Those of a decision function are answered as scores. */
  @ApiPropertyOptional({ enum: ['probabilities', 'decision'] })
  kind?: 'probabilities' | 'decision';
  /**
   * Binary: the positive class is answered from this probability of it on.
   * @example 0.5
   */
  threshold?: number;
  /** Regressions: the unit of the value. */
  unit?: string;
  /** Models of several outputs: the name of the one that holds the scores. */
  score?: string;
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
  /** Null: a row is its inputs alone. */
  observations: ObservationsDto | null;
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
  format: 'keras' | 'h5' | 'onnx' | 'tfjs' | 'remote';
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
  /** Whether nobody wrote its manifest: names, units and ranges are then what the file by itself gave to know. */
  inferred: boolean;
  /** A rejected or retired version answers nobody. */
  status: VersionStatus;
  /** Why it is rejected. */
  rejection: string | null;
  /** Whether it is the one that answers. */
  active: boolean;
  lastActivatedAt: Date | null;
  notice: string | null;
  metrics: ModelMetricDto[];
  /** Whether it came with curves and histograms: `…/evaluation`. */
  hasEvaluation: boolean;
  artifact: ArtifactDto;
  createdAt: Date;
}

export class ModelVersionPageDto {
  data: ModelVersionSummaryDto[];
  nextCursor: string | null;
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

/** The last timesteps of a patient's observations. Times are in seconds; a rule that is absent is not checked. */
export class WindowDto {
  /** @example 20 */
  samples: number;
  /** @example 300 */
  samplingInterval?: number;
  tolerance?: number;
  longestGap?: number;
  longestForwardFill?: number;
  span?: number;
  duplicates?: 'mean' | 'refuse';
  order?: 'any' | 'ascending';
}

/** A step of the feature pipeline: one of these, as the manifest's schema describes it. */
export class FeatureStepDto {
  window?: WindowDto;
  /** Names of columns, in the order of the model's. */
  select?: string[];
  @ApiPropertyOptional({ type: 'object', additionalProperties: true }) minMax?: object;
  @ApiPropertyOptional({ type: 'object', additionalProperties: true }) standardize?: object;
  @ApiPropertyOptional({ type: 'object', additionalProperties: true }) standardizeWindow?: object;
  @ApiPropertyOptional({ type: 'object', additionalProperties: true }) oneHot?: object;
  @ApiPropertyOptional({ type: 'object', additionalProperties: true }) impute?: object;
}

const STEPS = { type: 'array', items: { $ref: getSchemaPath(FeatureStepDto) } } as const;

@ApiExtraModels(FeatureStepDto)
export class ModelVersionDto extends ModelVersionSummaryDto {
  description: string | null;
  inputs: ModelInputDto[];
  /** Null: a row is its inputs alone. */
  observations: ObservationsDto | null;
  /**
   * From a row's values to the model's columns, in order; empty: all inputs in their order. Of a model of several inputs
   * the steps to each, by the input's name.
   */
  @ApiProperty({ oneOf: [STEPS, { type: 'object', additionalProperties: STEPS }] })
  features: FeatureStepDto[] | Record<string, FeatureStepDto[]>;
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
  observations: ObservationsDto | null;
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
  /** Inputs and signals that only `b` takes. */
  added: string[];
  /** Inputs and signals that only `a` takes. */
  removed: string[];
  /** Those that both take, declared differently; `observations` where the windows or their rules differ. */
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

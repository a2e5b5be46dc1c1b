import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min, MinLength } from 'class-validator';
import { SCORE_KINDS, type ScoreKind } from './version-score.js';

export class ServicePredictionsQuery {
  /** UTC days up to today, today included; 14 unless given. */
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(90) days?: number;
  /**
   * Only of this model.
   * @example cardiac-risk
   */
  @IsOptional() @IsString() @MinLength(1) @MaxLength(64) model?: string;
}

/** What a number of rows was answered. */
export class AnswersDto {
  /** Rows of a file come in several predictions. */
  predictions: number;
  rows: number;
  /** Rows by answered class; empty for a regression. Rows that were erased before they were counted are in no class. */
  @ApiProperty({ type: 'object', additionalProperties: { type: 'integer' }, example: { risk: 12, 'no-risk': 30 } })
  labels: Record<string, number>;
  /**
   * What `meanScore` is the mean of. Classifiers: the probability of the positive class where there are two, else that of the answered
   * class (0 to 1), or the decision function's value for that class; regressions: the value, in the model's unit. Null before there is one.
   */
  @ApiProperty({ enum: SCORE_KINDS, enumName: 'ScoreKind', nullable: true }) score: ScoreKind | null;
  /** Over the rows; null without any. */
  @ApiProperty({ type: 'number', nullable: true }) meanScore: number | null;
}

export class PredictionDayDto extends AnswersDto {
  /**
   * UTC.
   * @example 2026-01-31
   */
  date: string;
  /** @example cardiac-risk */
  model: string;
  /** @example 1.0.0 */
  version: string;
  /** `file`: rows of CSV streams and batches; `request`: all others. */
  @ApiProperty({ enum: ['request', 'file'] }) source: 'request' | 'file';
}

export class ScoredFileDto extends AnswersDto {
  /** Of a batch its id; of a stream the id of its admission, as the request log has it. */
  @ApiProperty({ format: 'uuid' }) id: string;
  /** `stream`: answered in the request that brought it. */
  @ApiProperty({ enum: ['stream', 'batch'] }) kind: 'stream' | 'batch';
  /** When it was admitted. */
  createdAt: Date;
  /** @example cardiac-risk */
  model: string;
  /** @example 1.0.0 */
  version: string;
  /** A patient of it was erased: then neither classes nor scores of the file are told any more. */
  erased: boolean;
}

export class ServicePredictionsDto {
  /**
   * First day, UTC.
   * @example 2026-01-18
   */
  from: string;
  /**
   * Last day, UTC: today.
   * @example 2026-01-31
   */
  to: string;
  /** Everything that was answered before this moment is counted; what came later may be. */
  asOf: Date;
  /** The newest first; days without predictions are left out. */
  days: PredictionDayDto[];
  /** The newest 50 that were admitted in these days, with what was predicted of them so far. */
  files: ScoredFileDto[];
}

import { IsOptional, IsString, MaxLength, MinLength } from 'class-validator';
import { IsInstant } from '#platform';

export class ComparisonQuery {
  /**
   * The version on trial.
   * @example 1.1.0
   */
  @IsString() @MinLength(1) @MaxLength(64) version: string;
  /**
   * Only predictions made from this moment on.
   * @example 2026-01-01T00:00:00Z
   */
  @IsOptional() @IsInstant() from?: string;
  /** Only predictions made before this moment. */
  @IsOptional() @IsInstant() to?: string;
}

/** Milliseconds that a version took to compute, those that rows of other requests in the same run took included. */
export class LatencyDto {
  mean: number;
  p95: number;
}

/** Two versions on the same rows: one answered them, the other computed them in shadow. */
export class ServedComparisonDto {
  /**
   * Which answered.
   * @example 1.0.0
   */
  answered: string;
  /**
   * Which computed in shadow.
   * @example 1.1.0
   */
  shadow: string;
  /** Predictions that both were to compute. */
  predictions: number;
  /** Those that the version in shadow could not compute, because it takes other rows or has no answer. */
  failed: number;
  /** Rows that both computed. */
  rows: number;
  /** Of the rows: those with the same answer; null without any. */
  agreement: number | null;
  /** Between the answered probability, score or value and the other version's for the same class. */
  meanDifference: number | null;
  largestDifference: number | null;
  answeredLatencyMs: LatencyDto | null;
  shadowLatencyMs: LatencyDto | null;
}

export class TrafficComparisonDto {
  /** @example cardiac-risk */
  model: string;
  /** @example 1.1.0 */
  version: string;
  /** Each version that it was compared with, the one compared most often first. */
  comparisons: ServedComparisonDto[];
}

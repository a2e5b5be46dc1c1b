import { IsOptional, IsString, MaxLength, MinLength } from 'class-validator';
import { IsInstant, PageQuery } from '#platform';

export class ActivateDto {
  /**
   * The version that shall answer from now on.
   * @example 1.0.0
   */
  @IsString() @MinLength(1) @MaxLength(64) version: string;

  /**
   * Why; kept in the history and in the audit trail.
   * @example better calibrated on the March cohort
   */
  @IsOptional() @IsString() @MinLength(1) @MaxLength(1000) reason?: string;
}

export class ActivationQuery extends PageQuery {
  /**
   * Only the activation that was in force at this moment.
   * @example 2026-01-01T00:00:00Z
   */
  @IsOptional() @IsInstant() at?: string;
}

export class ActivationDto {
  id: string;
  /** @example cardiac-risk */
  model: string;
  /**
   * The version activated.
   * @example 1.0.0
   */
  version: string;
  /** The version that answered before; null for the first. */
  previousVersion: string | null;
  reason: string | null;
  /** The user who did it; null: the server itself at its first start. */
  activatedBy: string | null;
  activatedAt: Date;
}

export class ActivationPageDto {
  data: ActivationDto[];
  nextCursor: string | null;
}

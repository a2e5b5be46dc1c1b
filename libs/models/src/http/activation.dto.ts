import { IsBoolean, IsOptional, IsString, MaxLength, MinLength } from 'class-validator';
import { IsInstant, PageQuery } from '#platform';
import type { ActivationKind } from '../storage/activation.entity.js';

export class RollBackDto {
  /**
   * Why; kept in the history and in the audit trail.
   * @example alarms on the night shift
   */
  @IsOptional() @IsString() @MinLength(1) @MaxLength(1000) reason?: string;
}

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

  /** The version shall answer although the model's policy has something against it; needs a reason. */
  @IsOptional() @IsBoolean() override?: boolean;
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
  /** `rollback`: the version that had answered before was put back. */
  kind: ActivationKind;
  reason: string | null;
  /** What the policy had against the version, where an administrator activated it all the same; null: nothing. */
  overridden: string[] | null;
  /** The user who did it; null: the server itself at its first start. */
  activatedBy: string | null;
  activatedAt: Date;
}

export class ActivationPageDto {
  data: ActivationDto[];
  nextCursor: string | null;
}

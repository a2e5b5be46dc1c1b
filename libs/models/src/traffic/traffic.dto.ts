import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsNumber,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateNested,
} from 'class-validator';
import { IsInstant, PageQuery } from '#platform';

/** Versions that may run in shadow beside one active version: each computes every row once more. */
const MOST_SHADOWS = 3;

export class CanaryDto {
  /**
   * The version that answers a part of those who ask.
   * @example 1.1.0
   */
  @IsString() @MinLength(1) @MaxLength(64) version: string;
  /**
   * Which part, of the patients by `subject`, or of the users where none is named.
   * @example 0.1
   */
  @IsNumber({ allowNaN: false, allowInfinity: false, maxDecimalPlaces: 6 }) @Min(0.000001) @Max(0.999999) share: number;
}

/** How a model's traffic shall be shared from now on; what is left out is nobody. */
export class SetTrafficDto {
  @IsOptional() @ValidateNested() @Type(() => CanaryDto) canary?: CanaryDto;

  /**
   * Versions that compute every row as well, recorded and never answered.
   * @example ["1.1.0"]
   */
  @IsOptional()
  @IsArray()
  @ArrayUnique()
  @ArrayMaxSize(MOST_SHADOWS)
  @IsString({ each: true })
  @MinLength(1, { each: true })
  @MaxLength(64, { each: true })
  shadows?: string[];

  /**
   * Why; kept in the history and in the audit trail.
   * @example a tenth of the patients for a week
   */
  @IsOptional() @IsString() @MinLength(1) @MaxLength(1000) reason?: string;

  /** The canary shall answer although the model's policy has something against it; needs a reason. */
  @IsOptional() @IsBoolean() override?: boolean;
}

export class TrafficQuery extends PageQuery {
  /**
   * Only the change that was in force at this moment.
   * @example 2026-01-01T00:00:00Z
   */
  @IsOptional() @IsInstant() at?: string;
}

/** How a model's traffic was shared from a moment on, beside its active version. */
export class TrafficDto {
  /** @example cardiac-risk */
  model: string;
  /** Null: everybody is answered by the active version. */
  canary: CanaryDto | null;
  /** @example ["1.1.0"] */
  shadows: string[];
  reason: string | null;
  /** What the policy had against the canary, where an administrator gave it a share all the same; null: nothing. */
  overridden: string[] | null;
  /** The user who changed it; null: an operator or the server itself, or nothing was ever changed. */
  changedBy: string | null;
  /** Null: it was never changed. */
  changedAt: Date | null;
}

export class TrafficPageDto {
  data: TrafficDto[];
  nextCursor: string | null;
}

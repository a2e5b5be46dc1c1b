import { IsOptional, IsString, MaxLength, MinLength } from 'class-validator';

/** Which version the older service shall answer by. */
export class ActivateLabModelDto {
  /**
   * One of the service's models.
   * @example vertebral-column
   */
  @IsString() @MinLength(1) @MaxLength(64) name: string;

  /** @example 1.0.0 */
  @IsString() @MinLength(1) @MaxLength(64) version: string;

  /**
   * Why; kept in the history and in the audit trail.
   * @example better calibrated on the March cohort
   */
  @IsOptional() @IsString() @MinLength(1) @MaxLength(1000) reason?: string;
}

import { Type } from 'class-transformer';
import { IsInt, IsOptional, Max, Min } from 'class-validator';

export const DEFAULT_USAGE_DAYS = 30;

export class UsageQuery {
  /**
   * How many UTC days, today included.
   * @example 30
   */
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(366) days?: number;
}

export class UsageDayDto {
  /**
   * UTC date.
   * @example 2026-01-31
   */
  date: string;
  /** Requests on counted routes, refused ones included. */
  requests: number;
  /** Requests answered with a prediction. */
  predictions: number;
  /** Requests refused because the plan admitted no more. */
  refusals: number;
}

export class UsageDto {
  /** The first UTC date looked at. */
  from: string;
  /** The last: today. */
  to: string;
  /** Days with at least one request, newest first. */
  data: UsageDayDto[];
}

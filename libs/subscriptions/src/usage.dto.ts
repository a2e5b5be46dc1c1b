import { Transform, Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsInt, IsOptional, IsUUID, Max, Min } from 'class-validator';

export const DEFAULT_USAGE_DAYS = 30;

export class UsageQuery {
  /**
   * How many UTC days, today included.
   * @example 30
   */
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(366) days?: number;
}

export class UsersUsageQuery extends UsageQuery {
  /** Whose: 1 to 100 ids, each a parameter of its own. */
  @Transform(({ value }: { value: unknown }) => (value === undefined ? [] : [value].flat()))
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @IsUUID(undefined, { each: true })
  userId: string[];
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

export class UserUsageDto {
  userId: string;
  /** Days with at least one request, newest first; none for the id of nobody. */
  data: UsageDayDto[];
}

export class UsersUsageDto {
  /** The first UTC date looked at. */
  from: string;
  /** The last: today. */
  to: string;
  /** Of each user who was asked for, in that order. */
  data: UserUsageDto[];
}

import { IsInt, Max, Min, ValidateIf } from 'class-validator';

/** May be left out, but not null: a bound is a number. */
function MayBeLeftOut(): PropertyDecorator {
  return ValidateIf((_, value) => value !== undefined);
}

export class PlanDto {
  /** @example FREEMIUM */
  name: string;
  /**
   * Counted requests admitted in any 60 seconds.
   * @example 5
   */
  requestsPerMinute: number;
  /**
   * Rows in one request.
   * @example 1000
   */
  rowsPerRequest: number;
  /**
   * Rows predicted in one UTC day.
   * @example 50000
   */
  rowsPerDay: number;
  /**
   * Streams of rows open at the same time.
   * @example 1
   */
  concurrentStreams: number;
  updatedAt: Date;
}

export class PlanListDto {
  data: PlanDto[];
}

/** What is left out stays as it is. */
export class ChangePlanDto {
  /**
   * Counted requests admitted in any 60 seconds.
   * @example 5
   */
  @MayBeLeftOut() @IsInt() @Min(1) @Max(100_000) requestsPerMinute?: number;

  /**
   * Rows in one request.
   * @example 1000
   */
  @MayBeLeftOut() @IsInt() @Min(1) @Max(1_000) rowsPerRequest?: number;

  /**
   * Rows predicted in one UTC day.
   * @example 50000
   */
  @MayBeLeftOut() @IsInt() @Min(1) @Max(1_000_000_000) rowsPerDay?: number;

  /**
   * Streams of rows open at the same time.
   * @example 1
   */
  @MayBeLeftOut() @IsInt() @Min(1) @Max(1_000) concurrentStreams?: number;
}

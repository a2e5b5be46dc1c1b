import { UserDto } from '#users';

/** What is left of the plan at this moment. */
export class QuotaDto {
  /**
   * Counted requests admitted in any `windowSeconds`.
   * @example 5
   */
  limit: number;
  /**
   * How many would be admitted now.
   * @example 4
   */
  remaining: number;
  /** @example 60 */
  windowSeconds: number;
  /**
   * Until the oldest counted request leaves the window; 0 when there is none in it.
   * @example 37
   */
  resetSeconds: number;
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
  /** Rows predicted since midnight UTC. */
  rowsToday: number;
  /** Streams of rows open at the same time. */
  concurrentStreams: number;
}

export class MeDto extends UserDto {
  /** The password must be changed before anything else is allowed. */
  mustChangePassword: boolean;
  /** @example FREEMIUM */
  plan: string;
  quota: QuotaDto;
}

import { ApiProperty } from '@nestjs/swagger';

/** Milliseconds that so many of a hundred requests took at most, by the nearest rank: each is one that was measured. */
export class LatencyPercentilesDto {
  /** @example 0.4 */
  p50Ms: number;
  /** @example 0.7 */
  p90Ms: number;
  /** @example 2.1 */
  p99Ms: number;
}

export class VersionLatencyDto {
  /** @example cardiac-risk */
  model: string;
  /** @example 1.0.0 */
  version: string;
  /** That were measured: the newest ones, 1,000 at most. */
  predictions: number;
  /** When the first of them was made; null where there is none. */
  @ApiProperty({ type: Date, nullable: true }) from: Date | null;
  /** When the last of them was made. */
  @ApiProperty({ type: Date, nullable: true }) to: Date | null;
  /** Of the computation alone. */
  @ApiProperty({ type: LatencyPercentilesDto, nullable: true }) infer: LatencyPercentilesDto | null;
  /** From the request's arrival until its answer was out. */
  @ApiProperty({ type: LatencyPercentilesDto, nullable: true }) total: LatencyPercentilesDto | null;
}

import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Max, Min } from 'class-validator';

export const DEFAULT_METRICS_SECONDS = 2;

const byMetric = (name: string) => ({
  type: 'object' as const,
  additionalProperties: { type: 'array' as const, items: { $ref: `#/components/schemas/${name}` } },
});
const labelsSchema = { type: 'object' as const, additionalProperties: { type: 'string' as const } };

export class MeasuredValueDto {
  @ApiProperty(labelsSchema) labels: Record<string, string>;
  value: number;
}

export class MeasuredDistributionDto {
  @ApiProperty(labelsSchema) labels: Record<string, string>;
  count: number;
  /** In the metric's unit, seconds for durations. */
  mean: number;
  p50: number;
  p90: number;
  p99: number;
}

/** Since the process started. Names are those of /metrics. */
export class ServiceMetricsDto {
  collectedAt: Date;
  uptimeSeconds: number;
  @ApiProperty(byMetric('MeasuredValueDto')) counters: Record<string, MeasuredValueDto[]>;
  @ApiProperty(byMetric('MeasuredValueDto')) gauges: Record<string, MeasuredValueDto[]>;
  @ApiProperty(byMetric('MeasuredDistributionDto')) histograms: Record<string, MeasuredDistributionDto[]>;
}

export class ServiceEventsQuery {
  /**
   * Seconds from one event to the next; left out, 2.
   * @example 2
   */
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(60) everySeconds?: number;
}

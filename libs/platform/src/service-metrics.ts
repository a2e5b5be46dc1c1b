/** The metrics as numbers for people: counters and gauges by label, histograms as percentiles. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { ServerSentEvent } from './http/server-sent-events.js';
import { Metrics } from './metrics.js';
import {
  DEFAULT_METRICS_SECONDS,
  type MeasuredDistributionDto,
  type ServiceEventsQuery,
  type ServiceMetricsDto,
} from './service-metrics.dto.js';

/** Whoever listens longer asks again, with a token that is then looked at again. */
const LISTENING_MS = 10 * 60_000;

interface Sample {
  readonly value: number;
  readonly labels: Record<string, string | number>;
  readonly metricName?: string;
}

/**
 * The value below which a share `quantile` of a histogram's observations lie, interpolated within its bucket.
 * @param buckets upper bounds and cumulative counts, ascending, the last bound Infinity
 */
export function histogramQuantile(
  quantile: number,
  buckets: readonly { readonly bound: number; readonly cumulative: number }[],
): number {
  const total = buckets.at(-1)?.cumulative ?? 0;
  if (total === 0) return 0;
  const rank = quantile * total;
  let lower = 0;
  let below = 0;
  for (const { bound, cumulative } of buckets) {
    if (cumulative >= rank) {
      if (bound === Infinity) return lower;
      const inBucket = cumulative - below;
      return inBucket === 0 ? bound : lower + ((bound - lower) * (rank - below)) / inBucket;
    }
    lower = bound;
    below = cumulative;
  }
  return lower;
}

function distributions(samples: readonly Sample[]): MeasuredDistributionDto[] {
  const byLabels = new Map<
    string,
    { labels: Record<string, string>; buckets: { bound: number; cumulative: number }[]; sum: number }
  >();
  for (const { value, labels, metricName } of samples) {
    const { le, ...own } = labels;
    const key = JSON.stringify(own);
    const found = byLabels.get(key) ?? { labels: texts(own), buckets: [], sum: 0 };
    byLabels.set(key, found);
    if (metricName?.endsWith('_sum')) found.sum = value;
    else if (metricName?.endsWith('_bucket'))
      found.buckets.push({ bound: le === '+Inf' ? Infinity : Number(le), cumulative: value });
  }
  return [...byLabels.values()].map(({ labels, buckets, sum }) => {
    const count = buckets.at(-1)?.cumulative ?? 0;
    return {
      labels,
      count,
      mean: count === 0 ? 0 : sum / count,
      p50: histogramQuantile(0.5, buckets),
      p90: histogramQuantile(0.9, buckets),
      p99: histogramQuantile(0.99, buckets),
    };
  });
}

function texts(labels: Record<string, string | number>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, String(value)]));
}

@Injectable()
export class ServiceMetrics {
  constructor(private readonly metrics: Metrics) {}

  async snapshot(): Promise<ServiceMetricsDto> {
    const answer: ServiceMetricsDto = {
      collectedAt: new Date(),
      uptimeSeconds: process.uptime(),
      counters: {},
      gauges: {},
      histograms: {},
    };
    for (const metric of await (await this.metrics.collect()).getMetricsAsJSON()) {
      const samples = metric.values as unknown as Sample[];
      const type = String(metric.type);
      if (type === 'histogram') answer.histograms[metric.name] = distributions(samples);
      else
        answer[type === 'counter' ? 'counters' : 'gauges'][metric.name] = samples.map(({ value, labels }) => ({
          labels: texts(labels),
          value,
        }));
    }
    return answer;
  }

  /** The snapshot at once, and again and again. */
  async *events(
    { everySeconds = DEFAULT_METRICS_SECONDS }: ServiceEventsQuery,
    gone: AbortSignal,
  ): AsyncGenerator<ServerSentEvent> {
    const endsAtMs = performance.now() + LISTENING_MS;
    while (performance.now() < endsAtMs) {
      yield { event: 'metrics', data: await this.snapshot() };
      await sleep(everySeconds * 1000, undefined, { signal: gone });
    }
  }
}

/** Reads the service's metrics by their Prometheus names. Pure. */
import type { Schemas } from '../api/latido';

export type ServiceMetrics = Schemas['ServiceMetricsDto'];
export type Measured = Schemas['MeasuredValueDto'];
export type Distribution = Schemas['MeasuredDistributionDto'];

/** Answers that go on for as long as somebody listens: their time says nothing of how quick the service is. */
const STREAMS: ReadonlySet<string> = new Set(['/v1/service/events', '/v1/batches/:id/events', '/v1/audit/verify']);

/** The route by which most is predicted: what its percentiles are, people feel. */
export const PREDICTION_ROUTE = '/v1/models/:model/predictions';

const sum = (values: readonly Measured[] | undefined): number =>
  (values ?? []).reduce((total, { value }) => total + value, 0);

/** Over all labels; 0 where nothing was counted yet. */
export function counted(metrics: ServiceMetrics, name: string): number {
  return sum(metrics.counters[name]);
}

/** Over all labels; undefined where the server does not measure it. */
export function gauged(metrics: ServiceMetrics, name: string): number | undefined {
  const values = metrics.gauges[name];
  return values === undefined || values.length === 0 ? undefined : sum(values);
}

/** Of a metric without labels; undefined before there is anything in it. */
export function distributed(metrics: ServiceMetrics, name: string): Distribution | undefined {
  const [found] = metrics.histograms[name] ?? [];
  return found && found.count > 0 ? found : undefined;
}

/** Answers with a status from `from` on and before `before`. */
export function answersOf(metrics: ServiceMetrics, from: number, before: number): number {
  const within = ({ labels }: Measured): boolean => {
    const status = Number(labels.status);
    return status >= from && status < before;
  };
  return sum((metrics.counters.latido_http_requests_total ?? []).filter(within));
}

/** How many answers there were and how long they took together, in seconds; streams left out. */
export function answered(metrics: ServiceMetrics): { readonly count: number; readonly seconds: number } {
  return timedRoutes(metrics).reduce(
    (total, { count, mean }) => ({ count: total.count + count, seconds: total.seconds + count * mean }),
    { count: 0, seconds: 0 },
  );
}

function timedRoutes(metrics: ServiceMetrics): Distribution[] {
  return (metrics.histograms.latido_http_request_duration_seconds ?? []).filter(
    ({ labels, count }) => count > 0 && !STREAMS.has(labels.route ?? ''),
  );
}

/** Times in milliseconds, since the server started. */
export interface Timing {
  readonly name: string;
  readonly count: number;
  readonly meanMs: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p99Ms: number;
}

export function timingOf({ count, mean, p50, p90, p99 }: Distribution, name: string): Timing {
  return { name, count, meanMs: mean * 1000, p50Ms: p50 * 1000, p90Ms: p90 * 1000, p99Ms: p99 * 1000 };
}

const mostFirst = (a: Timing, b: Timing): number => b.count - a.count || a.name.localeCompare(b.name);

export interface RouteTiming extends Timing {
  /** Answers of 400 and more. */
  readonly refused: number;
}

/** By route, the one that was asked most first. */
export function routeTimings(metrics: ServiceMetrics): RouteTiming[] {
  const refused = new Map<string, number>();
  for (const { labels, value } of metrics.counters.latido_http_requests_total ?? [])
    if (Number(labels.status) >= 400) refused.set(labels.route ?? '', (refused.get(labels.route ?? '') ?? 0) + value);
  return timedRoutes(metrics)
    .map((distribution) => {
      const route = distribution.labels.route ?? '';
      return { ...timingOf(distribution, route), refused: refused.get(route) ?? 0 };
    })
    .sort(mostFirst);
}

/** Predictions by model, the one that was asked most first. */
export function modelTimings(metrics: ServiceMetrics): Timing[] {
  return (metrics.histograms.latido_prediction_duration_seconds ?? [])
    .filter(({ count }) => count > 0)
    .map((distribution) => timingOf(distribution, distribution.labels.model ?? ''))
    .sort(mostFirst);
}

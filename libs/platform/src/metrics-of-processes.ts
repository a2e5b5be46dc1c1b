/** Metrics of several processes that are scraped as one: what each counted since it started, together. */
import { AggregatorRegistry, type MetricObjectWithValues, type MetricValue, type Registry } from 'prom-client';

/** One process's metrics as plain objects, fit to be sent to another. */
export type MetricSnapshot = MetricObjectWithValues<MetricValue<string>>[];

/** Counters, histograms and most gauges are added up; a gauge may name another way. */
export function mergeMetrics(snapshots: readonly MetricSnapshot[]): Registry {
  return AggregatorRegistry.aggregate([...snapshots]);
}

/** The part that must not shrink when the process that counted it is gone: a sum that did would look like a restart of all. */
export function cumulativePart(snapshot: MetricSnapshot): MetricSnapshot {
  return snapshot.filter(({ type }) => ['counter', 'histogram'].includes(String(type)));
}

import { expect, it } from 'vitest';
import { cumulativePart, mergeMetrics, type MetricSnapshot } from './metrics-of-processes.js';
import { Metrics } from './metrics.js';
import { ServiceMetrics } from './service-metrics.js';

/** As it arrives from another process. */
async function snapshotOf(requests: number, seconds: number[], shared: number): Promise<MetricSnapshot> {
  const metrics = new Metrics();
  metrics.counter('requests_total', 'x', ['route']).inc({ route: '/a' }, requests);
  const latency = metrics.histogram('latency_seconds', 'x');
  for (const each of seconds) latency.observe(each);
  metrics.gauge('queue', 'x', () => requests);
  metrics.gauge('shared', 'x', () => shared, 'min');
  return JSON.parse(JSON.stringify(await metrics.registry.getMetricsAsJSON())) as MetricSnapshot;
}

it('adds up what processes counted, and takes the least where that is what tells something', async () => {
  const text = await mergeMetrics([await snapshotOf(3, [0.002], 1), await snapshotOf(4, [0.002, 0.2], 0)]).metrics();
  expect(text).toContain('requests_total{route="/a"} 7\n');
  expect(text).toContain('latency_seconds_bucket{le="0.0025"} 2\n');
  expect(text).toContain('latency_seconds_bucket{le="+Inf"} 3\n');
  expect(text).toContain('latency_seconds_count 3\n');
  expect(text).toContain('queue 7\n');
  expect(text).toContain('shared 0\n');
});

it('keeps of a process that is gone what must not shrink', async () => {
  const gone = cumulativePart(await snapshotOf(3, [0.002], 0));
  const text = await mergeMetrics([await snapshotOf(4, [], 1), gone]).metrics();
  expect(text).toContain('requests_total{route="/a"} 7\n');
  expect(text).toContain('queue 4\n');
  expect(text).toContain('shared 1\n');
});

it('is what people are told where the process is one of several', async () => {
  const metrics = new Metrics();
  metrics.gatheredBy(async () => mergeMetrics([await snapshotOf(3, [0.002], 1), await snapshotOf(4, [0.002], 1)]));
  const { counters, histograms } = await new ServiceMetrics(metrics).snapshot();
  expect(counters.requests_total).toEqual([{ labels: { route: '/a' }, value: 7 }]);
  expect(histograms.latency_seconds).toMatchObject([{ count: 2, mean: 0.002 }]);
});

import { expect, it } from 'vitest';
import { Metrics } from './metrics.js';
import { histogramQuantile, ServiceMetrics } from './service-metrics.js';

const bounds = (...entries: [number, number][]) => entries.map(([bound, cumulative]) => ({ bound, cumulative }));

it('interpolates a quantile within its bucket', () => {
  expect(histogramQuantile(0.5, bounds([1, 0], [2, 10], [Infinity, 10]))).toBeCloseTo(1.5);
  expect(histogramQuantile(0.99, bounds([1, 99], [2, 100], [Infinity, 100]))).toBeCloseTo(1);
});

it('answers the last finite bound for observations beyond it, and 0 for none', () => {
  expect(histogramQuantile(0.9, bounds([1, 1], [Infinity, 10]))).toBe(1);
  expect(histogramQuantile(0.5, bounds([1, 0], [Infinity, 0]))).toBe(0);
});

it('tells counters, gauges and histograms apart and keeps their labels', async () => {
  const metrics = new Metrics();
  metrics.counter('refusals_total', 'x', ['plan']).inc({ plan: 'FREEMIUM' }, 3);
  metrics.gauge('queue', 'x', () => 7);
  metrics.histogram('latency_seconds', 'x', ['model']).observe({ model: 'a' }, 0.002);
  metrics.distribution('duration_seconds', 'x', 'model').of('a').observe(0.002);
  metrics.tallied('answers_total', 'x', ['status'], () => [[{ status: 201 }, 2]]);
  const { counters, gauges, histograms } = await new ServiceMetrics(metrics).snapshot();
  expect(counters.refusals_total).toEqual([{ labels: { plan: 'FREEMIUM' }, value: 3 }]);
  expect(counters.answers_total).toEqual([{ labels: { status: '201' }, value: 2 }]);
  expect(gauges.queue).toEqual([{ labels: {}, value: 7 }]);
  expect(histograms.latency_seconds).toEqual([
    expect.objectContaining({ labels: { model: 'a' }, count: 1, mean: 0.002 }),
  ]);
  expect(histograms.duration_seconds).toEqual(histograms.latency_seconds);
});

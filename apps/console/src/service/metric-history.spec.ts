import { describe, expect, it } from 'vitest';
import { HISTORY_MS, rateOver, ratesOf, readingOf, withReading, type Reading } from './metric-history';
import type { ServiceMetrics } from './metrics';

const START_MS = Date.parse('2026-03-01T10:00:00Z');

function reading(afterMs: number, counts: Partial<Reading> = {}): Reading {
  return {
    atMs: START_MS + afterMs,
    requests: 0,
    predictions: 0,
    quotaRefusals: 0,
    readRefusals: 0,
    failures: 0,
    answers: 0,
    answerSeconds: 0,
    eventLoopLagMs: null,
    ...counts,
  };
}

const followed = (...readings: Reading[]): readonly Reading[] => readings.reduce<readonly Reading[]>(withReading, []);

describe('The last minutes of the service', () => {
  it('are what the counters grew by, a second', () => {
    const { timesMs, requests } = ratesOf(
      followed(reading(0, { requests: 100 }), reading(2000, { requests: 110 }), reading(4000, { requests: 111 })),
    );
    expect(timesMs).toEqual([START_MS + 2000, START_MS + 4000]);
    expect(requests).toEqual([5, 0.5]);
  });

  it('are left open where the server started anew, or nobody listened', () => {
    const { requests } = ratesOf(
      followed(
        reading(0, { requests: 100 }),
        reading(2000, { requests: 3 }),
        reading(60_000, { requests: 50 }),
        reading(62_000, { requests: 52 }),
      ),
    );
    expect(requests).toEqual([null, null, 1]);
  });

  it('know how long answers took on average, where there were any', () => {
    const { meanAnswerMs } = ratesOf(
      followed(
        reading(0, { answers: 10, answerSeconds: 1 }),
        reading(2000, { answers: 14, answerSeconds: 1.02 }),
        reading(4000, { answers: 14, answerSeconds: 1.02 }),
      ),
    );
    expect(meanAnswerMs[0]).toBeCloseTo(5);
    expect(meanAnswerMs[1]).toBeNull();
  });

  it('are no longer than five', () => {
    const kept = followed(...Array.from({ length: 400 }, (_, index) => reading(index * 2000)));
    expect(kept.length).toBe(HISTORY_MS / 2000);
    expect(kept.at(-1)!.atMs - kept[0]!.atMs).toBeLessThan(HISTORY_MS);
  });

  it('take no reading twice, and none that is older than the last', () => {
    expect(followed(reading(2000), reading(2000), reading(1000)).length).toBe(1);
  });

  it('have a rate over a span, once two readings are in it', () => {
    const history = followed(
      reading(0, { requests: 0 }),
      reading(2000, { requests: 1000 }),
      reading(4000, { requests: 1010 }),
      reading(6000, { requests: 1012 }),
    );
    expect(rateOver(history, 'requests', 4000)).toBe(3);
    expect(rateOver(history, 'requests', 1000)).toBeNull();
    expect(rateOver([], 'requests', 4000)).toBeNull();
  });
});

describe('A reading of the metrics', () => {
  const metrics: ServiceMetrics = {
    collectedAt: '2026-03-01T10:00:00.000Z',
    uptimeSeconds: 60,
    counters: {
      latido_http_requests_total: [
        { labels: { method: 'GET', route: '/v1/me', status: '200' }, value: 7 },
        { labels: { method: 'GET', route: '/v1/me', status: '503' }, value: 2 },
      ],
      latido_quota_refusals_total: [],
    },
    gauges: { nodejs_eventloop_lag_p99_seconds: [{ labels: {}, value: 0.012 }] },
    histograms: {
      latido_http_request_duration_seconds: [
        { labels: { route: '/v1/me' }, count: 9, mean: 0.01, p50: 0.01, p90: 0.02, p99: 0.03 },
        { labels: { route: '/v1/service/events' }, count: 1, mean: 600, p50: 5, p90: 5, p99: 5 },
      ],
    },
  };

  it('sums over labels, and leaves streams out of how long answers take', () => {
    expect(readingOf(metrics)).toMatchObject({ requests: 9, failures: 2, quotaRefusals: 0, answers: 9 });
    expect(readingOf(metrics).answerSeconds).toBeCloseTo(0.09);
    expect(readingOf(metrics).eventLoopLagMs).toBeCloseTo(12);
  });
});

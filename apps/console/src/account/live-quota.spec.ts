import { describe, expect, it } from 'vitest';
import { askAgainInMs, quotaAfter, type Quota } from './live-quota';

const quota = (remaining: number, resetSeconds: number): Quota => ({
  limit: 5,
  remaining,
  windowSeconds: 60,
  resetSeconds,
  rowsPerRequest: 1000,
  rowsPerDay: 50_000,
  rowsToday: 0,
  concurrentStreams: 1,
});

describe('what is left of the minute', () => {
  it('counts down to the next request, never to nought while it is out', () => {
    expect(quotaAfter(quota(2, 37), 0)).toEqual({ limit: 5, remaining: 2, nextInSeconds: 37 });
    expect(quotaAfter(quota(2, 37), 36_900).nextInSeconds).toBe(1);
  });

  it('gives one back when it has left the window, and no more until the server says so', () => {
    expect(quotaAfter(quota(2, 37), 37_000)).toEqual({ limit: 5, remaining: 3, nextInSeconds: undefined });
    expect(quotaAfter(quota(2, 37), 500_000).remaining).toBe(3);
  });

  it('counts nothing down when all of it is there', () => {
    expect(quotaAfter(quota(5, 0), 90_000)).toEqual({ limit: 5, remaining: 5, nextInSeconds: undefined });
  });

  it('does not give more than the plan, which may have been made smaller meanwhile', () => {
    expect(quotaAfter({ ...quota(5, 12), limit: 5 }, 13_000).remaining).toBe(5);
  });

  it('asks again just after one comes back, and at least every quarter of a minute', () => {
    expect(askAgainInMs(quota(4, 8))).toBe(8200);
    expect(askAgainInMs(quota(4, 37))).toBe(15_000);
    expect(askAgainInMs(quota(5, 0))).toBe(15_000);
  });
});

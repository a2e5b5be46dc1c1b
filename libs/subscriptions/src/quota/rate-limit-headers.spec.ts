import { describe, expect, it } from 'vitest';
import { rateLimit, rateLimitPolicy, wholeSeconds } from './rate-limit-headers.js';

describe('the rate limit headers', () => {
  it('state the policy as requests in seconds', () => {
    expect(rateLimitPolicy('freemium', 5, 60_000)).toBe('"freemium";q=5;w=60');
  });

  it('state what is left and when the oldest entry goes', () => {
    expect(rateLimit('freemium', { admitted: true, limit: 5, remaining: 4, resetMs: 36_200, retryAfterMs: 0 })).toBe(
      '"freemium";r=4;t=37',
    );
  });

  it('round up to whole seconds, never down', () => {
    expect([0, 0.001, 1_000, 1_000.001].map(wholeSeconds)).toEqual([0, 1, 1, 2]);
  });
});

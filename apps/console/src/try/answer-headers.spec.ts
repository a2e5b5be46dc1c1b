import { describe, expect, it } from 'vitest';
import { quotaLeftOf, timePartsOf } from './answer-headers';

describe('headers of an answer', () => {
  it('tell how long its parts took', () => {
    const headers = new Headers({ 'server-timing': 'auth;dur=0.049, infer;desc="the model";dur=0.292, record;dur=3' });
    expect(timePartsOf(headers)).toEqual([
      { name: 'auth', ms: 0.049 },
      { name: 'infer', ms: 0.292 },
      { name: 'record', ms: 3 },
    ]);
  });

  it('tell of no part that has no duration', () => {
    expect(timePartsOf(new Headers({ 'server-timing': 'miss, db;dur=, ;dur=3, x;dur=soon' }))).toEqual([]);
    expect(timePartsOf(new Headers())).toEqual([]);
  });

  it('tell what is left of the plan', () => {
    const headers = new Headers({ 'ratelimit-policy': '"freemium";q=5;w=60', ratelimit: '"freemium";r=4;t=37' });
    expect(quotaLeftOf(headers)).toEqual({ left: 4, limit: 5, windowSeconds: 60 });
    expect(quotaLeftOf(new Headers())).toBeUndefined();
  });
});

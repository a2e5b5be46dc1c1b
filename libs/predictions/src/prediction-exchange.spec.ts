import { describe, expect, it } from 'vitest';
import { serverTiming } from './prediction-exchange.js';

describe('Server-Timing', () => {
  it('tells the milliseconds of each part in the order they happened', () => {
    expect(serverTiming({ auth: 0.01234, quota: 0.002, validate: 0.1, infer: 1.5, record: 12 })).toBe(
      'auth;dur=0.012, quota;dur=0.002, validate;dur=0.100, infer;dur=1.500, record;dur=12.000',
    );
  });
});

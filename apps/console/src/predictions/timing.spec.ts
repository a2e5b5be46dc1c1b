import { describe, expect, it } from 'vitest';
import { partsOf } from './timing';

const NONE = { authMs: null, quotaMs: null, validateMs: null, inferMs: null, recordMs: null };

describe('Parts of a request’s time', () => {
  it('add up to all of it', () => {
    const parts = partsOf({ authMs: 1, quotaMs: 0.5, validateMs: 0, inferMs: 2, recordMs: 4, totalMs: 10 });
    expect(parts.map(({ part, ms }) => [part, ms])).toEqual([
      ['auth', 1],
      ['quota', 0.5],
      ['validate', 0],
      ['infer', 2],
      ['record', 4],
      ['rest', 2.5],
    ]);
    expect(parts.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
  });

  it('leave out what was not reached', () => {
    expect(partsOf({ ...NONE, authMs: 3, totalMs: 3 }).map(({ part }) => part)).toEqual(['auth']);
  });

  it('never come to more than the whole', () => {
    const parts = partsOf({ ...NONE, authMs: 3, inferMs: 3, totalMs: 5 });
    expect(parts.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
    expect(partsOf({ ...NONE, authMs: 0, totalMs: 0 })[0]!.share).toBe(0);
  });
});

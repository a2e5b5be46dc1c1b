import { describe, expect, it } from 'vitest';
import { partsOf } from './timing';

const NONE = { authMs: null, quotaMs: null, validateMs: null, inferMs: null, recordMs: null };

describe('Parts of a request’s time', () => {
  it('add up to all of it', () => {
    const parts = partsOf({ authMs: 1, quotaMs: 0.5, validateMs: 0, inferMs: 2, recordMs: 4, totalMs: 10 });
    expect(parts.map(({ name, ms }) => [name, ms])).toEqual([
      ['auth', 1],
      ['quota', 0.5],
      ['validate', 0],
      ['infer', 2],
      ['record', 4],
      ['rest', 2.5],
    ]);
  });

  it('leave out what was not reached', () => {
    expect(partsOf({ ...NONE, authMs: 3, totalMs: 3 }).map(({ name }) => name)).toEqual(['auth']);
  });

  it('have no rest below zero', () => {
    expect(partsOf({ ...NONE, authMs: 3, inferMs: 3, totalMs: 5 }).map(({ name }) => name)).toEqual(['auth', 'infer']);
  });
});

import { describe, expect, it } from 'vitest';
import { changedLimits, faultsOf, formerLimits } from './plan-limits';

const plan = {
  name: 'TRIAL',
  requestsPerMinute: 5,
  rowsPerRequest: 100,
  rowsPerDay: 1000,
  concurrentStreams: 1,
  updatedAt: '2026-01-31T00:00:00.000Z',
};

describe('limits of a plan', () => {
  it('are whole numbers from one to what the API takes', () => {
    expect(faultsOf(plan)).toEqual([]);
    expect(
      faultsOf({ requestsPerMinute: '', rowsPerRequest: 1001, rowsPerDay: 1_000_000_000, concurrentStreams: 0 }),
    ).toEqual(['requestsPerMinute', 'rowsPerRequest', 'concurrentStreams']);
    expect(faultsOf({ ...plan, rowsPerDay: 0.5 })).toEqual(['rowsPerDay']);
  });

  it('are sent where they differ, and put back alone', () => {
    const changed = changedLimits(plan, { ...plan, rowsPerDay: 2000 });
    expect(changed).toEqual({ rowsPerDay: 2000 });
    expect(formerLimits(plan, changed)).toEqual({ rowsPerDay: 1000 });
  });
});

import { describe, expect, it } from 'vitest';
import { allDays, othersOf, sumOf } from './usage-days';

const busy = { date: '2026-02-28', requests: 9, predictions: 5, refusals: 3 };

describe('days of usage', () => {
  it('fills in the days without a request, the oldest first, across the end of a month', () => {
    const days = allDays({ from: '2026-02-27', to: '2026-03-02', data: [busy] });
    expect(days.map(({ date, requests }) => [date, requests])).toEqual([
      ['2026-02-27', 0],
      ['2026-02-28', 9],
      ['2026-03-01', 0],
      ['2026-03-02', 0],
    ]);
  });

  it('knows a single day', () => {
    expect(allDays({ from: '2026-02-28', to: '2026-02-28', data: [busy] })).toEqual([busy]);
  });

  it('adds up, and tells what was neither predicted nor refused', () => {
    const sum = sumOf([busy, { ...busy, date: '2026-03-01' }]);
    expect(sum).toEqual({ requests: 18, predictions: 10, refusals: 6 });
    expect(othersOf(sum)).toBe(2);
  });
});

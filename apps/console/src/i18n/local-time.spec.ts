import { describe, expect, it } from 'vitest';
import { instantOf, toDayField, toTimeField } from './local-time';

describe('Fields of days and times', () => {
  it('hold what the clock on the wall says', () => {
    const instant = new Date(2026, 2, 1, 9, 5, 59);
    expect(toDayField(instant)).toBe('2026-03-01');
    expect(toTimeField(instant)).toBe('2026-03-01T09:05');
  });

  it('give the instant back, to the minute', () => {
    const instant = new Date('2026-03-01T09:30:00.000Z');
    expect(instantOf(toTimeField(instant))).toEqual(instant);
  });

  it('that are empty or mistyped give none', () => {
    expect(instantOf('')).toBeUndefined();
    expect(instantOf('soon')).toBeUndefined();
    expect(instantOf(undefined)).toBeUndefined();
  });
});

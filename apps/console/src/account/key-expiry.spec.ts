import { describe, expect, it } from 'vitest';
import { toDayField } from '../i18n/local-time';
import { expiryOf } from './key-expiry';

const now = Date.parse('2026-11-30T12:00:00Z');

describe('the end of a new key', () => {
  it('lies so many days ahead', () => {
    expect(expiryOf('30', '', now)).toBe('2026-12-30T12:00:00.000Z');
    expect(expiryOf('365', '', now)).toBe('2027-11-30T12:00:00.000Z');
  });

  it('is none for a key that never ends', () => {
    expect(expiryOf('never', '2031-01-31', now)).toBeNull();
  });

  it('includes the day that was chosen, where the person is', () => {
    const end = new Date(expiryOf('date', '2031-01-31', now)!);
    expect(toDayField(end)).toBe('2031-01-31');
    expect([end.getHours(), end.getMinutes()]).toEqual([23, 59]);
  });

  it('must be given and lie ahead', () => {
    expect(expiryOf('date', '', now)).toBeUndefined();
    expect(expiryOf('date', '2020-01-01', now)).toBeUndefined();
  });
});

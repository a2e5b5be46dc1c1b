import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTime } from './observation-time.js';

describe('the time of an observation', () => {
  it('is the instant that Date.parse reads', () => {
    const date = fc.date({
      min: new Date('0001-01-02T00:00:00Z'),
      max: new Date('9999-12-30T00:00:00Z'),
      noInvalidDate: true,
    });
    const offset = fc.record({
      sign: fc.constantFrom('+', '-'),
      hours: fc.integer({ min: 0, max: 23 }),
      minutes: fc.integer({ min: 0, max: 59 }),
    });
    fc.assert(
      fc.property(date, fc.option(offset), fc.constantFrom(16, 19, 21, 22, 23), (moment, zone, length) => {
        const two = (number: number): string => String(number).padStart(2, '0');
        const suffix = zone ? `${zone.sign}${two(zone.hours)}:${two(zone.minutes)}` : 'Z';
        const text = `${moment.toISOString().slice(0, length)}${suffix}`;
        expect(readTime(text), text).toBe(Date.parse(text));
      }),
    );
  });

  it.each([
    ['2024-02-29T12:00:00Z', Date.UTC(2024, 1, 29, 12)],
    ['2000-02-29T00:00Z', Date.UTC(2000, 1, 29)],
    ['2026-01-31T10:00:00.123456789Z', Date.UTC(2026, 0, 31, 10, 0, 0, 123)],
    ['2026-01-31T10:00:00.5+00:30', Date.UTC(2026, 0, 31, 9, 30, 0, 500)],
  ])('%s is read', (text, time) => {
    expect(readTime(text)).toBe(time);
  });

  it.each([
    '2026-01-31',
    '2026-01-31T10:00:00',
    '2026-01-31 10:00:00Z',
    '2026-01-31t10:00:00z',
    '2026-01-31T10:00:00.Z',
    '2026-01-31T10:00:00.1234567890Z',
    '2026-02-29T10:00:00Z',
    '1900-02-29T10:00:00Z',
    '2026-04-31T10:00:00Z',
    '2026-00-10T10:00:00Z',
    '2026-13-10T10:00:00Z',
    '2026-01-00T10:00:00Z',
    '2026-01-10T24:00:00Z',
    '2026-01-10T10:60:00Z',
    '2026-01-10T10:00:60Z',
    '2026-01-10T10:00:00+1:00',
    '2026-01-10T10:00:00+0100',
    '2026-01-10T10:00:00+24:00',
    '2026-01-10T10:00:00 01:00',
    '2026-01-10T10:00:00ZZ',
    '0000-06-10T10:00:00Z',
    '0001-01-01T00:00:00+01:00',
    '+02026-01-10T10:00:00Z',
    'now',
    '',
    '2026-01-1٠T10:00:00Z',
  ])('%s is none', (text) => {
    expect(readTime(text)).toBeNaN();
  });
});

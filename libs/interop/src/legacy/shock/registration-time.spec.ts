import { describe, expect, it } from 'vitest';
import { readRegistrationTime } from './registration-time.js';

describe('a time of the older service', () => {
  it.each([
    ['2000-01-01 00:05:00', '2000-01-01T00:05:00Z', '2000-01-01T00:05:00Z'],
    ['2000-01-01T00:05:00', '2000-01-01T00:05:00Z', '2000-01-01T00:05:00Z'],
    ['2000-01-01 00:05', '2000-01-01T00:05Z', '2000-01-01T00:05:00Z'],
    ['2000-01-01 00:05:00.123456', '2000-01-01T00:05:00.123456Z', '2000-01-01T00:05:00.123Z'],
    ['2000-01-01 00:05:00+00:00', '2000-01-01T00:05:00+00:00', '2000-01-01T00:05:00Z'],
    ['2000-01-01T00:05:00-0500', '2000-01-01T00:05:00-05:00', '2000-01-01T05:05:00Z'],
    ['2000-01-01 00:05:00Z', '2000-01-01T00:05:00Z', '2000-01-01T00:05:00Z'],
    ['2000-02-29 23:59:59', '2000-02-29T23:59:59Z', '2000-02-29T23:59:59Z'],
  ])('reads %s', (written, text, instant) => {
    expect(readRegistrationTime(written)).toEqual({ text, ms: Date.parse(instant) });
  });

  it.each([946_685_100_123, '946685100123'])(
    'reads %j as milliseconds, as pandas writes a column of times',
    (written) => {
      expect(readRegistrationTime(written)).toEqual({ text: '2000-01-01T00:05:00.123Z', ms: 946_685_100_123 });
    },
  );

  it.each([
    ['a day alone', '2000-01-01'],
    ['a day that is in no calendar', '2001-02-29 00:00:00'],
    ['an hour that no clock has', '2000-01-01 24:00:00'],
    ['the day first', '01/01/2000 00:00:00'],
    ['two spaces', '2000-01-01  00:00:00'],
    ['an offset of hours alone', '2000-01-01 00:00:00+05'],
    ['pandas’ NaT', 'NaT'],
    ['nothing', ''],
    ['a number that may count seconds', 946684800],
    ['digits that may be a day', '20000101'],
    ['half a millisecond', 946684800000.5],
    ['nanoseconds', 946684800000000000],
    ['a year past all calendars', 8.64e15],
    ['a negative number', -946684800000],
    ['infinity', Infinity],
    ['null', null],
    ['an object', {}],
    ['much text', '2000-01-01 00:00:00'.repeat(10_000)],
  ])('does not read %s', (_, written) => {
    expect(readRegistrationTime(written)).toBeUndefined();
  });
});

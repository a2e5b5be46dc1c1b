import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isoTime, milliseconds } from './texts.js';

it('writes milliseconds with three decimals', () => {
  expect([0, 0.0004, 0.0123, 1, 59.9999, 12_345.678].map(milliseconds)).toEqual([
    '0.000',
    '0.000',
    '0.012',
    '1.000',
    '60.000',
    '12345.678',
  ]);
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e6, noNaN: true }), (ms) => {
      const text = milliseconds(ms);
      expect(text).toMatch(/^\d+\.\d{3}$/);
      expect(Math.abs(Number(text) - ms)).toBeLessThan(0.000_501);
    }),
  );
});

it('writes a moment as Date does, whichever was asked for before', () => {
  fc.assert(
    fc.property(fc.array(fc.date({ noInvalidDate: true })), (dates) => {
      for (const date of dates) expect(isoTime(date.getTime())).toBe(date.toISOString());
    }),
  );
});

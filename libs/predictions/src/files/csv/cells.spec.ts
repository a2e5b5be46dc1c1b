import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NOT_A_NUMBER, numberIn } from './cells.js';

describe('a cell of numbers', () => {
  it('holds what JavaScript would write', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(numberIn(String(value), false)).toBe(Object.is(value, -0) ? 0 : value);
        expect(numberIn(` ${value}\t`, false)).toBe(Object.is(value, -0) ? 0 : value);
        expect(numberIn(String(value).replace('.', ','), true)).toBe(Object.is(value, -0) ? 0 : value);
      }),
    );
  });

  it.each(['2.45', '+2.45', '02.45', '2.450', '245e-2', ' 2.45 ', '2,45', '+2,45'])('%j is 2.45', (cell) => {
    expect(numberIn(cell, true)).toBe(2.45);
  });

  it.each(['\u00a02.45', '2.45\u00a0', '\ufeff2,45\u2003'])('%j is 2.45 between spaces of other kinds', (cell) => {
    expect(numberIn(cell, true)).toBe(2.45);
  });

  it.each(['-0', '-0.0', '-0,0', ' -0', '-1e-999'])('%j is 0 without a sign', (cell) => {
    expect(numberIn(cell, true)).toBe(0);
  });

  it.each(['', ' ', '\t', '\n', '\v', '\u00a0', '\u3000', '\ufeff', '\u2003', '\u2028', ' \u00a0\t'])(
    '%j is missing',
    (cell) => {
      expect(numberIn(cell, true)).toBeNaN();
    },
  );

  it.each([
    'x',
    '1x',
    '0x1f',
    '0b1',
    '1.234,5',
    '1,234,5',
    'Infinity',
    '1e999',
    '-',
    ',',
    '.',
    'NaN',
    'NA',
    '1 2',
    '--1',
    '\u22121',
    '\u200b',
  ])('%j is no number', (cell) => {
    expect(numberIn(cell, true)).toBe(NOT_A_NUMBER);
  });

  it('has no decimal comma where commas separate cells', () => {
    expect(numberIn('1,234', false)).toBe(NOT_A_NUMBER);
  });
});

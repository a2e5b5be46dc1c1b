import { describe, expect, it } from 'vitest';
import { numberIn } from './cells';

describe('numberIn', () => {
  it.each([
    ['2.45', 2.45],
    [' 7\t', 7],
    ['-0.5', -0.5],
    ['+3', 3],
    ['.5', 0.5],
    ['5.', 5],
    ['1e3', 1000],
  ])('reads %j with commas between the cells or not', (cell, value) => {
    expect([numberIn(cell, false), numberIn(cell, true)]).toEqual([value, value]);
  });

  it.each(['', '  ', '\u00a0', '\u2003'])('takes %j for a missing value', (cell) => {
    expect(numberIn(cell, true)).toBeNull();
  });

  it.each(['NA', '0x1f', '0b1', 'Infinity', '1e999', '-', '1,2,3', '1.234,5', '1 000'])(
    'takes %j for no number',
    (cell) => {
      expect([numberIn(cell, false), numberIn(cell, true)]).toEqual([undefined, undefined]);
    },
  );

  it.each([
    ['2,45', 2.45],
    [',5', 0.5],
    ['1,5e-3', 0.0015],
  ])('reads %j where commas do not separate the cells', (cell, value) => {
    expect([numberIn(cell, false), numberIn(cell, true)]).toEqual([undefined, value]);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
// Both must say the same of every cell; the server's is its lib's own matter otherwise.
// eslint-disable-next-line no-restricted-imports
import { NOT_A_NUMBER, numberIn as serversNumberIn } from '../../../../libs/predictions/src/files/csv/cells';
import { numberIn } from './cells';

/** What the server would say, in the words of the console. */
function asTheServer(cell: string, decimalComma: boolean): number | null | undefined {
  const value = serversNumberIn(cell, decimalComma);
  if (value === NOT_A_NUMBER) return undefined;
  return Number.isNaN(value) ? null : value;
}

describe('numberIn', () => {
  it.each([
    '2.45',
    '2,45',
    '',
    '  ',
    '\u00a0',
    ' 7 ',
    '-0',
    '+3',
    '.5',
    '5.',
    ',5',
    '1e3',
    '1,5e-3',
    '0x1f',
    '0b1',
    '1e999',
    'NA',
    '1,2,3',
    '1.234,5',
    '-',
    'Infinity',
  ])('reads %j as the server does', (cell) => {
    for (const comma of [false, true]) expect(numberIn(cell, comma) === asTheServer(cell, comma)).toBe(true);
  });

  it('reads any cell as the server does', () => {
    const cell = fc.string({
      unit: fc.constantFrom('0', '1', '9', '.', ',', '-', '+', 'e', ' ', '\u2003', 'x', '_'),
      maxLength: 8,
    });
    fc.assert(
      fc.property(cell, fc.boolean(), (text, comma) => {
        expect(numberIn(text, comma) === asTheServer(text, comma)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});

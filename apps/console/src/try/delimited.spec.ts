import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { delimiterOf, DELIMITERS, readDelimited, type Cell } from './delimited';

const texts = (rows: ReturnType<typeof readDelimited>): string[][] | undefined =>
  Array.isArray(rows) ? rows.map((row) => row.map(({ text }) => text)) : undefined;

describe('delimited text', () => {
  it('is read as it was written', () => {
    const cell = fc
      .string({ unit: fc.constantFrom('a', '1', ' ', '"', ',', ';', '\n', 'ñ') })
      .map((text) => text.trim());
    const rows = fc
      .tuple(fc.integer({ min: 2, max: 4 }), fc.constantFrom(...DELIMITERS))
      .chain(([width, delimiter]) =>
        fc.tuple(
          fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1 }),
          fc.constant(delimiter),
        ),
      );
    fc.assert(
      fc.property(rows, fc.constantFrom('\n', '\r\n'), ([table, delimiter], ending) => {
        const text = stringify(table, { delimiter, record_delimiter: ending, quoted_match: /\n/ });
        expect(texts(readDelimited(text, delimiter))).toEqual(table);
      }),
    );
  });

  it('tells the place of each cell, below a cell of two lines too', () => {
    const rows = readDelimited('a;b\n"1\n2";3\n\n4;5', ';') as Cell[][];
    expect(rows.flat().map(({ line, column }) => [line, column])).toEqual([
      [1, 1],
      [1, 2],
      [2, 1],
      [3, 2],
      [5, 1],
      [5, 2],
    ]);
  });

  it('keeps an empty cell at the end of a line', () => {
    expect(texts(readDelimited('a,b\n1,\n2,', ','))).toEqual([
      ['a', 'b'],
      ['1', ''],
      ['2', ''],
    ]);
  });

  it('says where a quote is not closed, or closed too early', () => {
    expect(readDelimited('a,b\n1,"2\n3,4', ',')).toEqual({ line: 2, column: 2, code: 'openQuote' });
    expect(readDelimited('a,b\n1,"2"3', ',')).toEqual({ line: 2, column: 2, code: 'afterQuote' });
  });

  it('finds its delimiter in the first line, outside of quotes', () => {
    expect(delimiterOf('time;a,b')).toBe(';');
    expect(delimiterOf('time\ta')).toBe('\t');
    expect(delimiterOf('"time;of day",a\n1;2')).toBe(',');
    expect(delimiterOf('time')).toBe(',');
  });
});

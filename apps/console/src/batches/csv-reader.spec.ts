import fc from 'fast-check';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { describe, expect, it } from 'vitest';
import { CsvReader, OpenQuote } from './csv-reader';

/** As the server's parser is set. */
const DIALECT = {
  relax_column_count: true,
  relax_quotes: true,
  skip_empty_lines: true,
  record_delimiter: ['\r\n', '\n'],
};

function rowsOf(text: string, parts = [text.length], delimiter = ','): string[][] {
  const reader = new CsvReader(delimiter);
  const rows: string[][] = [];
  let from = 0;
  for (const length of parts) {
    rows.push(...reader.read(text.slice(from, from + length)));
    from += length;
  }
  return [...rows, ...reader.read(text.slice(from), true)];
}

describe('CsvReader', () => {
  it('reads what is written, however it is cut', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ';', '\n', '\r\n', ' ', 'é', '1,5') });
    const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(rows, fc.array(fc.nat(7), { maxLength: 30 }), (written, parts) => {
        const text = stringify(written, { delimiter: ';', quoted_match: /[\r\n]/ });
        expect(rowsOf(text, parts, ';')).toEqual(written);
      }),
    );
  });

  it('reads lines without quotes as the server’s parser does', () => {
    const text = fc.string({ unit: fc.constantFrom('a', ',', '\n', '\r\n', ' ', '7'), maxLength: 60 });
    fc.assert(
      fc.property(text, (given) => {
        expect(rowsOf(given)).toEqual(parse(given, DIALECT));
      }),
    );
  });

  it.each(['a,b"c"\n', '"a""b",c\r\n1,2', '\r\n\r\na,b\r\n\r\n1,2\r\n', '"",x\n'])(
    'reads %j as the server does',
    (text) => {
      expect(rowsOf(text)).toEqual(parse(text, DIALECT));
    },
  );

  it('says that a quote is not closed', () => {
    expect(() => rowsOf('a,b\n"1,2\n')).toThrow(OpenQuote);
  });
});

import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CsvRows } from './csv-rows.js';
import { FileFault, MAX_COLUMNS, MAX_HEADER_BYTES, MAX_RECORD_BYTES } from './file-plan.js';

interface Read {
  names: readonly string[];
  delimiter: string;
  rows: (readonly string[])[];
  bytes: number[];
}

async function read(text: string | Buffer, cuts: readonly number[] = [], fit = (): number => 0): Promise<Read> {
  const result: Read = { names: [], delimiter: '', rows: [], bytes: [] };
  const rows = new CsvRows({
    fit,
    onHeader: (names, delimiter) => Object.assign(result, { names, delimiter }),
    onRow: (cells, bytes, line) => {
      if (line !== undefined) expect(line.split(result.delimiter)).toEqual(cells);
      result.rows.push(cells);
      result.bytes.push(bytes);
    },
  });
  const bytes = Buffer.from(text);
  let from = 0;
  for (const to of [...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]) {
    await rows.read(bytes.subarray(from, to));
    from = to;
  }
  await rows.end();
  return result;
}

const cuts = fc.array(fc.nat(), { maxLength: 6 });
const delimiter = fc.constantFrom(',', ';', '\t');
const newline = fc.constantFrom('\n', '\r\n');
/** Without what ends a cell, so that nothing needs quotes. */
const plainCell = fc.string({ unit: fc.constantFrom('a', '1', '.', ' ', 'ä', '中', '-', '\r'), maxLength: 6 });
const anyCell = fc.string({ unit: fc.constantFrom('a', '1', ',', ';', '\t', '"', '\n', '\r', 'ä', ' '), maxLength: 6 });

describe('rows of a file', () => {
  it('are read as they were written, whatever they hold and wherever the network cuts them', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(anyCell, { minLength: 2, maxLength: 2 }), { minLength: 1, maxLength: 8 }),
        delimiter,
        newline,
        cuts,
        async (rows, separator, record_delimiter, at) => {
          const table = [['name', 'value'], ...rows.map(([first = '', second = '']) => [`x${first}`, second])];
          const text = stringify(table, { delimiter: separator, record_delimiter, quoted_match: /[\r\n"]/ });
          const result = await read(text, at);
          expect(result.delimiter).toBe(separator);
          expect([result.names, ...result.rows]).toEqual(table);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('without quotes are split as the parser would read them', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(plainCell, { minLength: 1, maxLength: 4 }), { maxLength: 10 }),
        delimiter,
        newline,
        fc.boolean(),
        cuts,
        async (rows, separator, end, ended, at) => {
          const text = [['a', 'b'], ...rows].map((row) => row.join(separator)).join(end) + (ended ? end : '');
          fc.pre(!text.endsWith('\r')); // half of a file's last newline: here it is one
          const expected = parse(text, {
            delimiter: separator,
            record_delimiter: ['\r\n', '\n'],
            relax_column_count: true,
            skip_empty_lines: true,
          }).slice(1);
          expect((await read(text, at)).rows).toEqual(expected);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('go on being the same rows where the first quote comes late', async () => {
    const text = 'a,b\n1,2\n"3,3","4"\n5,6\n';
    for (let cut = 0; cut <= text.length; cut += 1)
      expect((await read(text, [cut])).rows).toEqual([
        ['1', '2'],
        ['3,3', '4'],
        ['5', '6'],
      ]);
  });

  it('take the delimiter that makes the most of the names', async () => {
    const known = (names: readonly string[]): number => names.filter((name) => ['age', 'size'].includes(name)).length;
    expect((await read('"a,b,c,d";age;size\n1;2;3\n', [], known as never)).delimiter).toBe(';');
    expect((await read('only\n1\n')).names).toEqual(['only']);
  });

  it('tell a quote that is never closed, a cell of megabytes and an empty file as faults of the file', async () => {
    await expect(read('a,b\n"1,2\n3,4\n')).rejects.toThrow(FileFault);
    const large = 'x'.repeat(MAX_RECORD_BYTES + 10);
    for (const text of [`a,b\n1,${large}\n`, `a,b\n1,"${large}"\n`, large, `a,b\n1,${large}`])
      await expect(read(text, [1000, 500_000])).rejects.toThrow(/longer than/);
    for (const text of ['', '\n\r\n', '  ']) await expect(read(text)).rejects.toThrow(/no header/);
  });

  it('tell how many bytes of the file they are, with quotes and without', async () => {
    const rows = ['1,ä\r\n', '2,b\n', '"3",ä\n', '"""",\n', '5,"\n"\r\n'];
    const text = `a,b\n${rows.join('')}`;
    for (let cut = 0; cut <= Buffer.byteLength(text); cut += 1)
      expect((await read(text, [cut])).bytes).toEqual(rows.map((row) => Buffer.byteLength(row)));
  });

  it('of empty cells are bounded as others are', async () => {
    const commas = ','.repeat(3 * MAX_RECORD_BYTES);
    for (const text of [`a,b\n"",${commas}`, `a,b\n"",${commas}\n`, `a,b\n${commas}\n`, `a,b\n${commas}`])
      await expect(read(text, [100_000, 1_200_000])).rejects.toThrow(/longer than/);
    const many = ','.repeat(MAX_COLUMNS);
    for (const text of [`a,b\n${many}\n`, `a,b\n"",${many}\n`])
      await expect(read(text)).rejects.toThrow(/more than 10000 cells/);
    expect((await read(`a,b\n${many.slice(1)}\n"",${many.slice(2)}\n`)).rows).toHaveLength(2);
  });

  it('may have megabytes of empty lines between them, and be short ones without end', async () => {
    expect((await read(`a,b\n"1",2\n${'\n'.repeat(3 * MAX_RECORD_BYTES)}3,4\n`)).rows).toHaveLength(2);
    expect((await read(`a,b\n${'"1",2\n'.repeat(250_000)}`)).rows).toHaveLength(250_000);
  });

  it('have names of 256 KB at most, which are looked at once however small their parts are', async () => {
    const names = `"a\n",${'x'.repeat(MAX_HEADER_BYTES - 10)}`;
    const everyByte = Array.from({ length: names.length }, (_, index) => index);
    const startedAt = performance.now();
    expect((await read(`${names}\n1,2\n`, everyByte)).names).toHaveLength(2);
    // Looked at from its beginning for each part, the row would take minutes.
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    for (const text of [`${names}123456\n1,2\n`, `${names}123456`, `"${'x\n'.repeat(MAX_HEADER_BYTES)}`])
      await expect(read(text, [1_000])).rejects.toThrow(/first row of the file is longer than/);
  });

  it('have at most 10,000 columns, none of them with U+0000 in its name', async () => {
    expect((await read(`${'x,'.repeat(MAX_COLUMNS - 1)}x\n1\n`)).names).toHaveLength(MAX_COLUMNS);
    for (const text of [`${'x,'.repeat(MAX_COLUMNS)}x\n1\n`, `${','.repeat(200_000)}\n1\n`])
      await expect(read(text)).rejects.toThrow(/more than 10000 columns/);
    await expect(read('a,b\0\n1,2\n')).rejects.toThrow(/U\+0000/);
  });

  it('skip empty lines before the header wherever the network cuts them', async () => {
    const text = '\r\n\n\r\na,b\r\n1,2\r\n';
    for (let cut = 0; cut <= text.length; cut += 1)
      expect(await read(text, [cut, cut + 1])).toMatchObject({ names: ['a', 'b'], rows: [['1', '2']] });
  });

  it('skip a million empty lines before the header in no time', async () => {
    expect((await read(`${'\n'.repeat(1_000_000)}a,b\n1,2\n`, [10, 20, 30])).rows).toEqual([['1', '2']]);
  });
});

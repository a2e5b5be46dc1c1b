import { describe, expect, it } from 'vitest';
import type { Schemas } from '../api/latido';
import { previewOf, type Preview } from './preview';
import { rulesOf } from './row-rules';

const INPUTS: Schemas['ModelInputDto'][] = [
  { name: 'age', title: 'Age in years', type: 'integer' },
  { name: 'cholesterol', title: 'Total cholesterol', type: 'number' },
  { name: 'smoker', title: 'Smoker', type: 'integer' },
  { name: 'ward', title: 'Ward', type: 'string' },
];
const RULES = rulesOf({
  properties: {
    age: { type: 'integer', minimum: 0, maximum: 99 },
    cholesterol: { type: 'number', minimum: 1, maximum: 3 },
    smoker: { type: 'integer', enum: [0, 1] },
    ward: { type: ['string', 'null'], maxLength: 3 },
  },
  required: ['age', 'cholesterol', 'smoker'],
});

function previewed(text: string | Uint8Array, size?: number): Preview {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  return previewOf({ bytes, size: size ?? bytes.length }, INPUTS, RULES);
}

describe('What the beginning of a file shows', () => {
  it('tells the delimiter by the names that it makes, and a decimal comma by the numbers', () => {
    const { delimiter, decimalComma, names, rows, fault } = previewed(
      'AGE;"Total Cholesterol";note;smoker;Subject\n68;2,45;"a;b";0;P-1\n',
    );
    expect({ delimiter, decimalComma, fault }).toEqual({ delimiter: ';', decimalComma: true, fault: undefined });
    expect(names).toEqual(['AGE', 'Total Cholesterol', 'note', 'smoker', 'Subject']);
    expect(rows.map(({ cells, faults }) => [cells[2], faults.size])).toEqual([['a;b', 0]]);
  });

  it('matches by the exact name first, then by name or title in another case', () => {
    const { columns } = previewed('Age,age,total cholesterol,smoker\n1,2,2,0\n');
    expect(columns.ofInputs).toEqual([1, 2, 3, -1]);
    expect(columns.subject).toBe(-1);
  });

  it('refuses columns of which each could be meant', () => {
    expect(previewed('Age,AGE,cholesterol,smoker\n1,2,2,0\n')).toMatchObject({
      fault: 'ambiguous',
      columns: { ambiguous: ['age'] },
    });
  });

  it('names the columns that are missing, but for what a row may leave out', () => {
    expect(previewed('age,smoker\n1,0\n')).toMatchObject({ fault: 'missingColumns', missing: ['cholesterol'] });
    expect(previewed('1,2,3\n4,5,6\n').fault).toBe('noInput');
  });

  it('says what is wrong with each cell', () => {
    const { rows } = previewed('age,cholesterol,smoker,ward\n120,0.5,2,\n1.5,NA,,ABCD\n68,2.45,0,A1\n1,2\n');
    expect(rows.map(({ faults }) => Object.fromEntries(faults))).toEqual([
      { 0: { kind: 'above', limit: 99 }, 1: { kind: 'below', limit: 1 }, 2: { kind: 'notAllowed', allowed: [0, 1] } },
      { 0: { kind: 'notWhole' }, 1: { kind: 'notANumber' }, 2: { kind: 'missing' }, 3: { kind: 'tooLong', limit: 3 } },
      {},
      {},
    ]);
    expect(rows.map(({ wrongCellCount }) => wrongCellCount)).toEqual([false, false, false, true]);
  });

  it('takes a decimal comma for no number where commas separate the cells', () => {
    expect(previewed('age,cholesterol,smoker\n1,"2,45",0\n').rows[0]!.faults.get(1)).toEqual({ kind: 'notANumber' });
  });

  it.each([
    ['', 'empty'],
    ['age,cholesterol,smoker\n', 'noRows'],
    ['age,cholesterol,smoker\n"1,2,0\n', 'openQuote'],
  ])('says of %j that it is %s', (text, fault) => {
    expect(previewed(text).fault).toBe(fault);
  });

  it('reads Latin-1 where the first character beyond ASCII is not UTF-8, and no UTF-16', () => {
    const bytes = new Uint8Array([...'\u00dcnit,age'].map((character) => character.charCodeAt(0)));
    expect(previewed(bytes)).toMatchObject({ encoding: 'windows-1252', names: ['Ünit', 'age'] });
    expect(previewed('Ünit,age').encoding).toBe('utf-8');
    expect(previewed('\ufeffage,cholesterol,smoker\n1,2,0\n').names[0]).toBe('age');
    expect(previewed(new Uint8Array([0xff, 0xfe, 0x61, 0])).fault).toBe('utf16');
  });

  it('reckons the rows of a file of which it has read a part', () => {
    const text = `age,cholesterol,smoker\n${'68,2.45,0\n'.repeat(100)}68,2.`;
    const { rowCount, estimated, rows } = previewed(text, text.length * 10);
    expect(estimated).toBe(true);
    expect(rows).toHaveLength(100);
    expect(rowCount).toBeGreaterThan(980);
    expect(rowCount).toBeLessThan(1050);
  });
});

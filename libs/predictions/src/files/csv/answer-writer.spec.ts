import { describe, expect, it } from 'vitest';
import { AnswerWriter, type ChunkResults } from './answer-writer.js';
import type { FilePlan, ResultColumn } from './file-plan.js';
import { RowChunk } from './row-chunks.js';

/** Of three rows the second is at fault. */
const RESULTS: ChunkResults = {
  recordId: 'r',
  faults: new Map([[1, 'a: must be a number, "x" is none']]),
  scores: Float32Array.of(0.25, 0.75),
  width: 1,
  labels: Uint16Array.of(0, 1),
  numbers: Float64Array.of(0.75, 0.75, 0.25, 0.5, 0.5, 0.5),
};

function planOf(columns: readonly ResultColumn[]): FilePlan {
  return {
    inputs: [{ name: 'a', title: 'A', optional: false, numeric: true }],
    classes: ['no', 'yes, quite'],
    numbers: ['probability', 'no', 'yes, quite'],
    columns,
    charset: undefined,
  };
}

function written(
  columns: readonly ResultColumn[],
  { delimiter = ',', names = ['a'], carried = ['1', '2', '3'] as (string | string[])[], decimalComma = false } = {},
): string {
  const plan = planOf(columns);
  const writer = new AnswerWriter(plan, { names, delimiter, hasMark: false });
  const chunk = new RowChunk(0, 0, plan, false, decimalComma);
  chunk.count = carried.length;
  chunk.carried.push(...carried);
  return writer.header() + Buffer.from(writer.write(chunk, RESULTS).csv).toString();
}

const SOME: ResultColumn[] = [
  { name: 'clase', holds: 'label' },
  { name: 'p', holds: 0 },
  { name: 'q', holds: 2 },
  { name: 'none', holds: 'nothing' },
  { name: 'where', holds: 'prediction' },
  { name: 'why', holds: 'error' },
];

describe('the columns that results add', () => {
  it('are those of the plan, in its order', () => {
    expect(written(SOME)).toBe(
      [
        'a,clase,p,q,none,where,why',
        '1,no,0.75,0.25,,r/rows/0,',
        '2,,,,,,"a: must be a number, ""x"" is none"',
        '3,"yes, quite",0.5,0.5,,r/rows/1,',
        '',
      ].join('\n'),
    );
    expect(written([{ name: 'q', holds: 2 }])).toBe('a,q\n1,0.25\n2,\n3,0.5\n');
  });

  it('are the same where rows must be written anew', () => {
    expect(written(SOME, { carried: [['1'], '2', ['3']] })).toBe(written(SOME));
  });

  it('are written as the file is', () => {
    for (const carried of [
      ['1', '2', '3'],
      [['1'], ['2'], ['3']],
    ])
      expect(written(SOME.slice(0, 3), { delimiter: ';', decimalComma: true, carried })).toBe(
        'a;clase;p;q\n1;no;0,75;0,25\n2;;;\n3;yes, quite;0,5;0,5\n',
      );
  });

  it('leave the names of the file to its columns', () => {
    const names = ['a', 'p', 'result.p'];
    const header = written([{ name: 'p', holds: 0 }], { names, carried: [] });
    expect(header).toBe('a,p,result.p,result.result.p\n');
  });
});

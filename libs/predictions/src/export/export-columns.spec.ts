import { describe, expect, it } from 'vitest';
import type { ModelManifest } from '#inference';
import { newId } from '#platform';
import { tinyManifest } from '../../../../test/setup/version-folder.js';
import { exportColumns, type Cell, type ExportedRow } from './export-columns.js';
import { headerOf, linesOfRows } from './export-lines.js';

function manifest(inputs: readonly string[], change: Partial<ModelManifest> = {}): ModelManifest {
  return {
    ...tinyManifest('tiny', '1.0.0'),
    inputs: inputs.map((name) => ({ name, title: name, type: 'number' })),
    ...change,
  };
}

function row(change: Partial<ExportedRow> = {}): ExportedRow {
  return {
    prediction: {
      id: newId(),
      userId: newId(),
      apiKeyId: null,
      admissionId: newId(),
      createdAt: new Date(0),
      admittedAt: new Date(0),
      requestId: 'r-1',
      rowCount: 1,
      modelName: 'tiny',
      version: '1.0.0',
      versionId: newId(),
      engine: 'onnx',
      engineVersion: '1',
      processor: 'x64',
      notice: null,
    },
    row: 0,
    content: { input: {}, scores: [] },
    result: null,
    outcome: undefined,
    ...change,
  };
}

function cells(manifests: readonly ModelManifest[], of: ExportedRow): Record<string, Cell> {
  return Object.fromEntries(exportColumns(manifests).map(({ name, cell }) => [name, cell(of)]));
}

const addedNames = (manifests: readonly ModelManifest[]): string[] =>
  exportColumns(manifests)
    .map(({ name }) => name)
    .slice(exportColumns([]).length);

describe('the columns of a file', () => {
  it('of one model are also its classes and inputs, of all its versions, each once', () => {
    const three = { classes: ['no', 'yes', 'perhaps'].map((name) => ({ name, title: name })) };
    expect(addedNames([manifest(['a', 'b']), manifest(['b', 'c'], { output: three })])).toEqual([
      'probability.no',
      'probability.yes',
      'probability.perhaps',
      'input.a',
      'input.b',
      'input.c',
    ]);
    expect(addedNames([])).toEqual([]);
  });

  it('are empty where the version of the row does not know them', () => {
    const found = cells(
      [manifest(['a', 'constructor'])],
      row({
        content: { input: { b: 1 }, scores: [0.25] },
        result: { label: 'no', probability: 0.75, probabilities: { no: 0.75 } },
      }),
    );
    expect(found).toMatchObject({
      label: 'no',
      probability: 0.75,
      'probability.no': 0.75,
      'probability.yes': null,
      'input.a': null,
      'input.constructor': null,
      score: null,
      value: null,
    });
  });

  it('of a decision function are its values, and of a regression the value', () => {
    const decision = manifest([], { output: { kind: 'decision', classes: [{ name: 'no', title: 'No' }] } });
    expect(cells([decision], row({ result: { label: 'no', score: -2, scores: { no: -2 } } }))).toMatchObject({
      label: 'no',
      score: -2,
      'score.no': -2,
      probability: null,
    });
    const regression = manifest(['a'], { task: 'regression', output: { unit: 'mm' } });
    expect(addedNames([regression])).toEqual(['input.a']);
    expect(cells([regression], row({ result: { value: 4.5 } }))).toMatchObject({ value: 4.5, label: null });
  });

  it('of a model of observations hold no inputs', () => {
    const observations = { signals: [] } as unknown as ModelManifest['observations'];
    expect(addedNames([manifest([], { observations })])).toEqual(['probability.no', 'probability.yes']);
  });

  it('say of an erased row that it was', () => {
    expect(cells([manifest(['a'])], row({ content: null }))).toMatchObject({
      subject: null,
      'input.a': null,
      erased: 'true',
    });
  });
});

describe('the lines of a file', () => {
  const columns = exportColumns([manifest(['a', 'b'])]).filter(({ name }) => /^(subject|input\..)$/.test(name));
  const line = (subject: string, a: unknown, b: unknown = 0): string =>
    linesOfRows(columns, [row({ content: { subject, input: { a, b }, scores: [] } })]);

  it('begin with a byte order mark and the names', () => {
    expect(headerOf(columns)).toBe('\ufeffsubject,input.a,input.b\n');
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '＝1'])('hold no formula: %s', (text) => {
    expect(line(text, text)).toBe(`'${text},'${text},0\n`);
    expect(line('\r=1', 1)).toBe(`"'\r=1",1,0\n`);
    expect(line('=HYPERLINK("http://x","y")', 1)).toBe(`"'=HYPERLINK(""http://x"",""y"")",1,0\n`);
  });

  it('hold numbers as they are, and texts by RFC 4180', () => {
    expect(line('a,"b"\nc', -0.5, 1e-40)).toBe('"a,""b""\nc",-0.5,1e-40\n');
    expect(line('ärztin 😀', [1, 2], true)).toBe('ärztin 😀,"[1,2]",true\n');
  });
});

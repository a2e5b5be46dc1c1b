import { describe, expect, it } from 'vitest';
import { eraseRows, newContent } from '../record/content.js';
import { rowJson } from '../record/row-json.js';
import { recordedAnswers } from './recorded-answers.js';

function contentOf(...rows: string[]): Buffer {
  return Buffer.concat(rows.map((row) => newContent(row).content));
}

const TEXTS = ['risk', '"scores":[1]', '],"label":"', 'grün\\', '"}'];

describe('the answers in a content', () => {
  it('are those that were written, whatever the inputs, references and labels say', () => {
    const written = TEXTS.flatMap((text) =>
      TEXTS.map((label) => ({ text, label, scores: Float32Array.of(0.1, -0, 3e38) })),
    );
    const rows = written.map(({ text, label, scores }) =>
      rowJson(text, JSON.stringify({ scores: [9], [text]: text, label: [text] }), scores, 0, 3, label),
    );
    expect([...recordedAnswers(contentOf(...rows))]).toEqual(
      written.map(({ label, scores }) => ({ label, scores: [...scores] })),
    );
  });

  it('have no label of a regression, and none at all where a row was erased or altered', () => {
    const row = rowJson(undefined, '{"x":1}', Float32Array.of(2), 0, 1, undefined);
    const content = contentOf(row, row, '{"scores":["1"]}', '{"scores":[', 'null');
    expect([...recordedAnswers(eraseRows(content, new Set([1])))]).toEqual([
      { scores: [2] },
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('are not read out of what is no content', () => {
    for (const bytes of [contentOf('{}').subarray(0, 20), Buffer.from('ff00', 'hex'), Buffer.alloc(30, 0xff)])
      expect(() => [...recordedAnswers(bytes)]).toThrow(RangeError);
  });
});

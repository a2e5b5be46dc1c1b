import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { kindOfFile, summarize } from './documents';

const shipped = (file: string): string =>
  readFileSync(new URL(`../../../../models/penguins/1.2.0/${file}`, import.meta.url), 'utf8');

describe('A file beside a model', () => {
  it.each([
    ['model.KERAS', 'artifact'],
    ['manifest.yml', 'manifest'],
    ['rows.json', 'document'],
    ['card.md', 'document'],
    ['notes.pdf', undefined],
  ])('%s is known by its ending', (name, kind) => {
    expect(kindOfFile(name)).toBe(kind);
  });

  it('is known by its content, whatever its name is', () => {
    expect(summarize('whatever.json', shipped('golden.json'))).toEqual({
      kind: 'golden',
      rows: 64,
      answeredBy: 'scikit-learn 1.9.1',
      hasLabels: true,
    });
    const evaluation = summarize('whatever.json', shipped('evaluation.json'));
    expect(evaluation).toMatchObject({ kind: 'evaluation' });
    expect(evaluation).toHaveProperty('datasets.0', { name: 'train', title: 'Training rows', rows: 233 });
    expect(summarize('whatever.json', shipped('examples.json'))).toMatchObject({ kind: 'examples' });
    expect(summarize('card.md', shipped('card.md'))).toMatchObject({
      kind: 'card',
      heading: expect.any(String) as string,
    });
    expect(summarize('m.json', '{"held-out": {"accuracy": 0.9, "auc": 0.95}}')).toEqual({ kind: 'metrics', count: 2 });
  });

  it('that is none of them is nothing', () => {
    expect(summarize('a.json', 'not JSON')).toBeUndefined();
    expect(summarize('a.json', '{"name": "x"}')).toBeUndefined();
    expect(summarize('a.json', 'null')).toBeUndefined();
  });
});

import { describe, expect, it } from 'vitest';
import { byName, headlines, telling, verdictOn } from './metrics';

describe('what a difference says', () => {
  it.each([
    ['auc', 0.01, 'better'],
    ['auc', -0.01, 'worse'],
    ['brier', -0.01, 'better'],
    ['calibrationError', 0.01, 'worse'],
    ['accuracy', 0, 'same'],
    ['accuracy', 1e-12, 'same'],
  ] as const)('%s changed by %d is %s', (name, difference, verdict) => {
    expect(verdictOn(name, difference)).toBe(verdict);
  });

  it('judges no metric that it does not know, and none that was not measured', () => {
    expect(verdictOn('nightShiftScore', 0.2)).toBe('unknown');
    expect(verdictOn('auc', null)).toBe('unknown');
  });
});

describe('headline metrics', () => {
  const metrics = ['train', 'held-out'].flatMap((dataset) =>
    ['logLoss', 'brier', 'accuracy', 'recall', 'auc'].map((name) => ({ name, dataset, value: 0.5 })),
  );

  it('are three of the rows that were held out, the most telling first', () => {
    expect(headlines(metrics).map(({ name, dataset }) => `${name} ${dataset}`)).toEqual([
      'auc held-out',
      'accuracy held-out',
      'brier held-out',
    ]);
  });

  it('are what there is where none of them is known', () => {
    expect(headlines([{ name: 'nightShiftScore', dataset: 'ward', value: 3 }])).toHaveLength(1);
    expect(headlines([])).toEqual([]);
  });

  it('come from the training rows only where there are no others', () => {
    expect(telling(['train', 'ward'])).toBe('ward');
    expect(telling(['train'])).toBe('train');
    expect(telling([])).toBeUndefined();
  });
});

it('lays metrics out by name and data set, leaving open what was not measured', () => {
  const rows = byName([
    { name: 'auc', dataset: 'train', value: 0.9 },
    { name: 'auc', dataset: 'held-out', value: 0.8 },
    { name: 'recall', dataset: 'held-out', value: 0.7 },
  ]);
  expect(rows).toEqual([
    { name: 'auc', values: [0.9, 0.8] },
    { name: 'recall', values: [undefined, 0.7] },
  ]);
});

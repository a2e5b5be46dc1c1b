import { describe, expect, it } from 'vitest';
import { labColumns, labPrediction, metricsByName } from './lab-answers.js';

const SERVING = { model: 'spine', version: '1.2.0' };

describe('figures of a version', () => {
  it('stand by their names where nothing was trained on them, others after their data', () => {
    expect(
      metricsByName([
        { name: 'accuracy', value: 0.84, dataset: 'train' },
        { name: 'accuracy', value: 0.82, dataset: 'held-out' },
        { name: 'auc', value: 0.95, dataset: 'held-out' },
        { name: 'auc', value: 0.94, dataset: 'cross-validation' },
      ]),
    ).toEqual({ train_accuracy: 0.84, accuracy: 0.82, auc: 0.95, cross_validation_auc: 0.94 });
  });

  it('stand by their names where there are those of one set alone, and are none where there are none', () => {
    expect(metricsByName([{ name: 'rmse', value: 2.5, dataset: 'train' }])).toEqual({ rmse: 2.5 });
    expect(metricsByName([])).toEqual({});
  });
});

describe('a prediction', () => {
  it.each([
    ['of a classifier', { label: 'DH', probability: 0.7, probabilities: { DH: 0.7, NO: 0.3 } }, 'DH', 0.7],
    ['of a decision function', { label: 'DH', score: 1.2, scores: { DH: 1.2, NO: -1.2 } }, 'DH', null],
    ['of a regression', { value: 3.5 }, 3.5, null],
  ])('%s has what the model says', (_, result, prediction, probability) => {
    expect(labPrediction(result, SERVING)).toEqual({ prediction, probability, ...SERVING });
  });

  it('stands in the columns of a file in the same way', () => {
    const holds = (manifest: Parameters<typeof labColumns>[0]): unknown[] =>
      labColumns(manifest).map((column) => column.holds);
    expect(labColumns({ task: 'multiclass-classification', output: {} }).map(({ name }) => name)).toEqual([
      'prediccion',
      'probabilidad',
      'error',
    ]);
    expect(holds({ task: 'multiclass-classification', output: {} })).toEqual(['label', 0, 'error']);
    expect(holds({ task: 'binary-classification', output: { kind: 'decision' } })).toEqual([
      'label',
      'nothing',
      'error',
    ]);
    expect(holds({ task: 'regression', output: {} })).toEqual([0, 'nothing', 'error']);
  });
});

import { describe, expect, it } from 'vitest';
import { pipelinesOf } from './features';

describe('a feature pipeline', () => {
  it('is told step by step, with the numbers of the training data', () => {
    const [pipeline] = pipelinesOf([
      { window: { samples: 20, samplingInterval: 300 } },
      { select: ['heartRate', 'age'] },
      { standardize: { columns: { heartRate: { mean: 85, deviation: 20 } } } },
      { minMax: { columns: { age: { minimum: 0, maximum: 99 } } } },
      { standardizeWindow: {} },
      { oneHot: { column: 'ward', values: ['A', 'B'] } },
      { impute: { columns: { age: { median: 61 } } } },
    ]);
    expect(pipeline).toEqual({
      input: null,
      steps: [
        { kind: 'window', window: { samples: 20, samplingInterval: 300 } },
        { kind: 'select', columns: ['heartRate', 'age'] },
        { kind: 'standardize', columns: [['heartRate', { mean: 85, deviation: 20 }]] },
        { kind: 'minMax', columns: [['age', { minimum: 0, maximum: 99 }]] },
        { kind: 'standardizeWindow', columns: undefined },
        { kind: 'oneHot', column: 'ward', values: ['A', 'B'] },
        { kind: 'impute', columns: [['age', { median: 61 }]] },
      ],
    });
  });

  it('is one for each input of a model of several', () => {
    const pipelines = pipelinesOf({ vitals: [{ select: ['heartRate'] }], stay: [] });
    expect(pipelines.map(({ input, steps }) => [input, steps.length])).toEqual([
      ['vitals', 1],
      ['stay', 0],
    ]);
  });

  it('is none where values go to the model as they come', () => {
    expect(pipelinesOf([])).toEqual([]);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cohortOf, countsOver, shareBelow, shareOf, type EvaluatedDataset, type Evaluation } from './distribution';

const dataset = (name: string, withHistograms = true): EvaluatedDataset => ({
  name,
  title: name,
  rows: 10,
  classCounts: [],
  metrics: {},
  confusionMatrix: { classes: [], counts: [] },
  ...(withHistograms ? { histograms: [{ name: 'age', edges: [0, 1], counts: [10] }] } : {}),
});
const evaluation = (...datasets: EvaluatedDataset[]): Evaluation => ({
  schemaVersion: 1,
  task: 'binary-classification',
  classes: [],
  datasets,
});

describe('the cohort a patient is shown among', () => {
  it('is what the model has not seen, where there is such', () => {
    expect(cohortOf(evaluation(dataset('train'), dataset('course'), dataset('held-out')))?.name).toBe('held-out');
    expect(cohortOf(evaluation(dataset('train'), dataset('course')))?.name).toBe('course');
    expect(cohortOf(evaluation(dataset('train'), dataset('held-out', false)))?.name).toBe('train');
    expect(cohortOf(evaluation())).toBeUndefined();
    expect(cohortOf(null)).toBeUndefined();
  });

  const uneven = { name: 'perfusion', edges: [0, 1, 2, 10], counts: [10, 30, 80] };

  it('keeps its bins where the slices are the same', () => {
    expect(countsOver({ name: 'age', edges: [0, 1, 2], counts: [3, 5] }, [0, 2], 2)).toEqual([3, 5]);
  });

  it('shares a wide bin out among the slices it covers', () => {
    expect(countsOver(uneven, [0, 10], 10)).toEqual([10, 30, 10, 10, 10, 10, 10, 10, 10, 10]);
    expect(countsOver(uneven, [0, 2], 4)).toEqual([5, 5, 15, 15]);
  });

  it('tells how many lie below a value', () => {
    expect(shareBelow(uneven, 0)).toBe(0);
    expect(shareBelow(uneven, 2)).toBeCloseTo(40 / 120);
    expect(shareBelow(uneven, 6)).toBeCloseTo(80 / 120);
    expect(shareBelow(uneven, 99)).toBe(1);
    expect(shareBelow({ name: 'sex', values: [0, 1], counts: [1, 2] }, 1)).toBeUndefined();
  });

  it('has ever more of its rows below a greater value', () => {
    const value = fc.double({ min: -5, max: 15, noNaN: true });
    fc.assert(
      fc.property(value, value, (a, b) => {
        expect(shareBelow(uneven, Math.min(a, b))!).toBeLessThanOrEqual(shareBelow(uneven, Math.max(a, b))!);
      }),
    );
  });

  it('tells how many have a value of a choice', () => {
    const sex = { name: 'sex', values: [0, 1], counts: [30, 70] };
    expect(shareOf(sex, 1)).toBe(0.7);
    expect(shareOf(sex, 2)).toBeUndefined();
    expect(shareOf({ ...sex, counts: [0, 0] }, 1)).toBeUndefined();
  });
});

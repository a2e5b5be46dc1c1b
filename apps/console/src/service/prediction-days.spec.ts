import { describe, expect, it } from 'vitest';
import { datesBetween } from '../i18n/utc-days';
import { byModel } from './prediction-days';
import type { PredictionDay } from './queries';

const DATES = datesBetween('2026-02-27', '2026-03-01');

function day(known: Partial<PredictionDay>): PredictionDay {
  return {
    date: '2026-03-01',
    model: 'cardiac-risk',
    version: '1.0.0',
    source: 'request',
    predictions: 1,
    rows: 1,
    labels: { risk: 1 },
    score: 'positive-probability',
    meanScore: 0.9,
    ...known,
  };
}

describe('What was predicted by day', () => {
  it('has every day of the span, across the end of a month', () => {
    expect(DATES).toEqual(['2026-02-27', '2026-02-28', '2026-03-01']);
  });

  it('counts each class on each day, the most frequent first, over versions and sources', () => {
    const [cardiac] = byModel(
      [
        day({ rows: 3, labels: { risk: 1, 'no-risk': 2 } }),
        day({ version: '1.1.0', source: 'file', rows: 5, labels: { 'no-risk': 5 } }),
        day({ date: '2026-02-27', rows: 2, labels: { risk: 2 } }),
      ],
      DATES,
    );
    expect(cardiac!.classes).toEqual([
      { label: 'no-risk', rows: [0, 0, 7] },
      { label: 'risk', rows: [2, 0, 1] },
    ]);
    expect(cardiac).toMatchObject({ rows: 10, fileRows: 5, versions: ['1.0.0', '1.1.0'] });
  });

  it('weighs the mean by rows and leaves days without any open', () => {
    const [cardiac] = byModel(
      [day({ rows: 3, labels: { risk: 3 }, meanScore: 0.8 }), day({ source: 'file', meanScore: 0.4 })],
      DATES,
    );
    expect(cardiac!.meanScores.slice(0, 2)).toEqual([null, null]);
    expect(cardiac!.meanScores[2]).toBeCloseTo(0.7);
  });

  it('mixes no probabilities with scores of another kind', () => {
    const [cardiac] = byModel(
      [
        day({ rows: 3, labels: { risk: 3 } }),
        day({ version: '0.9.0', score: 'positive-decision', meanScore: -41, labels: { risk: 1 } }),
      ],
      DATES,
    );
    expect(cardiac!.score).toBe('positive-probability');
    expect(cardiac!.meanScores[2]).toBeCloseTo(0.9);
  });

  it('keeps rows that are in no class apart', () => {
    const [stay] = byModel([day({ model: 'stay', rows: 4, labels: {}, score: 'value', meanScore: 3 })], DATES);
    expect(stay!.classes).toEqual([{ label: null, rows: [0, 0, 4] }]);
  });

  it('begins with the model that was asked most', () => {
    const models = byModel([day({}), day({ model: 'stay', rows: 9, labels: {} })], DATES).map(({ model }) => model);
    expect(models).toEqual(['stay', 'cardiac-risk']);
  });
});

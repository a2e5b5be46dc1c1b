import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { calibrationNote } from './calibration';
import type { Evaluation } from './distribution';

const evaluationOf = (version: string): Evaluation =>
  JSON.parse(
    readFileSync(join(import.meta.dirname, '../../../../models', version, 'evaluation.json'), 'utf8'),
  ) as Evaluation;
const cardiac = evaluationOf('cardiac-risk/1.0.0');
const shock = evaluationOf('haemodynamic-shock/1.0.0');

describe('the calibration of an answer', () => {
  it('is that of the group which the probability belongs to, in what the model has not seen', () => {
    const note = calibrationNote(cardiac, 'risk', { 'no-risk': 0.97, risk: 0.03 });
    expect(note).toMatchObject({ className: 'risk', within: true, dataset: { name: 'held-out' } });
    expect(note?.bin).toMatchObject({ lower: 0.005821, upper: 0.03462, count: 1000, observed: 0.033 });
  });

  it('speaks of the positive class of a binary model, whichever was answered', () => {
    const probabilities = { 'no-risk': 0.97, risk: 0.03 };
    expect(calibrationNote(cardiac, 'no-risk', probabilities)).toEqual(calibrationNote(cardiac, 'risk', probabilities));
  });

  it('speaks of the class that was answered where there are several', () => {
    const note = calibrationNote(shock, 'bajo_gasto_cardiaco', { bajo_gasto_cardiaco: 0.7 });
    expect(note?.bin).toMatchObject({ lower: 0.648592, upper: 0.843926, observed: 0.733333 });
  });

  it('says when no group holds the probability, and takes the nearest', () => {
    const note = calibrationNote(cardiac, 'risk', { risk: 0 });
    expect(note?.within).toBe(false);
    expect(note?.bin.lower).toBe(0.005821);
  });

  it('is not made up where there is none', () => {
    expect(calibrationNote(null, 'risk', { risk: 0.9 })).toBeUndefined();
    expect(calibrationNote(shock, 'unheard-of', { 'unheard-of': 0.9 })).toBeUndefined();
    expect(calibrationNote({ ...cardiac, datasets: [] }, 'risk', { risk: 0.9 })).toBeUndefined();
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Evaluation } from '../api/models';
import {
  aucOf,
  calibrationCurves,
  chosenDataset,
  curveClasses,
  datasetNames,
  rocCurves,
  type Side,
} from './evaluations';

function shipped(model: string, version: string): Side {
  const path = new URL(`../../../../models/${model}/${version}/evaluation.json`, import.meta.url);
  return { version, label: version, evaluation: JSON.parse(readFileSync(path, 'utf8')) as Evaluation };
}
const [old, newer] = [shipped('penguins', '1.0.0'), shipped('penguins', '1.2.0')];
const without: Side = { version: '0.9.0', label: '0.9.0', evaluation: null };

describe('what two versions have to draw', () => {
  it('are curves of both, each in its own style', () => {
    const curves = rocCurves([old, newer], 'held-out', 'Gentoo');
    expect(curves.map(({ label, style }) => [label, style])).toEqual([
      ['1.0.0', 0],
      ['1.2.0', 1],
    ]);
    expect(curves[0]!.points[0]).toEqual([0, 0]);
    expect(curves[0]!.points.at(-1)).toEqual([1, 1]);
  });

  it('is the one that there is where the other came without an evaluation', () => {
    expect(rocCurves([without, newer], 'held-out', 'Gentoo').map(({ style }) => style)).toEqual([1]);
    expect(rocCurves([without], 'held-out', 'Gentoo')).toEqual([]);
  });

  it('has calibration from the lowest probability to the highest', () => {
    const xs = calibrationCurves([old], 'held-out', 'Adelie')[0]!.points.map(([x]) => x);
    expect(xs).toEqual(xs.toSorted((one, other) => one - other));
    expect(xs.length).toBeGreaterThan(3);
  });

  it('names each data set once, those that were only measured too', () => {
    expect(datasetNames([old, newer], ['train', 'ward'])).toEqual(['train', 'ward', 'held-out']);
  });
});

it('draws what is asked for, else the rows that were held out', () => {
  const names = datasetNames([old], ['cross-validation']);
  expect(chosenDataset([old], names, 'train')).toBe('train');
  expect(chosenDataset([old], names, 'nowhere')).toBe('held-out');
  expect(chosenDataset([without], ['cross-validation'], undefined)).toBe('cross-validation');
});

it('offers the positive class of two, and all of several', () => {
  expect(curveClasses([shipped('cardiac-risk', '1.0.0')], 'held-out')).toEqual(['risk']);
  expect(curveClasses([old, newer], 'held-out')).toEqual(['Adelie', 'Chinstrap', 'Gentoo']);
});

it('tells the area under the curve that is drawn', () => {
  expect(aucOf(shipped('cardiac-risk', '1.0.0'), 'held-out', 'risk')).toBeCloseTo(0.9612, 4);
  expect(aucOf(old, 'held-out', 'Gentoo')).toBe(1);
  expect(aucOf(without, 'held-out', 'Gentoo')).toBeUndefined();
});

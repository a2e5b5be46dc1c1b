import { expect, it } from 'vitest';
import type { Verification } from './queries';
import { differenceFromTraining, latestOf } from './verification';

const comparison = (
  kind: 'golden' | 'engines',
  absolute: number,
  relative: number,
): Verification['comparisons'][0] => ({
  kind,
  engine: 'onnx',
  against: kind === 'golden' ? 'keras 3.15.1' : 'tfjs',
  rows: 64,
  values: 64,
  maxAbsoluteDifference: absolute,
  maxRelativeDifference: relative,
  identical: false,
  passed: true,
});
const verification = (comparisons: Verification['comparisons']): Verification => ({
  verifiedAt: '2026-01-01T00:00:00Z',
  passed: true,
  tolerance: { absolute: 1e-5, relative: 1e-5 },
  randomRows: { count: 64, seed: 1 },
  engines: [],
  unavailable: [],
  singleEngine: false,
  comparisons,
});

it('tells the largest difference from the training framework of all engines, and none of one engine from another', () => {
  const found = verification([
    comparison('golden', 2e-7, 1e-6),
    comparison('golden', 1e-7, 3e-6),
    comparison('engines', 1, 1),
  ]);
  expect(differenceFromTraining(found)).toEqual({ against: 'keras 3.15.1', absolute: 2e-7, relative: 3e-6 });
});

it('tells none where no rows came to compare with', () => {
  expect(differenceFromTraining(verification([comparison('engines', 1, 1)]))).toBeUndefined();
});

it('tells of the verification that was made last', () => {
  const [first, last] = [verification([]), verification([comparison('golden', 0, 0)])];
  expect(latestOf([first, last])).toBe(last);
  expect(latestOf([])).toBeUndefined();
});

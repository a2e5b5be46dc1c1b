import { expect, it } from 'vitest';
import { mostFrequent, sharesByRow } from './confusion';

it('counts shares by the class that it was, and leaves a class without rows open', () => {
  expect(
    sharesByRow([
      [3, 1],
      [0, 0],
    ]),
  ).toEqual([
    [0.75, 0.25],
    [null, null],
  ]);
});

it('names the pairs that were mistaken most often, and no right answers', () => {
  const counts = [
    [90, 4, 6],
    [0, 50, 0],
    [9, 1, 0],
  ];
  expect(mostFrequent(counts, 2)).toEqual([
    { actual: 2, predicted: 0, count: 9, share: 0.9 },
    { actual: 0, predicted: 2, count: 6, share: 0.06 },
  ]);
});

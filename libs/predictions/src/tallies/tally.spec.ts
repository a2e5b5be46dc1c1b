import { expect, it } from 'vitest';
import { Tally } from './tally.js';

it('a sum of scores stays a number, whatever a model answers', () => {
  const tally = new Tally();
  for (const score of [1.5, Number.MAX_VALUE, -Number.MAX_VALUE, Number.MAX_VALUE, 2]) tally.addScore('value', score);
  expect(tally.columns()).toMatchObject({ score: 'value', scored_rows: 2, score_sum: 3.5 });
});

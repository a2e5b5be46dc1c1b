import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareRow, largestOf } from './compare-scores.js';

const scores = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 8 });

describe('scores', () => {
  it('are identical to themselves, read back from JSON as they are recorded', () => {
    fc.assert(
      fc.property(scores, (values) => {
        const replayed = new Float32Array(values);
        const recorded = [...replayed].map(
          (score) => JSON.parse(Object.is(score, -0) ? '-0' : String(score)) as number,
        );
        expect(compareRow(3, recorded, replayed)).toMatchObject({ row: 3, identical: true, largestDifference: 0 });
      }),
    );
  });

  it('are not where one of them is another float32, however near', () => {
    fc.assert(
      fc.property(scores, fc.nat(), (values, at) => {
        const replayed = new Float32Array(values);
        const bits = new Uint32Array(replayed.slice().buffer);
        bits[at % bits.length]! ^= 1;
        const recorded = [...new Float32Array(bits.buffer)];
        expect(compareRow(0, recorded, replayed).identical).toBe(false);
      }),
    );
  });

  it('are not where a recorded one is no float32, a zero has another sign, or there are more or fewer of them', () => {
    const half = new Float32Array([0.5]);
    expect(compareRow(0, [0.5 + Number.EPSILON], half)).toMatchObject({
      identical: false,
      largestDifference: Number.EPSILON,
    });
    expect(compareRow(0, [-0], new Float32Array([0]))).toMatchObject({ identical: false, largestDifference: 0 });
    expect(compareRow(0, [0.5, 0.5], half)).toMatchObject({ identical: false, largestDifference: null });
    expect(compareRow(0, [], half)).toMatchObject({ identical: false, largestDifference: null });
  });

  it('of several rows differ by as much as those of the row that differs most', () => {
    const row = (recorded: number[]) => compareRow(0, recorded, new Float32Array([0.5]));
    expect(largestOf([row([0.5]), row([0.75]), row([0.25 + 0.125])])).toBe(0.25);
    expect(largestOf([row([0.75]), row([])])).toBeNull();
    expect(largestOf([row([0.5])])).toBe(0);
  });
});

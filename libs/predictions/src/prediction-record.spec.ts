import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scoresToJson } from './prediction-record.js';

describe('scores in the record', () => {
  it('stand one array a row', () => {
    expect(scoresToJson(new Float32Array([0.5, 0.25, 0.125, 1]), 2)).toBe('[[0.5,0.25],[0.125,1]]');
    expect(scoresToJson(new Float32Array([0.5]), 1)).toBe('[[0.5]]');
  });

  it('read back as the same float32 numbers', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 8 }),
        (values) => {
          const scores = new Float32Array(values);
          const [row] = JSON.parse(scoresToJson(scores, scores.length)) as number[][];
          // JSON has one zero.
          expect(row!.map((value) => value + 0)).toEqual(Array.from(scores, (value) => value + 0));
        },
      ),
    );
  });
});

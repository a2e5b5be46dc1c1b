import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ServingVersion } from '#models';
import { newId } from '#platform';
import { recordOf, type RecordedRow, type Scored } from './prediction-record.js';

const serving = {
  id: newId(),
  model: 'm',
  version: '1.0.0',
  engine: { name: 'onnx', version: '1' },
  processor: 'x64',
  manifest: {},
} as unknown as ServingVersion;
const origin = {
  principal: { userId: newId(), role: 'user', apiKeyId: null, mustChangePassword: false },
  requestId: 'r',
  admission: { id: newId() },
} as const;

function rowsOf(scored: Partial<Scored> & Pick<Scored, 'scores' | 'width'>): RecordedRow[] {
  const count = scored.scores.length / scored.width;
  const record = recordOf(origin, serving, {
    inputs: Array.from({ length: count }, (_, index) => JSON.stringify({ index })),
    subjects: null,
    results: Array.from({ length: count }, () => ({ value: 0 })),
    ...scored,
  });
  return record.rows.map((row) => JSON.parse(row) as RecordedRow);
}

describe('the rows of a record', () => {
  it('hold what was sent and what came of it, and nothing that was not named', () => {
    expect(rowsOf({ scores: new Float32Array([0.5, 0.25, 0.125, 1]), width: 2 })).toEqual([
      { input: { index: 0 }, scores: [0.5, 0.25] },
      { input: { index: 1 }, scores: [0.125, 1] },
    ]);
    const results = [{ label: 'a"b', probability: 1, probabilities: { 'a"b': 1 } }];
    expect(rowsOf({ scores: new Float32Array([1]), width: 1, results, subjects: ['P-"1"'] })).toEqual([
      { subject: 'P-"1"', input: { index: 0 }, scores: [1], label: 'a"b' },
    ]);
    expect(rowsOf({ scores: new Float32Array([1]), width: 1, subjects: [null] })[0]).toHaveProperty('subject', null);
  });

  it('read back as the same float32 numbers, to the sign of a zero', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 8 }),
        (values) => {
          const scores = new Float32Array(values);
          const [row] = rowsOf({ scores, width: scores.length });
          expect(row!.scores.every((score, index) => Object.is(score, scores[index]))).toBe(true);
        },
      ),
    );
  });
});

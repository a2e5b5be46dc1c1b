import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ManifestOutput } from './manifest.js';
import { compileDecoder, type ClassificationResult } from './prediction-result.js';

const named = (...names: string[]): NonNullable<ManifestOutput['classes']> =>
  names.map((name) => ({ name, title: name }));
const risk: ManifestOutput = { classes: named('no-risk', 'risk') };

describe('a binary model', () => {
  it('with one score answers the probability of the class it names', () => {
    const decode = compileDecoder({ task: 'binary-classification', output: risk }, 1);
    expect(decode([0.75])).toEqual({
      label: 'risk',
      probability: 0.75,
      probabilities: { 'no-risk': 0.25, risk: 0.75 },
    });
    expect(decode([0.25])).toEqual({
      label: 'no-risk',
      probability: 0.75,
      probabilities: { 'no-risk': 0.75, risk: 0.25 },
    });
  });

  it('with two scores takes the second as the positive class', () => {
    const decode = compileDecoder({ task: 'binary-classification', output: risk }, 2);
    expect(decode([0.25, 0.75])).toMatchObject({ label: 'risk', probability: 0.75 });
  });

  it('answers the positive class from the threshold on', () => {
    const decode = compileDecoder({ task: 'binary-classification', output: { ...risk, threshold: 0.25 } }, 1);
    expect(decode([0.25])).toMatchObject({ label: 'risk', probability: 0.25 });
    expect(decode([0.2499])).toMatchObject({ label: 'no-risk' });
  });
});

describe('a decision function', () => {
  it('is answered as scores, with the class of the largest', () => {
    const output: ManifestOutput = { kind: 'decision', classes: named('a', 'b', 'c') };
    const decode = compileDecoder({ task: 'multiclass-classification', output }, 3);
    expect(decode([-2.5, -0.5, -3])).toEqual({ label: 'b', score: -0.5, scores: { a: -2.5, b: -0.5, c: -3 } });
  });

  it('of one value for two classes is that of the positive one', () => {
    const decode = compileDecoder({ task: 'binary-classification', output: { ...risk, kind: 'decision' } }, 1);
    expect(decode([1.5])).toEqual({ label: 'risk', score: 1.5, scores: { 'no-risk': -1.5, risk: 1.5 } });
    expect(decode([-0.25])).toMatchObject({ label: 'no-risk', score: 0.25 });
  });

  it('has no answer where a value is not finite', () => {
    const decode = compileDecoder({ task: 'binary-classification', output: { ...risk, kind: 'decision' } }, 2);
    expect(() => decode([0, NaN])).toThrow(/computed NaN/);
  });
});

describe('a multiclass model', () => {
  it('answers the most probable class, with the probability of each', () => {
    const decode = compileDecoder(
      { task: 'multiclass-classification', output: { classes: named('sano', 'shock', 'arresto') } },
      3,
    );
    expect(decode([0.125, 0.75, 0.125])).toEqual({
      label: 'shock',
      probability: 0.75,
      probabilities: { sano: 0.125, shock: 0.75, arresto: 0.125 },
    });
  });

  it('names a class whose probability is the largest, whatever the scores', () => {
    const decode = compileDecoder({ task: 'multiclass-classification', output: { classes: named('a', 'b', 'c') } }, 3);
    fc.assert(
      fc.property(fc.array(fc.float({ min: 0, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 }), (scores) => {
        const { label, probability, probabilities } = decode(scores) as ClassificationResult;
        expect(probability).toBe(Math.max(...scores));
        expect(probabilities[label]).toBe(probability);
      }),
    );
  });
});

describe('a regression', () => {
  it('answers its value', () => {
    expect(compileDecoder({ task: 'regression', output: { unit: 'mmHg' } }, 1)([-12.5])).toEqual({ value: -12.5 });
  });
});

describe('scores that are no answer', () => {
  it('are an error and never an answer', () => {
    const binary = compileDecoder({ task: 'binary-classification', output: risk }, 1);
    const regression = compileDecoder({ task: 'regression', output: {} }, 1);
    for (const wrong of [NaN, Infinity, -Infinity]) {
      expect(() => binary([wrong])).toThrow(expect.objectContaining({ name: 'OUTPUT_NOT_FINITE' }));
      expect(() => regression([wrong])).toThrow(expect.objectContaining({ name: 'OUTPUT_NOT_FINITE' }));
    }
    expect(() => binary([])).toThrow(expect.objectContaining({ name: 'OUTPUT_NOT_FINITE' }));
    expect(() => binary([1.5])).toThrow(/no probability/);
  });

  it('are taken as 0 or 1 where float32 rounding carried them past it', () => {
    expect(compileDecoder({ task: 'binary-classification', output: risk }, 1)([1.0000001])).toMatchObject({
      probability: 1,
    });
  });
});

describe('a manifest that does not fit its model', () => {
  it.each([
    ['binary-classification', risk, 3],
    ['binary-classification', { classes: named('a', 'b', 'c') }, 1],
    ['multiclass-classification', risk, 3],
    ['multiclass-classification', {}, 3],
    ['regression', {}, 2],
  ] as const)('is refused: %s with %o and %i scores', (task, output, width) => {
    expect(() => compileDecoder({ task, output }, width)).toThrow(
      expect.objectContaining({ name: 'MODEL_DOES_NOT_FIT' }),
    );
  });
});

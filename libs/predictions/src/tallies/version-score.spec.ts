import { describe, expect, it } from 'vitest';
import { compileDecoder, type ManifestOutput, type ModelTask } from '#inference';
import { versionScore } from './version-score.js';

/** Numerals are names that JavaScript puts in an order of its own. */
const classes = (...names: string[]): ManifestOutput['classes'] => names.map((name) => ({ name, title: name }));

function scored(task: ModelTask, output: ManifestOutput, scores: number[]): [string, number] {
  const { kind, of } = versionScore({ task, output });
  return [kind, of(compileDecoder({ task, output }, scores.length)(scores))];
}

describe('the number of an answer that is averaged', () => {
  it('is the probability of the positive class where there are two, whichever was answered', () => {
    const output = { classes: classes('1', '0') };
    expect(scored('binary-classification', output, [0.25])).toEqual(['positive-probability', 0.25]);
    expect(scored('binary-classification', output, [0.25, 0.75])).toEqual(['positive-probability', 0.75]);
  });

  it('is the probability of the answered class where there are more', () => {
    const output = { classes: classes('a', 'b', 'c') };
    expect(scored('multiclass-classification', output, [0.25, 0.5, 0.25])).toEqual(['answered-probability', 0.5]);
  });

  it('is the value of a decision function for the same class', () => {
    const two = { classes: classes('a', 'b'), kind: 'decision' as const };
    expect(scored('binary-classification', two, [-3])).toEqual(['positive-decision', -3]);
    const three = { classes: classes('a', 'b', 'c'), kind: 'decision' as const };
    expect(scored('multiclass-classification', three, [-3, -1, -2])).toEqual(['answered-decision', -1]);
  });

  it('is the value of a regression', () => {
    expect(scored('regression', {}, [17])).toEqual(['value', 17]);
  });
});

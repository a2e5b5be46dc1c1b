/** Which number of an answer is averaged, by what a version's manifest declares. */
import type { ModelManifest, PredictionResult } from '#inference';

/**
 * Of a classifier with two classes the probability of the positive one, of others that of the answered class (both 0 to 1); of a
 * decision function its value for the same class; of a regression the value, in the model's unit.
 */
export const SCORE_KINDS = [
  'positive-probability',
  'answered-probability',
  'positive-decision',
  'answered-decision',
  'value',
] as const;
export type ScoreKind = (typeof SCORE_KINDS)[number];

export interface VersionScore {
  readonly kind: ScoreKind;
  of(result: PredictionResult): number;
}

export function versionScore({ task, output }: Pick<ModelManifest, 'task' | 'output'>): VersionScore {
  const positive = task === 'binary-classification' ? output.classes?.[1]?.name : undefined;
  const which = positive === undefined ? 'answered' : 'positive';
  const of = (result: PredictionResult): number => {
    if ('value' in result) return result.value;
    const scores = 'probabilities' in result ? result.probabilities : result.scores;
    return scores[positive ?? result.label]!;
  };
  if (task === 'regression') return { kind: 'value', of };
  return { kind: output.kind === 'decision' ? `${which}-decision` : `${which}-probability`, of };
}

/** How two versions differ on the same row. */
import { tolerance, type PredictionResult } from '#inference';

export interface AnswerComparison {
  /** The same class; of a regression the same value, but for rounding. */
  readonly agrees: boolean;
  /** Between the answered probability, score or value and the other version's for the same class. */
  readonly difference: number;
}

export function compareAnswers(answered: PredictionResult, other: PredictionResult): AnswerComparison {
  if ('value' in answered) {
    if (!('value' in other)) return DISAGREES;
    const difference = Math.abs(answered.value - other.value);
    return { agrees: difference <= tolerance.absolute + tolerance.relative * Math.abs(answered.value), difference };
  }
  if ('value' in other) return DISAGREES;
  const { label } = answered;
  return { agrees: other.label === label, difference: Math.abs(scoreOf(answered, label) - scoreOf(other, label)) };
}

/** Answers of two kinds, such as a class and a value. */
const DISAGREES: AnswerComparison = { agrees: false, difference: 1 };

/** 0 where the version does not know the class. */
function scoreOf(result: Exclude<PredictionResult, { readonly value: number }>, label: string): number {
  const scores = 'probabilities' in result ? result.probabilities : result.scores;
  return Object.hasOwn(scores, label) ? scores[label]! : 0;
}

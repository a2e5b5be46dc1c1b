/** From a model's scores to the answer that its manifest declares. */
import { DomainError } from '#platform';
import { inferenceErrors } from './inference.errors.js';
import type { ModelManifest } from './manifest.js';

export interface ClassificationResult {
  /** Name of the answered class. */
  readonly label: string;
  /** Of that class. */
  readonly probability: number;
  /** Of every class, by name. */
  readonly probabilities: Readonly<Record<string, number>>;
}

export interface RegressionResult {
  readonly value: number;
}

export type PredictionResult = ClassificationResult | RegressionResult;

/** Turns the scores of one row into its answer. Throws `OUTPUT_NOT_FINITE` for what is no number or no probability. */
export type ScoreDecoder = (scores: ArrayLike<number>) => PredictionResult;

/** float32 rounding may carry a softmax this far past 1. */
const roundingOfProbabilities = 1e-5;
/** Without the score, which may tell of the patient. */
const NO_PROBABILITY =
  'The model computed a score outside of 0 to 1, which is no probability; a classifier ends in sigmoid or softmax.';

/** Compiles a manifest's output for a model of `width` scores a row. Throws `MODEL_DOES_NOT_FIT`. */
export function compileDecoder({ task, output }: Pick<ModelManifest, 'task' | 'output'>, width: number): ScoreDecoder {
  const classes = (output.classes ?? []).map(({ name }) => name);
  if (task === 'regression') {
    requireFit(width === 1, `A regression has one score a row, the model has ${width}.`);
    return (scores) => ({ value: finite(scores[0]) });
  }
  if (task === 'multiclass-classification') {
    requireFit(classes.length >= 2, 'A classification declares its classes in output.classes.');
    requireFit(
      classes.length === width,
      `output.classes names ${classes.length} classes, the model has ${width} scores.`,
    );
    return (scores) => classification(classes, probabilitiesOf(scores, width), mostProbable);
  }
  requireFit(
    classes.length === 2,
    'A binary classification declares two classes in output.classes: the negative, then the positive one.',
  );
  requireFit(
    width === 1 || width === 2,
    `A binary classification has one or two scores a row, the model has ${width}.`,
  );
  const threshold = output.threshold ?? 0.5;
  const answer = (probabilities: readonly number[]): number => ((probabilities[1] ?? 0) >= threshold ? 1 : 0);
  if (width === 2) return (scores) => classification(classes, probabilitiesOf(scores, 2), answer);
  return (scores) => {
    const positive = probabilitiesOf(scores, 1)[0] ?? NaN;
    return classification(classes, [1 - positive, positive], answer);
  };
}

function classification(
  classes: readonly string[],
  probabilities: readonly number[],
  answer: (probabilities: readonly number[]) => number,
): ClassificationResult {
  const chosen = answer(probabilities);
  const named: Record<string, number> = {};
  classes.forEach((name, index) => {
    named[name] = probabilities[index] as number;
  });
  return { label: classes[chosen] as string, probability: probabilities[chosen] as number, probabilities: named };
}

/** The first of the largest. */
function mostProbable(probabilities: readonly number[]): number {
  return probabilities.indexOf(Math.max(...probabilities));
}

function probabilitiesOf(scores: ArrayLike<number>, width: number): number[] {
  const probabilities: number[] = [];
  for (let index = 0; index < width; index++) {
    const score = finite(scores[index]);
    if (score < -roundingOfProbabilities || score > 1 + roundingOfProbabilities) {
      throw new DomainError(inferenceErrors.OUTPUT_NOT_FINITE, NO_PROBABILITY);
    }
    probabilities.push(Math.min(Math.max(score, 0), 1));
  }
  return probabilities;
}

function finite(score: number | undefined): number {
  if (score !== undefined && Number.isFinite(score)) return score;
  throw new DomainError(inferenceErrors.OUTPUT_NOT_FINITE, `The model computed ${score}.`);
}

function requireFit(fits: boolean, message: string): void {
  if (!fits) throw new DomainError(inferenceErrors.MODEL_DOES_NOT_FIT, message);
}

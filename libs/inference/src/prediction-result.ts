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

/** Of a classifier whose scores are the values of a decision function. */
export interface DecisionResult {
  /** Name of the class with the largest score. */
  readonly label: string;
  readonly score: number;
  /** Of every class, by name. */
  readonly scores: Readonly<Record<string, number>>;
}

export interface RegressionResult {
  readonly value: number;
}

export type PredictionResult = ClassificationResult | DecisionResult | RegressionResult;

/** Turns the scores of one row into its answer. Throws `OUTPUT_NOT_FINITE` for what is no number or no probability. */
export type ScoreDecoder = (scores: ArrayLike<number>) => PredictionResult;

const CLASSES = '/output/classes';
/** float32 rounding may carry a softmax this far past 1. */
const roundingOfProbabilities = 1e-5;
/** Without the score, which may tell of the patient. */
const NO_PROBABILITY =
  'The model computed a score outside of 0 to 1, which is no probability: a classifier ends in sigmoid or softmax, or its manifest says output.kind: decision';

/** Compiles a manifest's output for a model of `width` scores a row. Throws `MODEL_DOES_NOT_FIT`. */
export function compileDecoder({ task, output }: Pick<ModelManifest, 'task' | 'output'>, width: number): ScoreDecoder {
  if (task === 'regression') {
    requireFit(width === 1, `A regression has one score a row, the model has ${width}.`, '/task');
    return (scores) => ({ value: finite(scores[0]) });
  }
  const classes = (output.classes ?? []).map(({ name }) => name);
  const binary = task === 'binary-classification';
  if (binary) requireBinary(classes, width);
  else requireClasses(classes, width);
  if (output.kind === 'decision') return (scores) => decision(classes, decisionValues(scores, width));
  if (!binary) return (scores) => classification(classes, probabilitiesOf(scores, width), largest);
  const threshold = output.threshold ?? 0.5;
  const answer = (probabilities: readonly number[]): number => ((probabilities[1] ?? 0) >= threshold ? 1 : 0);
  if (width === 2) return (scores) => classification(classes, probabilitiesOf(scores, 2), answer);
  return (scores) => {
    const positive = probabilitiesOf(scores, 1)[0] ?? NaN;
    return classification(classes, [1 - positive, positive], answer);
  };
}

function requireBinary({ length }: readonly string[], width: number): void {
  requireFit(
    length === 2,
    'A binary classification declares two classes in output.classes: the negative, then the positive one.',
    CLASSES,
  );
  requireFit(
    width === 1 || width === 2,
    `A binary classification has one or two scores a row, the model has ${width}.`,
    '/task',
  );
}

function requireClasses({ length }: readonly string[], width: number): void {
  requireFit(length >= 2, 'A classification declares its classes in output.classes.', CLASSES);
  requireFit(length === width, `output.classes names ${length} classes, the model has ${width} scores.`, CLASSES);
}

function classification(
  classes: readonly string[],
  probabilities: readonly number[],
  answer: (probabilities: readonly number[]) => number,
): ClassificationResult {
  const chosen = answer(probabilities);
  return {
    label: classes[chosen] as string,
    probability: probabilities[chosen] as number,
    probabilities: byName(classes, probabilities),
  };
}

function decision(classes: readonly string[], values: readonly number[]): DecisionResult {
  const chosen = largest(values);
  return { label: classes[chosen] as string, score: values[chosen] as number, scores: byName(classes, values) };
}

function byName(classes: readonly string[], values: readonly number[]): Record<string, number> {
  const named: Record<string, number> = {};
  classes.forEach((name, index) => {
    named[name] = values[index] as number;
  });
  return named;
}

/** The first of the largest. */
function largest(values: readonly number[]): number {
  return values.indexOf(Math.max(...values));
}

/** One of each class; a single one is that of the positive class, and its opposite that of the negative one. */
function decisionValues(scores: ArrayLike<number>, width: number): number[] {
  const values = Array.from({ length: width }, (_, index) => finite(scores[index]));
  const [only] = values;
  return width === 1 && only !== undefined ? [-only, only] : values;
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

/** @param pointer into the manifest */
function requireFit(fits: boolean, message: string, pointer: string): void {
  if (!fits)
    throw new DomainError(inferenceErrors.MODEL_DOES_NOT_FIT, message, { errors: [{ pointer, detail: message }] });
}

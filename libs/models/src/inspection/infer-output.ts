/** The task that a model file was made for, and what its scores are. */
import type { ModelDescription, ModelManifest, SeenScores } from '#inference';
import { DomainError } from '#platform';
import { modelErrors } from '../models.errors.js';

type Declared = Pick<ModelManifest, 'task' | 'output'>;

/**
 * A file that names its classes is a classifier. Of others, one number is a regression unless it ends in a sigmoid, and
 * several are a classifier's where they are probabilities.
 * @throws MANIFEST_NOT_INFERRED where the scores may be anything
 */
export function inferOutput({ classes, scores, isDecision }: ModelDescription): Declared {
  const seen = scoresOf(scores, classes?.length);
  const named = scores.length > 1 ? { score: seen.output } : {};
  if (classes) return classifier(classes, seen, isDecision, named);
  const { width, ending, withinProbabilities, sumToOne } = seen;
  if (width === 1 && ending === 'sigmoid') return classifier(['negative', 'positive'], seen, false, named);
  if (width === 1) return { task: 'regression', output: named };
  if (ending === 'softmax' || (withinProbabilities && sumToOne)) {
    const numbered = Array.from({ length: width }, (_, index) => `class-${index}`);
    return classifier(numbered, seen, false, named);
  }
  throw open(`output ${seen.output} has ${width} numbers a row, which are no probabilities of classes`);
}

function classifier(
  classes: readonly string[],
  { withinProbabilities, width, sumToOne }: SeenScores,
  isDecision: boolean,
  named: object,
): Declared {
  const isProbability = !isDecision && withinProbabilities && (width === 1 || sumToOne);
  return {
    task: classes.length === 2 ? 'binary-classification' : 'multiclass-classification',
    output: {
      classes: classes.map((name) => ({ name, title: name })),
      ...(!isProbability && { kind: 'decision' }),
      ...named,
    },
  };
}

/** The only output, or that of as many numbers as there are classes. */
function scoresOf(scores: readonly SeenScores[], classes: number | undefined): SeenScores {
  const [first, ...others] = scores;
  if (!first) throw open('none of its outputs has a known number of scores');
  if (others.length === 0) return first;
  const fitting = scores.filter(({ width }) => width === classes);
  if (fitting.length === 1) return fitting[0] as SeenScores;
  throw open(`its scores may be any of ${scores.map(({ output }) => output).join(', ')}`);
}

function open(what: string): DomainError {
  return new DomainError(
    modelErrors.MANIFEST_NOT_INFERRED,
    `The file does not say what comes out: ${what}. Write a manifest.`,
  );
}

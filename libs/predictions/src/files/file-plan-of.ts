/** What of a version a file needs: its columns, and what results are made of. */
import { optionalInputs, type PredictionResult } from '#inference';
import type { ServingVersion } from '#models';
import { DomainError } from '#platform';
import { predictionErrors } from '../predictions.errors.js';
import type { FilePlan } from './csv/file-plan.js';

/** @throws MODEL_TAKES_NO_FILES for a model whose rows are more than values in columns */
export function filePlanOf({ manifest }: ServingVersion, charset: string | undefined): FilePlan {
  if (manifest.observations || manifest.inputs.length === 0) {
    throw new DomainError(
      predictionErrors.MODEL_TAKES_NO_FILES,
      `A row of ${manifest.name} is a series of observations, which a line of a CSV file does not hold. Send JSON.`,
    );
  }
  const optional = optionalInputs(manifest);
  const classes = (manifest.output.classes ?? []).map(({ name }) => name);
  const own =
    manifest.task === 'regression' ? ['value'] : [manifest.output.kind === 'decision' ? 'score' : 'probability'];
  return {
    inputs: manifest.inputs.map(({ name, title, type }) => ({
      name,
      title,
      optional: optional.has(name),
      numeric: type === 'number' || type === 'integer',
    })),
    classes: manifest.task === 'regression' ? [] : classes,
    numbers: manifest.task === 'regression' ? own : [...own, ...classes],
    charset,
  };
}

/** Writes what a result says to the columns of the plan. @returns the class's place; 0 for a regression */
export function writeNumbers(
  result: PredictionResult,
  classes: readonly string[],
  target: Float64Array,
  offset: number,
): number {
  if ('value' in result) {
    target[offset] = result.value;
    return 0;
  }
  const byClass = 'score' in result ? result.scores : result.probabilities;
  target[offset] = 'score' in result ? result.score : result.probability;
  for (let index = 0; index < classes.length; index += 1) target[offset + 1 + index] = byClass[classes[index]!]!;
  return classes.indexOf(result.label);
}

/** What of a version a file needs: its columns, and what results are made of. */
import { optionalInputs, type ModelManifest, type PredictionResult } from '#inference';
import type { ServingVersion } from '#models';
import { DomainError } from '#platform';
import { predictionErrors } from '../predictions.errors.js';
import type { FilePlan, ResultColumn } from './csv/file-plan.js';

/** Which columns results add, for whoever's clients expect others than those of /v1. */
export type ResultColumnsOf = (manifest: ModelManifest) => readonly ResultColumn[];

/**
 * @param columnsOf left out: the columns of /v1
 * @throws MODEL_TAKES_NO_FILES for a model whose rows are more than values in columns
 */
export function filePlanOf(
  { manifest }: ServingVersion,
  charset: string | undefined,
  columnsOf: ResultColumnsOf = resultColumns,
): FilePlan {
  if (manifest.observations || manifest.inputs.length === 0) {
    throw new DomainError(
      predictionErrors.MODEL_TAKES_NO_FILES,
      `A row of ${manifest.name} is a series of observations, which a line of a CSV file does not hold. Send JSON.`,
    );
  }
  const optional = optionalInputs(manifest);
  return {
    inputs: manifest.inputs.map(({ name, title, type }) => ({
      name,
      title,
      optional: optional.has(name),
      numeric: type === 'number' || type === 'integer',
    })),
    classes: classesOf(manifest),
    numbers: numbersOf(manifest),
    columns: columnsOf(manifest),
    charset,
  };
}

/** The label where there are classes, the numbers, where the row is recorded, and what is wrong with it. */
function resultColumns(manifest: ModelManifest): ResultColumn[] {
  return [
    ...(manifest.task === 'regression' ? [] : [{ name: 'label', holds: 'label' } as const]),
    ...numbersOf(manifest).map((name, place) => ({ name, holds: place })),
    { name: 'prediction', holds: 'prediction' },
    { name: 'error', holds: 'error' },
  ];
}

function classesOf({ task, output }: ModelManifest): string[] {
  return task === 'regression' ? [] : (output.classes ?? []).map(({ name }) => name);
}

function numbersOf(manifest: ModelManifest): string[] {
  if (manifest.task === 'regression') return ['value'];
  return [manifest.output.kind === 'decision' ? 'score' : 'probability', ...classesOf(manifest)];
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

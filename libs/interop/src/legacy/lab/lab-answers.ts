/** From what is stored and computed to what the older service's clients read. */
import type { ManifestMetric, ModelManifest, PredictionResult } from '#inference';
import type { ServingVersion, VersionRecord } from '#models';
import type { ResultColumn } from '#predictions';

/** A version in the service's list. */
export interface LabModel {
  readonly name: string;
  readonly version: string;
  readonly metrics: Readonly<Record<string, number>>;
  /** When it was registered. */
  readonly date: string;
  /** Whether predictions are its. */
  readonly active: boolean;
}

export interface LabPrediction {
  /** The class; of a regression the value. */
  readonly prediction: string | number;
  /** Of the class; null where the model has none: a regression, or a decision function. */
  readonly probability: number | null;
  readonly model: string;
  readonly version: string;
}

export const FILE_NAME = 'predicciones.csv';
const [PREDICTION, PROBABILITY] = ['prediccion', 'probabilidad'];

/** Sets whose figures stand under their bare names, the best first. */
const MAIN_DATASETS = ['held-out', 'test'];

export function labModel(record: VersionRecord, active: boolean): LabModel {
  return {
    name: record.modelName,
    version: record.version,
    metrics: metricsByName(record.manifest.metrics ?? []),
    date: record.createdAt.toISOString(),
    active,
  };
}

/**
 * Figures by name: those of the data that were held out by their own, those of other data after the data's, such as `train_accuracy`.
 * Where nothing was held out, those of the first set named stand by their own.
 */
export function metricsByName(metrics: readonly ManifestMetric[]): Record<string, number> {
  const datasets = metrics.map(({ dataset }) => dataset);
  const main = MAIN_DATASETS.find((dataset) => datasets.includes(dataset)) ?? datasets[0];
  return Object.fromEntries(
    metrics.map(({ name, dataset, value }) => [
      dataset === main ? name : `${dataset.replace(/[^A-Za-z0-9]+/g, '_')}_${name}`,
      value,
    ]),
  );
}

export function labPrediction(
  result: PredictionResult,
  { model, version }: Pick<ServingVersion, 'model' | 'version'>,
): LabPrediction {
  if ('value' in result) return { prediction: result.value, probability: null, model, version };
  const probability = 'probability' in result ? result.probability : null;
  return { prediction: result.label, probability, model, version };
}

/** What the file of predictions has beside its own columns. `error` is ours: no row is without an answer and without a reason. */
export function labColumns({ task, output }: Pick<ModelManifest, 'task' | 'output'>): ResultColumn[] {
  const regression = task === 'regression';
  return [
    { name: PREDICTION!, holds: regression ? 0 : 'label' },
    { name: PROBABILITY!, holds: regression || output.kind === 'decision' ? 'nothing' : 0 },
    { name: 'error', holds: 'error' },
  ];
}

/** The figures that the older service lists of a model, from those of its manifest, whose data sets have other names. */
import type { ManifestMetric } from '#inference';

export interface SpeciesMetrics {
  readonly train_accuracy: number | null;
  readonly test_accuracy: number | null;
  readonly test_precision: number | null;
  readonly test_recall: number | null;
  readonly test_f1: number | null;
}

const TRAIN = ['train', 'training'];
/** What was kept away from training, however it is called. */
const TEST = ['held-out', 'test', 'testing', 'holdout', 'validation'];

/** Null where the manifest does not say. Of several classes the mean over classes, else the mean weighted by rows. */
export function speciesMetrics(metrics: readonly ManifestMetric[] = []): SpeciesMetrics {
  const figure = (datasets: readonly string[], ...names: string[]): number | null => {
    for (const dataset of datasets)
      for (const name of names) {
        const found = metrics.find((metric) => metric.dataset === dataset && metric.name === name);
        if (found) return found.value;
      }
    return null;
  };
  return {
    train_accuracy: figure(TRAIN, 'accuracy'),
    test_accuracy: figure(TEST, 'accuracy'),
    test_precision: figure(TEST, 'precision', 'precisionWeighted'),
    test_recall: figure(TEST, 'recall', 'recallWeighted'),
    test_f1: figure(TEST, 'f1', 'f1Weighted'),
  };
}

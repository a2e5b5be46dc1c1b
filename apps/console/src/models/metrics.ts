/** What metrics say: which way is better, which are told first, on what they were measured. */
import type { Schemas } from '../api/latido';

export type Metric = Schemas['ModelMetricDto'];

const KNOWN_METRICS = [
  'accuracy',
  'precision',
  'recall',
  'f1',
  'auc',
  'brier',
  'logLoss',
  'calibrationError',
  'precisionWeighted',
  'recallWeighted',
  'f1Weighted',
  'specificity',
  'balancedAccuracy',
  'averagePrecision',
  'loss',
  'mae',
  'mse',
  'rmse',
  'r2',
] as const;
export type KnownMetric = (typeof KNOWN_METRICS)[number];

/** Errors and losses; all other known ones are better when they are large. */
const BETTER_WHEN_SMALL: ReadonlySet<string> = new Set<KnownMetric>([
  'brier',
  'logLoss',
  'calibrationError',
  'loss',
  'mae',
  'mse',
  'rmse',
]);

export function isKnownMetric(name: string): name is KnownMetric {
  return KNOWN_METRICS.some((known) => known === name);
}

/** Undefined: a metric of the publisher's own, of which nobody here knows. */
function isBetterWhenSmall(name: string): boolean | undefined {
  return isKnownMetric(name) ? BETTER_WHEN_SMALL.has(name) : undefined;
}

export type Verdict = 'better' | 'worse' | 'same' | 'unknown';

/** Differences below this are of writing numbers down, not of models. */
const SAME_WITHIN = 1e-9;

/** What a difference `b − a` says of `b`; null where one of them was not measured. */
export function verdictOn(name: string, difference: number | null): Verdict {
  if (difference === null) return 'unknown';
  if (Math.abs(difference) < SAME_WITHIN) return 'same';
  const smallIsBetter = isBetterWhenSmall(name);
  if (smallIsBetter === undefined) return 'unknown';
  return difference < 0 === smallIsBetter ? 'better' : 'worse';
}

const DATASETS_FIRST: readonly string[] = ['held-out', 'test', 'validation', 'cross-validation'];
const HEADLINES: readonly string[] = ['auc', 'accuracy', 'brier', 'rmse', 'mae', 'r2', 'f1', 'logLoss'];
const MOST_HEADLINES = 3;

/** The data set that tells most of new patients: rows that were held out before those that the model was fitted to. */
export function telling(datasets: readonly string[]): string | undefined {
  return (
    DATASETS_FIRST.find((name) => datasets.includes(name)) ?? datasets.find((name) => name !== 'train') ?? datasets[0]
  );
}

export function datasetsOf(metrics: readonly Pick<Metric, 'dataset'>[]): string[] {
  return [...new Set(metrics.map(({ dataset }) => dataset))];
}

/** Two or three numbers that are told first, all of one data set. */
export function headlines(metrics: readonly Metric[]): Metric[] {
  const dataset = telling(datasetsOf(metrics));
  const measured = metrics.filter((metric) => metric.dataset === dataset);
  const known = HEADLINES.flatMap((name) => measured.filter((metric) => metric.name === name));
  return (known.length > 0 ? known : measured).slice(0, MOST_HEADLINES);
}

/** Metrics as a table: one row a name, one column a data set, in the order they came. */
export function byName(metrics: readonly Metric[]): { name: string; values: (number | undefined)[] }[] {
  const datasets = datasetsOf(metrics);
  const names = [...new Set(metrics.map(({ name }) => name))];
  const values = new Map(metrics.map(({ name, dataset, value }) => [`${name}\0${dataset}`, value]));
  return names.map((name) => ({ name, values: datasets.map((dataset) => values.get(`${name}\0${dataset}`)) }));
}

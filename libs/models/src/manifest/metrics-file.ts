/**
 * Metrics that stand beside a model, as notebooks write them: `{"accuracy": 0.93}`, `{"held-out": {"accuracy": 0.93}}`, or the list of
 * a manifest.
 */
import type { ManifestMetric } from '#inference';
import { DomainError, pointerToken, type FieldError } from '#platform';
import { modelErrors } from '../models.errors.js';
import type { EvaluationDto } from './evaluation.dto.js';

/** Of numbers that come without one. */
const UNNAMED_DATASET = 'held-out';
const MOST_METRICS = 1_000;
const METRIC_NAME = /^[a-z][A-Za-z0-9]{0,63}$/;
const DATASET_NAME = /^(?=.{1,64}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** @throws MANIFEST_INVALID with every place at fault */
export function readMetrics(text: string, document: string): ManifestMetric[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw invalid(`${document} is not JSON: ${(cause as Error).message}`);
  }
  const faults: FieldError[] = [];
  const metrics = [...listed(value, faults)];
  if (metrics.length > MOST_METRICS) throw invalid(`${document} has more than ${MOST_METRICS} metrics`);
  if (faults.length > 0) throw invalid(`${document}: ${faults.length} places are at fault`, faults.slice(0, 100));
  return metrics;
}

/** Those of an evaluation, by data set. */
export function metricsOf({ datasets }: EvaluationDto): ManifestMetric[] {
  return datasets.flatMap(({ name: dataset, metrics }) =>
    Object.entries(metrics).map(([name, value]) => ({ name, value, dataset })),
  );
}

function* listed(value: unknown, faults: FieldError[]): Generator<ManifestMetric> {
  if (Array.isArray(value)) {
    for (const [index, entry] of value.slice(0, MOST_METRICS + 1).entries()) {
      const { name, value: number, dataset = UNNAMED_DATASET } = (entry ?? {}) as Record<string, unknown>;
      yield* metric(name, number, dataset, `/${index}`, faults);
    }
    return;
  }
  if (typeof value !== 'object' || value === null) {
    faults.push({ pointer: '', detail: 'must be an object of numbers by name, or a list of metrics' });
    return;
  }
  for (const [key, entry] of Object.entries(value).slice(0, MOST_METRICS + 1)) {
    const pointer = `/${pointerToken(key)}`;
    if (typeof entry === 'object' && entry !== null)
      for (const [name, number] of Object.entries(entry as object).slice(0, MOST_METRICS + 1))
        yield* metric(name, number, kebabCase(key), `${pointer}/${pointerToken(name)}`, faults);
    else yield* metric(key, entry, UNNAMED_DATASET, pointer, faults);
  }
}

function* metric(
  name: unknown,
  value: unknown,
  dataset: unknown,
  pointer: string,
  faults: FieldError[],
): Generator<ManifestMetric> {
  const written = typeof name === 'string' ? camelCase(name) : '';
  if (!METRIC_NAME.test(written))
    faults.push({ pointer, detail: 'has a name that is none of a metric, such as f1Weighted' });
  else if (typeof value !== 'number' || !Number.isFinite(value))
    faults.push({ pointer, detail: 'must be a finite number' });
  else if (typeof dataset !== 'string' || !DATASET_NAME.test(dataset))
    faults.push({ pointer, detail: 'is of a data set whose name is none, such as held-out' });
  else yield { name: written, value, dataset };
}

/** `f1_weighted`, `ROC AUC` → `f1Weighted`, `rocAuc`. */
function camelCase(name: string): string {
  const words = name.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  return words
    .map((word, index) => {
      const small = word === word.toUpperCase() ? word.toLowerCase() : word;
      return index === 0
        ? small.charAt(0).toLowerCase() + small.slice(1)
        : small.charAt(0).toUpperCase() + small.slice(1);
    })
    .join('');
}

function kebabCase(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
}

function invalid(detail: string, errors?: readonly FieldError[]): DomainError {
  return new DomainError(modelErrors.MANIFEST_INVALID, detail, errors ? { errors } : {});
}

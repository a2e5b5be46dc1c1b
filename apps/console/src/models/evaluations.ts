/** What evaluations of one or two versions have to draw. */
import type { Schemas } from '../api/latido';
import type { Evaluation } from '../api/models';
import { telling } from './metrics';

type Dataset = Schemas['DatasetEvaluationDto'];

/** A version beside another, or alone. */
export interface Side {
  readonly version: string;
  /** As it is called in legends: "A · 1.0.0". */
  readonly label: string;
  /** Null: the version came without one. */
  readonly evaluation: Evaluation | null;
}

export function datasetOf({ evaluation }: Side, name: string | undefined): Dataset | undefined {
  return evaluation?.datasets.find((dataset) => dataset.name === name);
}

/** Names of data sets, each once, in the order they come. */
export function datasetNames(sides: readonly Side[], measured: readonly string[]): string[] {
  const evaluated = sides.flatMap(({ evaluation }) => evaluation?.datasets.map(({ name }) => name) ?? []);
  return [...new Set([...measured, ...evaluated])];
}

/** Of what is wished, where it is there; else the most telling of those that have something to draw. */
export function chosenDataset(sides: readonly Side[], names: readonly string[], wished?: string): string | undefined {
  if (wished !== undefined && names.includes(wished)) return wished;
  const drawn = names.filter((name) => sides.some((side) => datasetOf(side, name)));
  return telling(drawn.length > 0 ? drawn : names);
}

/** Classes that have a curve: of two the positive one. */
export function curveClasses(sides: readonly Side[], dataset: string | undefined): string[] {
  const drawn = sides.flatMap((side) => {
    const found = datasetOf(side, dataset);
    return [...(found?.roc ?? []), ...(found?.calibration ?? [])].map((curve) => curve.class);
  });
  return [...new Set(drawn)];
}

export interface Drawn {
  readonly label: string;
  /** Which of the sides: its colour and dash stay the same where the other has no curve. */
  readonly style: number;
  readonly points: readonly (readonly [number, number])[];
}

/** [false positive rate, true positive rate] */
export function rocCurves(sides: readonly Side[], dataset: string | undefined, className: string): Drawn[] {
  return sides.flatMap((side, style) => {
    const curve = datasetOf(side, dataset)?.roc?.find((roc) => roc.class === className);
    if (!curve) return [];
    const points = curve.points.map((point) => [point.falsePositiveRate, point.truePositiveRate] as const);
    return [{ label: side.label, style, points }];
  });
}

/** [mean predicted probability, observed share] */
export function calibrationCurves(sides: readonly Side[], dataset: string | undefined, className: string): Drawn[] {
  return sides.flatMap((side, style) => {
    const curve = datasetOf(side, dataset)?.calibration?.find((calibration) => calibration.class === className);
    if (!curve) return [];
    const points = curve.bins.map((bin) => [bin.meanPredicted, bin.observed] as const);
    return [{ label: side.label, style, points: points.toSorted(([x], [other]) => x - other) }];
  });
}

/** AUC of a class against the rest; of two classes it is the data set's own. */
export function aucOf(side: Side, dataset: string | undefined, className: string): number | undefined {
  const found = datasetOf(side, dataset);
  const ofClass = found?.classMetrics?.find((metrics) => metrics.class === className)?.metrics.auc;
  return ofClass ?? (side.evaluation?.classes.length === 2 ? found?.metrics.auc : undefined);
}

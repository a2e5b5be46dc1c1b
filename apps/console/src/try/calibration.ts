/** What a probability was worth where the version was evaluated: of those who were given about this much, how many it was true of. */
import { tellingDataset, type EvaluatedDataset, type Evaluation } from './distribution';
import type { Schemas } from '../api/latido';

type Bin = Schemas['CalibrationBinDto'];

export interface CalibrationNote {
  readonly dataset: EvaluatedDataset;
  /** The class whose probability is spoken of. */
  readonly className: string;
  readonly bin: Bin;
  /** Whether the probability lies in the bin; else the bin is the nearest. */
  readonly within: boolean;
}

function distanceTo({ lower, upper }: Bin, probability: number): number {
  return Math.max(lower - probability, probability - upper, 0);
}

/**
 * Undefined where the version came without a calibration.
 * @param answered the class that was answered; of a binary model its positive class is spoken of all the same, as its evaluation does
 * @param probabilities of each class, 0 to 1
 */
export function calibrationNote(
  evaluation: Evaluation | null | undefined,
  answered: string,
  probabilities: Readonly<Record<string, number>>,
): CalibrationNote | undefined {
  const className = evaluation?.task === 'binary-classification' ? evaluation.classes[1] : answered;
  const probability = className === undefined ? undefined : probabilities[className];
  if (className === undefined || probability === undefined) return undefined;
  const binsOf = ({ calibration }: EvaluatedDataset): readonly Bin[] =>
    (calibration?.find((one) => one.class === className)?.bins ?? []).filter(({ count }) => count > 0);
  const dataset = tellingDataset(evaluation, (one) => binsOf(one).length > 0);
  if (!dataset) return undefined;
  const bin = binsOf(dataset).reduce((nearest, one) =>
    distanceTo(one, probability) < distanceTo(nearest, probability) ? one : nearest,
  );
  return { dataset, className, bin, within: distanceTo(bin, probability) === 0 };
}

/** evaluation.json: how well a version of a classifier does, as numbers that can be drawn. Its form is evaluation.schema.json. */
import { ApiProperty } from '@nestjs/swagger';

export class LearningCurveDto {
  /** @example loss */
  name: string;
  /** One value an epoch. */
  train: number[];
  /** One value an epoch. */
  validation?: number[];
}

export class ConfusionMatrixDto {
  classes: string[];
  /** counts[actual][predicted], both in the order of `classes`. */
  // Declared, because the OpenAPI plugin describes lists of lists wrongly.
  @ApiProperty({ type: 'array', items: { type: 'array', items: { type: 'number' } } })
  counts: number[][];
}

export class ClassMetricsDto {
  /** The class against the rest. */
  class: string;
  /** precision, recall, f1, auc, brier, … by name. */
  metrics: Record<string, number>;
}

export class RocPointDto {
  falsePositiveRate: number;
  truePositiveRate: number;
  /** The probability from which on a row was called this class; null at (0, 0), where none was. */
  threshold: number | null;
}

export class RocCurveDto {
  /** The class against the rest. */
  class: string;
  points: RocPointDto[];
}

export class CalibrationBinDto {
  /** Lowest probability in the bin. */
  lower: number;
  /** Highest probability in the bin. */
  upper: number;
  count: number;
  meanPredicted: number;
  /** Share of the bin's rows that are of the class. */
  observed: number;
}

export class CalibrationDto {
  /** The class against the rest. */
  class: string;
  /** Rows sorted by probability and cut into groups of equal size. */
  bins: CalibrationBinDto[];
}

export class HistogramDto {
  /** @example age */
  name: string;
  /** Ascending, one more than `counts`; a bin holds its lower edge and not its upper one, but for the last, which holds both. */
  edges?: number[];
  /** In place of edges: the values an input can take. */
  values?: number[];
  counts: number[];
}

export class DatasetEvaluationDto {
  /** @example held-out */
  name: string;
  title: string;
  rows: number;
  /** Rows of each class, in the order of `classes`. */
  classCounts: number[];
  /** accuracy, precision, recall, f1, auc, brier, … by name; of several classes the means over them. */
  metrics: Record<string, number>;
  /** Of several classes: each one's own. */
  classMetrics?: ClassMetricsDto[];
  confusionMatrix: ConfusionMatrixDto;
  roc?: RocCurveDto[];
  calibration?: CalibrationDto[];
  histograms?: HistogramDto[];
}

export class EvaluationDto {
  schemaVersion: number;
  /** @example binary-classification */
  task: string;
  /** Binary: the second is the positive one. */
  classes: string[];
  /** Binary: the confusion matrix was counted at it. */
  threshold?: number;
  learningCurves?: LearningCurveDto[];
  datasets: DatasetEvaluationDto[];
}

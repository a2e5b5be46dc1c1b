/** One row of a recorded prediction. */
import type { Outcome, PredictionDetail, PredictionResult } from './queries';

export interface RecordedRow {
  /** Counted from 0, as in addresses; people see it from 1. */
  readonly row: number;
  readonly subject: string | null;
  /** Null where it was erased. */
  readonly input: Readonly<Record<string, unknown>> | null;
  readonly scores: readonly number[] | null;
  readonly result: PredictionResult | null;
  readonly outcome: Outcome | null;
}

export function rowOf(prediction: PredictionDetail, row: number): RecordedRow {
  const { subject, subjects, inputs, scores, results, outcomes, rowCount } = prediction;
  return {
    row,
    subject: (rowCount === 1 && subject !== undefined ? subject : subjects?.[row]) ?? null,
    input: inputs[row] ?? null,
    scores: scores[row] ?? null,
    result: results[row] ?? null,
    outcome: outcomes[row] ?? null,
  };
}

export function rowsOf(prediction: PredictionDetail): RecordedRow[] {
  return Array.from({ length: prediction.rowCount }, (_, row) => rowOf(prediction, row));
}

/** The answer to a prediction: made once when it is computed, and again, to the byte, from its record. */
import type { PredictionResult } from '#inference';
import { idTime } from '#platform';
import type { PredictionRequest } from './prediction-request.js';

export interface PredictionAnswer {
  readonly id: string;
  readonly model: string;
  readonly version: string;
  /** With `input`: the client's own patient reference, or null. */
  readonly subject?: string | null;
  /** With `inputs`: the references in the order of the rows, or null. */
  readonly subjects?: readonly (string | null)[] | null;
  /** ISO 8601. */
  readonly createdAt: string;
  /** What the model's manifest says of its use, or null. */
  readonly notice: string | null;
  readonly results: readonly PredictionResult[];
}

interface Recorded {
  readonly id: string;
  readonly modelName: string;
  readonly version: string;
  readonly subjects: readonly (string | null)[] | null;
  readonly notice: string | null;
}

/** The order of the fields is part of it: a repeated answer is equal to the first byte for byte. */
export function answerOf(
  form: PredictionRequest['form'],
  record: Recorded,
  results: readonly PredictionResult[],
): PredictionAnswer {
  const { id, modelName: model, version, subjects, notice } = record;
  const createdAt = idTime(id).toISOString();
  if (form === 'input') return { id, model, version, subject: subjects?.[0] ?? null, createdAt, notice, results };
  return { id, model, version, subjects, createdAt, notice, results };
}

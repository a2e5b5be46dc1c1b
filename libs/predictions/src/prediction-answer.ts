/** The answer to a prediction: made once when it is computed, and again, to the byte, from its record. */
import type { PredictionResult } from '#inference';
import type { ServingVersion } from '#models';
import { idTimeMs, isoTime } from '#platform';
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
  const createdAt = isoTime(idTimeMs(id));
  if (form === 'input') return { id, model, version, subject: subjects?.[0] ?? null, createdAt, notice, results };
  return { id, model, version, subjects, createdAt, notice, results };
}

type AnswerWriter = (answer: PredictionAnswer) => string;

const writers = new WeakMap<ServingVersion, AnswerWriter>();

/** The answer as JSON text, to the byte as JSON.stringify writes it, by what is compiled once for its version. */
export function writeAnswer(answer: PredictionAnswer, serving: ServingVersion): string {
  let write = writers.get(serving);
  if (!write) {
    write = compileAnswerWriter(serving);
    writers.set(serving, write);
  }
  return write(answer);
}

/** Ids and times are of characters that JSON does not escape. */
function compileAnswerWriter(serving: ServingVersion): AnswerWriter {
  const { model, version, manifest } = serving;
  const afterId = `","model":${JSON.stringify(model)},"version":${JSON.stringify(version)},"subject`;
  const afterTime = `","notice":${JSON.stringify(manifest.notice ?? null)},"results":[`;
  return ({ id, subject, subjects, createdAt, results }) => {
    const patients =
      subject === undefined
        ? `s":${JSON.stringify(subjects)}`
        : subject === null
          ? '":null'
          : `":${JSON.stringify(subject)}`;
    let text = `{"id":"${id}${afterId}${patients},"createdAt":"${createdAt}${afterTime}`;
    for (let row = 0; row < results.length; row += 1)
      text += `${row === 0 ? '' : ','}${serving.writeResult(results[row]!)}`;
    return `${text}]}`;
  };
}

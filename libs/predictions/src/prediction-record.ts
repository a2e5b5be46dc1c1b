/** What is written down about one prediction, in the form in which it goes to the database. */
import type { PredictionResult } from '#inference';
import type { ServingVersion } from '#models';
import { idTime, newId, type Principal } from '#platform';

export interface PredictionRecord {
  readonly id: string;
  readonly userId: string;
  readonly apiKeyId: string | null;
  readonly admissionId: string;
  /** ISO 8601. */
  readonly admittedAt: string;
  readonly modelName: string;
  readonly version: string;
  readonly versionId: string;
  readonly subjects: readonly (string | null)[] | null;
  readonly rowCount: number;
  /** JSON text: an array of the rows as they were sent. */
  readonly inputs: string;
  /** JSON text: an array of each row's scores. */
  readonly scores: string;
  readonly labels: readonly string[] | null;
  readonly engine: string;
  readonly engineVersion: string;
  readonly processor: string;
  readonly notice: string | null;
  readonly requestId: string;
  /** ISO 8601, to the millisecond: the same text stands in the answer. */
  readonly createdAt: string;
}

/** Where a prediction comes from: who asked, through which request, admitted when. */
export interface PredictionOrigin {
  readonly principal: Principal;
  readonly requestId: string;
  readonly admission: { readonly id: string; readonly admittedAt: Date };
}

/** What was computed for the rows of one request. */
export interface Scored {
  /** JSON text of the rows. */
  readonly inputs: string;
  readonly subjects: readonly (string | null)[] | null;
  /** Row-major `[rows, width]`. */
  readonly scores: Float32Array;
  readonly width: number;
  readonly results: readonly PredictionResult[];
}

/** JSON of float32 scores as rows. A float32 read back as a double is the same number, so the text loses nothing. */
export function scoresToJson(scores: Float32Array, width: number): string {
  let text = '[';
  for (let index = 0; index < scores.length; index += 1) {
    const column = index % width;
    if (column === 0) text += index === 0 ? '[' : ',[';
    text += column === 0 ? scores[index] : `,${scores[index]}`;
    if (column === width - 1) text += ']';
  }
  return `${text}]`;
}

function labelsOf(results: readonly PredictionResult[]): string[] | null {
  const labels: string[] = [];
  for (const result of results) {
    if (!('label' in result)) return null;
    labels.push(result.label);
  }
  return labels;
}

/** The record of a prediction made now. Its time is that of its id, so that ranges of time are ranges of ids. */
export function recordOf(origin: PredictionOrigin, serving: ServingVersion, scored: Scored): PredictionRecord {
  const id = newId();
  return {
    id,
    userId: origin.principal.userId,
    apiKeyId: origin.principal.apiKeyId,
    admissionId: origin.admission.id,
    admittedAt: origin.admission.admittedAt.toISOString(),
    modelName: serving.model,
    version: serving.version,
    versionId: serving.id,
    subjects: scored.subjects,
    rowCount: scored.results.length,
    inputs: scored.inputs,
    scores: scoresToJson(scored.scores, scored.width),
    labels: labelsOf(scored.results),
    engine: serving.engine.name,
    engineVersion: serving.engine.version,
    processor: serving.processor,
    notice: serving.manifest.notice ?? null,
    requestId: origin.requestId,
    createdAt: idTime(id).toISOString(),
  };
}

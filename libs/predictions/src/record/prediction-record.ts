/** What is written down about one prediction. */
import type { PredictionResult } from '#inference';
import type { ServingVersion } from '#models';
import { newId, type Principal } from '#platform';
import { provenanceOf, type Provenance } from './provenance.js';
import { rowJson } from './row-json.js';
import type { SealedRows } from './sealed-rows.js';

export interface PredictionRecord {
  /** A UUIDv7; its time is that of the prediction. */
  readonly id: string;
  readonly userId: string;
  readonly apiKeyId: string | null;
  /** The admission by the quota; its time is that of the admission. */
  readonly admissionId: string;
  readonly provenance: Provenance;
  readonly requestId: string;
  /**
   * JSON text of each row: what was sent and what came of it. This is what is personal, and can be erased. Or the same as it stands
   * in the database, where a thread has made it.
   */
  readonly rows: readonly string[] | SealedRows;
  /** The client's own patient references, one a row; null when none was given. */
  readonly subjects: readonly (string | null)[] | null;
  readonly labels: readonly string[] | null;
}

/** A record whose rows are text yet. */
export interface WrittenRecord extends PredictionRecord {
  readonly rows: readonly string[];
}

/** The content of one row as it stands in the record. */
export interface RecordedRow {
  /** Absent when the request named no patients. */
  readonly subject?: string | null;
  /** The row as it was sent. */
  readonly input: Record<string, unknown>;
  /** What the engine answered: float32 values, exact in JSON. */
  readonly scores: number[];
  /** Absent for a regression. */
  readonly label?: string;
}

/** The references that the rows name, null for an erased row; null where the request named none. */
export function subjectsOf(rows: readonly (RecordedRow | null)[]): (string | null)[] | null {
  return rows.some((row) => row?.subject !== undefined) ? rows.map((row) => row?.subject ?? null) : null;
}

/** Where a prediction comes from: who asked, through which request, admitted when. */
export interface PredictionOrigin {
  readonly principal: Principal;
  readonly requestId: string;
  readonly admission: { readonly id: string };
}

/** What was computed for the rows of one request. */
export interface Scored {
  /** JSON text of each row as it was sent. */
  readonly inputs: readonly string[];
  readonly subjects: readonly (string | null)[] | null;
  /** Row-major `[rows, width]`. */
  readonly scores: Float32Array;
  readonly width: number;
  readonly results: readonly PredictionResult[];
}

/** The record of a prediction made now. Its time is that of its id, so that ranges of time are ranges of ids. */
export function recordOf(origin: PredictionOrigin, serving: ServingVersion, scored: Scored): WrittenRecord {
  const { inputs, subjects, scores, width, results } = scored;
  const labels = labelsOf(results);
  const rows: string[] = [];
  for (let row = 0; row < inputs.length; row += 1) {
    rows.push(
      rowJson(subjects ? (subjects[row] ?? null) : undefined, inputs[row]!, scores, row * width, width, labels?.[row]),
    );
  }
  return {
    id: newId(),
    userId: origin.principal.userId,
    apiKeyId: origin.principal.apiKeyId,
    admissionId: origin.admission.id,
    provenance: provenanceOf(serving),
    requestId: origin.requestId,
    rows,
    subjects,
    labels,
  };
}

function labelsOf(results: readonly PredictionResult[]): string[] | null {
  const labels: string[] = [];
  for (const result of results) {
    if (!('label' in result)) return null;
    labels.push(result.label);
  }
  return labels;
}

/**
 * Takes out of the record what it says of a patient, without breaking a proof: salt and text go, their digest stays. Needs the role
 * that owns the tables; the act itself is an audit event in the same transaction, and the verifier accepts no gap without one.
 */
import type { EntityManager } from 'typeorm';
import { SUBJECT_ERASED, SYSTEM, type AuditTrail } from '#audit';
import { newId } from '#platform';
import { decodeContent, eraseRows } from './content.js';

export interface ErasureRequest {
  /** The client's own reference of the patient. */
  readonly subject: string;
  /** Only in the predictions of this user; left out: in all. Two users may call different patients the same. */
  readonly userId?: string;
}

export interface ErasureOutcome {
  /** Names the act; undefined when there was nothing to erase. */
  readonly id: string | undefined;
  readonly predictions: number;
  readonly rows: number;
}

/**
 * Advisory lock "latido erasure": what adds to a patient's record shares it, an erasure has it alone, so that nothing is added
 * between the look whether the patient was erased and the end of the transaction.
 */
const ERASURE_LOCK = 4_702_111_234_007;

/** No erasure begins until the transaction ends. */
export async function waitForErasures(manager: EntityManager): Promise<void> {
  await manager.query('SELECT pg_advisory_xact_lock_shared($1)', [ERASURE_LOCK]);
}

/** Whether none is going on; then none begins until the transaction ends. */
export async function holdErasures(manager: EntityManager): Promise<boolean> {
  const [lock] = await manager.query<{ held: boolean }[]>('SELECT pg_try_advisory_xact_lock_shared($1) AS held', [
    ERASURE_LOCK,
  ]);
  return lock!.held;
}

/** Predictions named in one audit event. */
const PER_EVENT = 500;

const FIND = `
  SELECT c.id, c.content FROM prediction_subjects AS s
    JOIN predictions AS p ON p.id = s.prediction_id
    JOIN prediction_contents AS c ON c.id = p.id
   WHERE s.subject = $1 AND ($2::uuid IS NULL OR p.user_id = $2)
   ORDER BY c.id LIMIT $3 FOR UPDATE OF c`;

/** What was said of these rows later. The digest is that of `content.ts`. */
const ERASE_OUTCOMES = `
  UPDATE outcomes SET content = int4send(0) || sha256(substring(content FROM 5))
   WHERE prediction_id = $1 AND row_index = ANY ($2) AND substring(content FOR 4) <> int4send(0)`;

/** The sums of a small file may tell what one patient was answered. */
const TAKE_BACK_SUMS = `
  UPDATE scored_files SET erased = true, labels = '{}', scored_rows = 0, score_sum = 0
   WHERE admission_id = (SELECT admission_id FROM predictions WHERE id = $1)`;

/** Erases every row of the patient, and its outcomes. @param manager a transaction of the role that owns the tables */
export async function eraseSubject(
  manager: EntityManager,
  trail: AuditTrail,
  { subject, userId }: ErasureRequest,
): Promise<ErasureOutcome> {
  const id = newId();
  await manager.query('SELECT pg_advisory_xact_lock($1)', [ERASURE_LOCK]);
  let [predictions, rows] = [0, 0];
  for (;;) {
    const found = await manager.query<{ id: string; content: Buffer }[]>(FIND, [subject, userId ?? null, PER_EVENT]);
    if (found.length === 0) return { id: predictions > 0 ? id : undefined, predictions, rows };
    const erased: [string, number[]][] = [];
    for (const prediction of found) {
      const numbers = await eraseIn(manager, prediction, subject);
      erased.push([prediction.id, numbers]);
      rows += numbers.length;
    }
    predictions += found.length;
    await trail.record(
      { actor: SYSTEM, action: SUBJECT_ERASED, target: { type: 'record', id }, details: { rows: erased } },
      manager,
    );
  }
}

/** The numbers of the rows that were the patient's. */
async function eraseIn(
  manager: EntityManager,
  { id, content }: { readonly id: string; readonly content: Buffer },
  subject: string,
): Promise<number[]> {
  const rows = decodeContent(content);
  const numbers = rows.flatMap((row, number) => (row?.subject === subject ? [number] : []));
  const labels = rows.flatMap((row) => (row && row.subject !== subject && row.label !== undefined ? [row.label] : []));
  await manager.query('UPDATE prediction_contents SET content = $2, labels = $3 WHERE id = $1', [
    id,
    eraseRows(content, new Set(numbers)),
    labels.length > 0 ? labels : null,
  ]);
  await manager.query(ERASE_OUTCOMES, [id, numbers]);
  await manager.query('DELETE FROM prediction_subjects WHERE prediction_id = $1 AND subject = $2', [id, subject]);
  // Never answered and not sealed: nothing is lost with the other rows' part of it.
  await manager.query('DELETE FROM shadow_predictions WHERE prediction_id = $1', [id]);
  await manager.query(TAKE_BACK_SUMS, [id]);
  return numbers;
}

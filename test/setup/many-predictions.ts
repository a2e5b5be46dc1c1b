/** Many predictions at once, for what is about finding a few of them: they have no content and are not sealed. */
import type pg from 'pg';

/** One a millisecond: the newest is the last one. @param owner connected as the role that owns the tables */
export async function manyPredictions(
  owner: pg.Client,
  of: { readonly provenanceId: string; readonly userId: string; readonly count: number; readonly beganMs: number },
): Promise<void> {
  await owner.query(
    `INSERT INTO predictions (id, user_id, admission_id, provenance_id, row_count, request_id)
     SELECT (lpad(to_hex($3::bigint + n), 12, '0') || '70008000000000000000')::uuid, $4, gen_random_uuid(), $1, 1, 'r'
       FROM generate_series(1, $2::int) AS n`,
    [of.provenanceId, of.count, of.beganMs, of.userId],
  );
}

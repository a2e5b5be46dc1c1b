/**
 * Drops a month of the record: its predictions, what they say, what came of them, and the request log. The batches that sealed them stay, so that the
 * chains go on, and a signed audit event says what was dropped; the verifier accepts no gap without one. Needs the role that owns
 * the tables.
 */
import type { EntityManager } from 'typeorm';
import { MONTH_DROPPED, SYSTEM, type AuditTrail } from '#audit';
import { idFloor } from '#platform';

export interface DroppedMonth {
  readonly month: string;
  /** What was recorded from this moment on, and before `to`. */
  readonly from: Date;
  readonly to: Date;
  readonly predictions: number;
  readonly requests: number;
}

/** There is no such month, or it is not over. */
export class MonthError extends Error {}

/**
 * @param manager a transaction of the role that owns the tables
 * @param month `2026-01`, or `earlier` for what is from before the first month that the database keeps by itself
 * @throws MonthError
 */
export async function dropMonth(manager: EntityManager, trail: AuditTrail, month: string): Promise<DroppedMonth> {
  const suffix = month.replace('-', '_');
  const { from, to } = month === 'earlier' ? await earlier(manager) : monthOf(month);
  if (to.getTime() > Date.now()) throw new MonthError(`${month} is not over: its record cannot be dropped.`);
  const names = ['predictions', 'prediction_contents', 'request_log'].map((table) => `${table}_${suffix}`);
  for (const name of names) {
    const [found] = await manager.query<{ there: boolean }[]>('SELECT to_regclass($1) IS NOT NULL AS there', [name]);
    if (!found?.there) throw new MonthError(`There is no record of ${month}, or it was dropped before.`);
  }
  const count = async (table: string): Promise<number> =>
    (await manager.query<{ count: number }[]>(`SELECT count(*)::float8 AS count FROM ${table}`))[0]!.count;
  const [predictions, requests] = [await count(names[0]!), await count(names[2]!)];
  for (const table of ['prediction_subjects', 'outcomes', 'shadow_predictions']) {
    await manager.query(`DELETE FROM ${table} WHERE prediction_id >= $1 AND prediction_id < $2`, [
      idFloor(from),
      idFloor(to),
    ]);
  }
  // A day's sums stay: they name nobody.
  await manager.query('DELETE FROM scored_files WHERE admission_id >= $1 AND admission_id < $2', [
    idFloor(from),
    idFloor(to),
  ]);
  for (const name of names) await manager.query(`DROP TABLE ${name}`);
  const dropped: DroppedMonth = { month, from, to, predictions, requests };
  await trail.record(
    {
      actor: SYSTEM,
      action: MONTH_DROPPED,
      target: { type: 'record', id: month },
      details: { from: from.toISOString(), to: to.toISOString(), predictions, requests },
    },
    manager,
  );
  return dropped;
}

function monthOf(month: string): { from: Date; to: Date } {
  const [, year, number] = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(month) ?? [];
  if (year === undefined) throw new MonthError(`"${month}" is no month such as 2026-01.`);
  return {
    from: new Date(Date.UTC(Number(year), Number(number) - 1)),
    to: new Date(Date.UTC(Number(year), Number(number))),
  };
}

/** From the beginning to the first month that has a partition of its own. */
async function earlier(manager: EntityManager): Promise<{ from: Date; to: Date }> {
  const [first] = await manager.query<{ month: string | null }[]>(
    `SELECT min(right(relname, 7)) AS month FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
      WHERE inhparent = 'predictions'::regclass AND relname ~ '_[0-9]{4}_[0-9]{2}$'`,
  );
  if (!first?.month) throw new MonthError('The database keeps no months.');
  return { from: new Date(0), to: monthOf(first.month.replace('_', '-')).from };
}

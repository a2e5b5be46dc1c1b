/** The sums in the database, and what of the record is to be added to them. */
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { idFloor } from '#platform';
import type { TallySource } from './tally.entities.js';
import type { Tally } from './tally.js';

/** A sealed batch whose predictions are not in the sums. */
export interface PendingBatch {
  readonly shard: number;
  readonly seq: number;
  /** Predictions; 0 where it seals something else. */
  readonly predictions: number;
  readonly sealedAt: Date;
}

/** A prediction to be counted, without its content. */
export interface CountedPrediction {
  readonly id: string;
  readonly admissionId: string;
  readonly versionId: string;
  readonly modelName: string;
  readonly version: string;
  readonly rowCount: number;
  /** Sealed in this batch. */
  readonly shard: number;
  readonly seq: number;
  readonly source: TallySource;
  /** 0 where it is gone. */
  readonly contentBytes: number;
}

export interface DayTally {
  /** UTC, `2026-01-31`. */
  readonly day: string;
  readonly source: TallySource;
  readonly versionId: string;
  readonly modelName: string;
  readonly version: string;
  readonly tally: Tally;
}

export interface FileTally {
  readonly admissionId: string;
  readonly tally: Tally;
}

/** Advisory lock "latido tallies": one process at a time adds to the sums. */
const TALLY_LOCK = 4_702_111_234_011;

/** Chains of which batches are taken at once, and batches of each. */
const MOST_CHAINS = 8;
const MOST_OF_CHAIN = 500;

/** The next batch of each chain that has one. Chains of processes that have ended have none, which one look at an index tells. */
const CHAINS_BEHIND = `
  SELECT chain.id AS shard, next.seq, next.sealed_at
    FROM audit_shards AS chain LEFT JOIN tallied_chains AS tallied ON tallied.shard = chain.id
   CROSS JOIN LATERAL (
     SELECT seq, sealed_at FROM audit_batches
      WHERE shard = chain.id AND seq > COALESCE(tallied.seq, 0) ORDER BY seq LIMIT 1
   ) AS next`;

/** In the order in which they were sealed, as the clocks of their processes were; within a chain in its order in any case. */
const PENDING = `
  WITH behind AS (SELECT * FROM (${CHAINS_BEHIND}) AS chains ORDER BY sealed_at, shard LIMIT ${MOST_CHAINS})
  SELECT batch.shard, batch.seq::float8 AS seq, CASE batch.kind WHEN 'predictions' THEN batch.count ELSE 0 END AS predictions,
         max(batch.sealed_at) OVER (PARTITION BY batch.shard ORDER BY batch.seq) AS "sealedAt"
    FROM behind CROSS JOIN LATERAL (
      SELECT shard, seq, kind, count, sealed_at FROM audit_batches
       WHERE shard = behind.shard AND seq >= behind.seq ORDER BY seq LIMIT ${MOST_OF_CHAIN}
    ) AS batch
   ORDER BY "sealedAt", shard, seq`;

/** The predictions of a batch are found by their time: an index for it would be paid by every answer. The range of contents is named for the planner. */
const SEALED_IN = `
  SELECT p.id, p.admission_id AS "admissionId", v.version_id AS "versionId", v.model_name AS "modelName", v.version,
         p.row_count AS "rowCount", p.shard, p.seq::float8 AS seq, CASE WHEN f.admission_id IS NULL THEN 'request' ELSE 'file' END AS source,
         COALESCE(octet_length(c.content), 0) AS "contentBytes"
    FROM predictions AS p
    JOIN unnest($3::int[], $4::bigint[]) AS batch (shard, seq) ON p.shard = batch.shard AND p.seq = batch.seq
    JOIN provenances AS v ON v.id = p.provenance_id
    LEFT JOIN prediction_contents AS c ON c.id = p.id AND c.id >= $1 AND c.id < $2
    LEFT JOIN scored_files AS f ON f.admission_id = p.admission_id
   WHERE p.id >= $1 AND p.id < $2
   ORDER BY p.id`;

const merged = (one: string, other: string): string => `(
  SELECT COALESCE(jsonb_object_agg(label, rows), '{}') FROM (
    SELECT key AS label, sum(value::bigint) AS rows
      FROM (SELECT * FROM jsonb_each_text(${one}) UNION ALL SELECT * FROM jsonb_each_text(${other})) AS parts GROUP BY key
  ) AS sums)`;

const ADD_TO_DAYS = `
  INSERT INTO prediction_days AS d
         (day, version_id, source, model_name, version, predictions, rows, labels, score, scored_rows, score_sum)
  SELECT day, version_id, source, model_name, version, predictions, rows, labels, score, scored_rows, score_sum
    FROM jsonb_populate_recordset(NULL::prediction_days, $1)
  ON CONFLICT (day, version_id, source) DO UPDATE
     SET predictions = d.predictions + excluded.predictions, rows = d.rows + excluded.rows,
         labels = ${merged('d.labels', 'excluded.labels')}, score = COALESCE(excluded.score, d.score),
         scored_rows = d.scored_rows + excluded.scored_rows, score_sum = d.score_sum + excluded.score_sum`;

const ADD_TO_FILES = `
  UPDATE scored_files AS f
     SET predictions = f.predictions + more.predictions, rows = f.rows + more.rows,
         labels = CASE WHEN f.erased THEN f.labels ELSE ${merged('f.labels', 'more.labels')} END,
         score = COALESCE(more.score, f.score),
         scored_rows = CASE WHEN f.erased THEN 0 ELSE f.scored_rows + more.scored_rows END,
         score_sum = CASE WHEN f.erased THEN 0 ELSE f.score_sum + more.score_sum END
    FROM jsonb_populate_recordset(NULL::scored_files, $1) AS more
   WHERE f.admission_id = more.admission_id`;

const ADVANCE = `
  INSERT INTO tallied_chains (shard, seq) SELECT * FROM unnest($1::int[], $2::bigint[])
  ON CONFLICT (shard) DO UPDATE SET seq = excluded.seq`;

/** All but the last take the transaction in which a step is done. */
@Injectable()
export class TallyRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Whether no other process is at it; then none is until the transaction ends. */
  async hold(manager: EntityManager): Promise<boolean> {
    const [lock] = await manager.query<{ held: boolean }[]>('SELECT pg_try_advisory_xact_lock($1) AS held', [
      TALLY_LOCK,
    ]);
    return lock!.held;
  }

  /** The next batches, none without those of its chain before it; a chain may have more. */
  pending(manager: EntityManager): Promise<PendingBatch[]> {
    return manager.query<PendingBatch[]>(PENDING);
  }

  /** Predictions that these batches seal and whose time is within a range. */
  sealedIn(
    manager: EntityManager,
    batches: readonly PendingBatch[],
    from: Date,
    to: Date,
  ): Promise<CountedPrediction[]> {
    return manager.query<CountedPrediction[]>(SEALED_IN, [
      idFloor(from),
      idFloor(to),
      batches.map(({ shard }) => shard),
      batches.map(({ seq }) => seq),
    ]);
  }

  async contents(manager: EntityManager, ids: readonly string[]): Promise<Map<string, Buffer>> {
    const rows = await manager.query<{ id: string; content: Buffer }[]>(
      'SELECT id, content FROM prediction_contents WHERE id = ANY ($1::uuid[])',
      [ids],
    );
    return new Map(rows.map(({ id, content }) => [id, content]));
  }

  async add(manager: EntityManager, days: readonly DayTally[], files: readonly FileTally[]): Promise<void> {
    if (days.length > 0)
      await manager.query(ADD_TO_DAYS, [
        JSON.stringify(
          days.map(({ day, source, versionId, modelName, version, tally }) => ({
            day,
            source,
            version_id: versionId,
            model_name: modelName,
            version,
            ...tally.columns(),
          })),
        ),
      ]);
    if (files.length > 0)
      await manager.query(ADD_TO_FILES, [
        JSON.stringify(files.map(({ admissionId, tally }) => ({ admission_id: admissionId, ...tally.columns() }))),
      ]);
  }

  /** What these batches seal is in the sums. */
  async advance(manager: EntityManager, batches: readonly PendingBatch[]): Promise<void> {
    const last = new Map<number, number>();
    for (const { shard, seq } of batches) last.set(shard, seq);
    await manager.query(ADVANCE, [[...last.keys()], [...last.values()]]);
  }

  /** Everything that was answered before this moment is in the sums. */
  async completeTo(): Promise<Date> {
    const [found] = await this.dataSource.query<{ at: Date }[]>(
      `SELECT COALESCE((SELECT min(sealed_at) FROM (${CHAINS_BEHIND}) AS chains), now()) AS at`,
    );
    return found!.at;
  }
}

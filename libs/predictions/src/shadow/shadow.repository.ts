import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { idFloor } from '#platform';
import { waitForErasures } from '../record/erasure.js';
import type { ShadowPredictionEntity } from './shadow-prediction.entity.js';

/** With how many patients the prediction names. */
export interface NewShadowPrediction extends ShadowPredictionEntity {
  readonly subjects: number;
}

/** Versions that answered and computed the same rows, compared. Times are in milliseconds. */
export interface ShadowSummary {
  /** Which answered. */
  readonly servedVersionId: string;
  /** Which computed in shadow. */
  readonly versionId: string;
  readonly predictions: number;
  readonly failed: number;
  /** Of the predictions that did not fail. */
  readonly rows: number;
  readonly agreed: number;
  readonly meanDifference: number | null;
  readonly largestDifference: number | null;
  readonly servedMeanMs: number | null;
  readonly servedP95Ms: number | null;
  readonly shadowMeanMs: number | null;
  readonly shadowP95Ms: number | null;
}

/** Of a prediction whose patients are not all there any more nothing is written: one was erased meanwhile. */
const INSERT = `
  INSERT INTO shadow_predictions (prediction_id, version_id, served_version_id, rows, failed, agreed, difference_sum,
    largest_difference, duration_ms, served_duration_ms, scores, labels)
  SELECT prediction_id, version_id, served_version_id, rows, failed, agreed, difference_sum, largest_difference, duration_ms,
         served_duration_ms, scores, (SELECT array_agg(label) FROM json_array_elements_text(labels) AS label)
    FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::int[], $5::boolean[], $6::int[], $7::float8[], $8::float8[],
           $9::real[], $10::real[], $11::bytea[], $12::json[], $13::int[])
      AS shadow (prediction_id, version_id, served_version_id, rows, failed, agreed, difference_sum, largest_difference,
           duration_ms, served_duration_ms, scores, labels, subjects)
   WHERE subjects = (SELECT count(*) FROM prediction_subjects AS s WHERE s.prediction_id = shadow.prediction_id)
  ON CONFLICT DO NOTHING`;

const SUMMARISE = `
  SELECT served_version_id AS "servedVersionId", version_id AS "versionId",
         count(*)::int AS predictions, count(*) FILTER (WHERE failed)::int AS failed,
         coalesce(sum(rows) FILTER (WHERE NOT failed), 0)::float8 AS rows,
         coalesce(sum(agreed) FILTER (WHERE NOT failed), 0)::float8 AS agreed,
         (sum(difference_sum) FILTER (WHERE NOT failed) / nullif(sum(rows) FILTER (WHERE NOT failed), 0))::float8 AS "meanDifference",
         (max(largest_difference) FILTER (WHERE NOT failed))::float8 AS "largestDifference",
         (avg(served_duration_ms) FILTER (WHERE NOT failed))::float8 AS "servedMeanMs",
         (percentile_cont(0.95) WITHIN GROUP (ORDER BY served_duration_ms) FILTER (WHERE NOT failed))::float8 AS "servedP95Ms",
         (avg(duration_ms) FILTER (WHERE NOT failed))::float8 AS "shadowMeanMs",
         (percentile_cont(0.95) WITHIN GROUP (ORDER BY duration_ms) FILTER (WHERE NOT failed))::float8 AS "shadowP95Ms"
    FROM shadow_predictions
   WHERE (version_id = $1 OR served_version_id = $1)
     AND ($2::uuid IS NULL OR prediction_id >= $2) AND ($3::uuid IS NULL OR prediction_id < $3)
   GROUP BY 1, 2 ORDER BY predictions DESC`;

@Injectable()
export class ShadowRepository {
  constructor(private readonly dataSource: DataSource) {}

  async insertMany(entries: readonly NewShadowPrediction[]): Promise<void> {
    const column = <Name extends keyof NewShadowPrediction>(name: Name): NewShadowPrediction[Name][] =>
      entries.map((entry) => entry[name]);
    const values = [
      column('predictionId'),
      column('versionId'),
      column('servedVersionId'),
      column('rows'),
      column('failed'),
      column('agreed'),
      column('differenceSum'),
      column('largestDifference'),
      column('durationMs'),
      column('servedDurationMs'),
      column('scores'),
      entries.map(({ labels }) => (labels === null ? null : JSON.stringify(labels))),
      column('subjects'),
    ];
    await this.dataSource.transaction(async (manager) => {
      await waitForErasures(manager);
      await manager.query(INSERT, values);
    });
  }

  /** Every pair of versions that this one is part of, over predictions made from one moment to another. */
  summaries(versionId: string, from: Date | undefined, to: Date | undefined): Promise<ShadowSummary[]> {
    return this.dataSource.query<ShadowSummary[]>(SUMMARISE, [
      versionId,
      from === undefined ? null : idFloor(from),
      to === undefined ? null : idFloor(to),
    ]);
  }
}

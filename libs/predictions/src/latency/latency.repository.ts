import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

export interface AdmittedPrediction {
  readonly id: string;
  /** The request log's entry of the request has this id. */
  readonly admissionId: string;
}

/**
 * Each provenance by itself, in the order of the index on it and the id, which is read backwards and no further than asked for. Were it
 * compared by `=`, its place in the order would mean nothing to the planner: it would read the primary key backwards past all others',
 * which are millions where a version is rarely asked or has been replaced.
 */
export const NEWEST = `
  SELECT newest.id, newest.admission_id AS "admissionId"
    FROM unnest($1::uuid[]) AS provenance (id)
   CROSS JOIN LATERAL (
           SELECT p.id, p.admission_id FROM predictions AS p
            WHERE p.provenance_id = ANY (ARRAY[provenance.id]) ORDER BY p.provenance_id DESC, p.id DESC LIMIT $2
         ) AS newest
   ORDER BY newest.id DESC LIMIT $2`;

@Injectable()
export class LatencyRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** The newest predictions of these provenances, newest first. */
  newest(provenanceIds: readonly string[], count: number): Promise<AdmittedPrediction[]> {
    return this.dataSource.query<AdmittedPrediction[]>(NEWEST, [provenanceIds, count]);
  }
}

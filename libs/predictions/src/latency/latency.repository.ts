import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { newestOf } from '../record/newest-first.js';

export interface AdmittedPrediction {
  readonly id: string;
  /** The request log's entry of the request has this id. */
  readonly admissionId: string;
}

export const NEWEST = newestOf({
  key: 'provenance_id',
  ids: '$1',
  columns: 'p.id, p.admission_id AS "admissionId"',
  count: '$2',
});

@Injectable()
export class LatencyRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** The newest predictions of these provenances, newest first. */
  newest(provenanceIds: readonly string[], count: number): Promise<AdmittedPrediction[]> {
    return this.dataSource.query<AdmittedPrediction[]>(NEWEST, [provenanceIds, count]);
  }
}

/**
 * Sums over the record of predictions. They are counted from it, a sealed batch at a time, and say nothing of a patient: the sums of
 * a day outlive an erasure, those of a file are taken back with it.
 */
import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** Batches of a chain up to this one are in the sums. */
@Entity('tallied_chains')
export class TalliedChainEntity {
  @PrimaryColumn('integer') shard: number;
  @Column('bigint') seq: string;
}

export type TallySource = 'request' | 'file';

/** What a version predicted on one UTC day. */
@Entity('prediction_days')
@Check('ck_prediction_days_source', `source IN ('request', 'file')`)
export class PredictionDayEntity {
  @PrimaryColumn('date') day: string;
  @PrimaryColumn('uuid') versionId: string;
  @PrimaryColumn('text') source: TallySource;
  @Column('text') modelName: string;
  @Column('text') version: string;
  @Column('bigint') predictions: string;
  @Column('bigint') rows: string;
  /** Rows by answered class. */
  @Column('jsonb') labels: Record<string, number>;
  /** What was summed, see `version-score.ts`; null before there was one. */
  @Column('text', { nullable: true }) score: string | null;
  @Column('bigint') scoredRows: string;
  @Column('double precision') scoreSum: number;
}

export type ScoredFileKind = 'stream' | 'batch';

/** A file that was sent to be scored. Its predictions name its admission. */
@Entity('scored_files')
@Check('ck_scored_files_kind', `kind IN ('stream', 'batch')`)
export class ScoredFileEntity {
  @PrimaryColumn('uuid') admissionId: string;
  @Column('text') kind: ScoredFileKind;
  @Column('uuid', { nullable: true }) batchId: string | null;
  @Column('text') modelName: string;
  @Column('text') version: string;
  /** A patient of it was erased: its sums were taken back, because those of a small file may tell of a single one. */
  @Column('boolean', { default: false }) erased: boolean;
  @Column('bigint', { default: 0 }) predictions: string;
  @Column('bigint', { default: 0 }) rows: string;
  @Column('jsonb', { default: {} }) labels: Record<string, number>;
  @Column('text', { nullable: true }) score: string | null;
  @Column('bigint', { default: 0 }) scoredRows: string;
  @Column('double precision', { default: 0 }) scoreSum: number;
}

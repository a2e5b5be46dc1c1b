/**
 * The tables of the record, for the comparison with the migrations; what they hold is written by `record-encoding.ts` and read by
 * `prediction.repository.ts`. Append-only.
 */
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** One recorded prediction, of one row or of several: who asked for what, and where it is sealed. */
@Entity('predictions')
@Index(['userId', 'id'])
@Index(['provenanceId', 'id'])
export class PredictionEntity {
  /** A UUIDv7; its time is that of the prediction. */
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') userId: string;
  @Column('uuid', { nullable: true }) apiKeyId: string | null;
  /** The admission by the quota, a UUIDv7; the request log's entry of the same request has this id. */
  @Column('uuid') admissionId: string;
  @Column('uuid') provenanceId: string;
  @Column('integer') rowCount: number;
  @Column('text') requestId: string;
  /** The batch that seals it; null for records from before there were proofs. */
  @Column('integer', { nullable: true }) shard: number | null;
  @Column('bigint', { nullable: true }) seq: string | null;
  /** Its place in the batch, from 0. */
  @Column('integer', { nullable: true }) leaf: number | null;
  @Column('bytea', { nullable: true }) leafHash: Buffer | null;
}

/** What the prediction says of patients: the rows as they were sent, and what came of them. Can be erased. */
@Entity('prediction_contents')
export class PredictionContentEntity {
  @PrimaryColumn('uuid') id: string;
  /** See `content.ts`. */
  @Column('bytea') content: Buffer;
  /** The class answered for each row, to filter by; null for a regression. */
  @Column('text', { array: true, nullable: true }) labels: string[] | null;
}

/** The client's own references of patients, to search by. Goes with the content. */
@Entity('prediction_subjects')
@Index(['predictionId'])
export class PredictionSubjectEntity {
  @PrimaryColumn('text') subject: string;
  @PrimaryColumn('uuid') predictionId: string;
}

/** What computed predictions; see `provenance.ts`. */
@Entity('provenances')
export class ProvenanceEntity {
  @PrimaryColumn('uuid') id: string;
  @Column('text') modelName: string;
  @Column('text') version: string;
  @Column('uuid') versionId: string;
  @Column('text') engine: string;
  @Column('text') engineVersion: string;
  @Column('text') processor: string;
  @Column('text', { nullable: true }) notice: string | null;
}

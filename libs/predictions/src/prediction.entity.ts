import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** One recorded prediction of one row or of several. Append-only: written before its answer leaves, never changed. */
@Entity('predictions')
@Index(['userId', 'id'])
@Index(['versionId', 'id'])
export class Prediction {
  /** A UUIDv7; its time is `createdAt`. */
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') userId: string;
  @Column('uuid', { nullable: true }) apiKeyId: string | null;
  /** The admission by the quota; the request log's entry of the same request has this id. */
  @Column('uuid') admissionId: string;
  @Column('timestamptz') admittedAt: Date;
  @Column('text') modelName: string;
  @Column('text') version: string;
  @Column('uuid') versionId: string;
  /** The client's own patient references, one a row; null when none was given. */
  @Column('text', { array: true, nullable: true }) subjects: (string | null)[] | null;
  @Column('integer') rowCount: number;
  /** The rows as the client sent them. */
  @Column('jsonb') inputs: Record<string, unknown>[];
  /** What the engine answered, `[rows, width]`: float32 values, exact in JSON. */
  @Column('jsonb') scores: number[][];
  /** The class answered for each row; null for a regression. */
  @Column('text', { array: true, nullable: true }) labels: string[] | null;
  @Column('text') engine: string;
  @Column('text') engineVersion: string;
  @Column('text') processor: string;
  @Column('text', { nullable: true }) notice: string | null;
  @Column('text') requestId: string;
  @Column('timestamptz') createdAt: Date;
}

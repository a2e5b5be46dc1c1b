/** A file that is scored in the background. */
import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';

/** `receiving`: its file is not there as a whole yet, and nobody sees it. */
export type BatchStatus = 'receiving' | SeenStatus;
/** As their owners see them. */
export const SEEN_STATUSES = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const;
export type SeenStatus = (typeof SEEN_STATUSES)[number];
/** A row at fault: it is answered with what is wrong; or no row is. */
export type OnError = 'continue' | 'abort';

export interface BatchError {
  readonly code: string;
  readonly detail: string;
  /** Of rows at fault, or of columns. */
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
}

@Entity('batches')
@Index(['status'])
@Index(['expiresAt'])
@Index(['userId', 'id'])
export class BatchEntity {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') userId: string;
  @Column('uuid', { nullable: true }) apiKeyId: string | null;
  @Column('uuid') admissionId: string;
  @Column('text') requestId: string;
  @Column('text') modelName: string;
  @Column('text') version: string;
  @Column('uuid') versionId: string;
  /** As the client named it. */
  @Column('text', { nullable: true }) charset: string | null;
  @Column('text') onError: OnError;
  @Column('text') status: BatchStatus;
  @Column('bigint', { default: 0 }) inputBytes: string;
  /** Of them, those that the done rows were read from, about. */
  @Column('bigint', { default: 0 }) readBytes: string;
  /** Chunks that are committed: the next one has this number. */
  @Column('integer', { default: 0 }) chunks: number;
  /** Rows of the file that are done, those at fault included. */
  @Column('integer', { default: 0 }) rowsDone: number;
  @Column('integer', { default: 0 }) rowsRejected: number;
  /** First row of the results. */
  @Column('text', { nullable: true }) resultHeader: string | null;
  /** The process that has it now, until the lease is over. */
  @Column('uuid', { nullable: true }) worker: string | null;
  @Column('timestamptz', { nullable: true }) leaseUntil: Date | null;
  /** When that process began with it, and how far it was then. */
  @Column('timestamptz', { nullable: true }) runStartedAt: Date | null;
  @Column('integer', { default: 0 }) runRows: number;
  @Column('bigint', { default: 0 }) runBytes: string;
  @Column('jsonb', { nullable: true }) error: BatchError | null;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
  @Column('timestamptz', { nullable: true }) startedAt: Date | null;
  @Column('timestamptz', { nullable: true }) finishedAt: Date | null;
  @Column('timestamptz') expiresAt: Date;
}

/** A piece of the file as it was sent. Goes when the batch has ended. */
@Entity('batch_inputs')
export class BatchInputEntity {
  @PrimaryColumn('uuid') batchId: string;
  @PrimaryColumn('integer') number: number;
  @Column('bytea') bytes: Buffer;
  @ManyToOne(() => BatchEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'batch_id' })
  batch: BatchEntity;
}

/** Rows of the results, one chunk a piece. */
@Entity('batch_results')
export class BatchResultEntity {
  @PrimaryColumn('uuid') batchId: string;
  @PrimaryColumn('integer') number: number;
  @Column('bytea') bytes: Buffer;
  @ManyToOne(() => BatchEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'batch_id' })
  batch: BatchEntity;
}

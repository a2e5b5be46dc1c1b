import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** One authenticated request on a counted route: who, what, how it ended, when it was admitted and where its time went. Append-only. */
@Entity('request_log')
@Index(['userId', 'id'])
@Index(['id', 'status'], { where: 'status >= 400' })
export class RequestLogEntry {
  /** The admission's id, a UUIDv7; a prediction's record names it too. */
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') userId: string;
  @Column('uuid', { nullable: true }) apiKeyId: string | null;
  @Column('text') requestId: string;
  @Column('text') method: string;
  /** The route's pattern, never the URL. */
  @Column('text') route: string;
  @Column('smallint') status: number;
  /** False when the quota refused it: it then counts for nothing. */
  @Column('boolean') counted: boolean;
  /** When the quota decided. */
  @Column('timestamptz') admittedAt: Date;
  @Column('real', { nullable: true }) authMs: number | null;
  @Column('real', { nullable: true }) quotaMs: number | null;
  @Column('real', { nullable: true }) validateMs: number | null;
  @Column('real', { nullable: true }) inferMs: number | null;
  @Column('real', { nullable: true }) recordMs: number | null;
  @Column('real') totalMs: number;
}

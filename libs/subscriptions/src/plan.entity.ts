import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** The plan of everybody who has no subscription. */
export const DEFAULT_PLAN = 'FREEMIUM';

/** What those who have the plan may do. */
@Entity('plans')
@Check(
  'ck_plans_positive',
  'requests_per_minute > 0 AND rows_per_request > 0 AND rows_per_day > 0 AND concurrent_streams > 0',
)
export class Plan {
  /** Upper case. */
  @PrimaryColumn('text') name: string;
  /** Counted requests admitted in any 60 s. */
  @Column('integer') requestsPerMinute: number;
  /** Rows in one JSON body. */
  @Column('integer') rowsPerRequest: number;
  /** Rows predicted in one UTC day. */
  @Column('integer') rowsPerDay: number;
  /** Streams of rows open at the same time. */
  @Column('integer') concurrentStreams: number;
  @Column('timestamptz', { default: () => 'now()' }) updatedAt: Date;
}

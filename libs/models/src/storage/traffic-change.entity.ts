import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

/** How a model's traffic is shared from a moment on, beside its active version. Append-only; the latest one is in force. */
@Entity('traffic_changes')
@Index(['modelName', 'id'])
@Check(
  'ck_traffic_changes_canary',
  '(canary_version_id IS NULL AND canary_share IS NULL) OR (canary_share > 0 AND canary_share < 1)',
)
export class TrafficChange {
  @PrimaryColumn('uuid') id: string;
  @ForeignKey('Model', { name: 'fk_traffic_changes_model_name' })
  @Column('text')
  modelName: string;
  @ForeignKey('ModelVersion', { name: 'fk_traffic_changes_canary_version_id' })
  @Column('uuid', { nullable: true })
  canaryVersionId: string | null;
  /** Of the subjects, between 0 and 1. */
  @Column('double precision', { nullable: true }) canaryShare: number | null;
  @Column('uuid', { array: true }) shadowVersionIds: string[];
  @Column('text', { nullable: true }) reason: string | null;
  /** What the policy had against the canary, where an administrator gave it a share all the same. */
  @Column('text', { array: true, nullable: true }) overridden: string[] | null;
  /** Null: the server itself, when the canary was activated or retired. */
  @ForeignKey('User', { onDelete: 'SET NULL', name: 'fk_traffic_changes_changed_by' })
  @Column('uuid', { nullable: true })
  changedBy: string | null;
  @Column('timestamptz', { default: () => 'now()' }) changedAt: Date;
}

import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { ActivationPolicy } from '../gate/activation-policy.js';

/** A name under which versions are registered, and which of them answers. */
@Entity('models')
export class Model {
  @PrimaryColumn('text') name: string;
  @ForeignKey('ModelVersion', { name: 'fk_models_active_version_id' })
  @Column('uuid', { nullable: true })
  activeVersionId: string | null;
  /** What a version must satisfy before it answers; null: that it is verified. */
  @Column('jsonb', { nullable: true }) policy: ActivationPolicy | null;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
}

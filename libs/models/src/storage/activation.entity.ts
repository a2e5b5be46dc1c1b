import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

export type ActivationKind = 'activation' | 'rollback';

/** A version took its model's place of service. Append-only. */
@Entity('activations')
@Index(['modelName', 'id'])
@Check('ck_activations_kind', `kind IN ('activation', 'rollback')`)
export class Activation {
  @PrimaryColumn('uuid') id: string;
  @ForeignKey('Model', { name: 'fk_activations_model_name' })
  @Column('text')
  modelName: string;
  @ForeignKey('ModelVersion', { name: 'fk_activations_version_id' })
  @Column('uuid')
  versionId: string;
  @ForeignKey('ModelVersion', { name: 'fk_activations_previous_version_id' })
  @Column('uuid', { nullable: true })
  previousVersionId: string | null;
  @Column('text', { default: 'activation' }) kind: ActivationKind;
  @Column('text', { nullable: true }) reason: string | null;
  /** What the policy had against it, where an administrator activated it all the same. */
  @Column('text', { array: true, nullable: true }) overridden: string[] | null;
  /** Null: the server itself, at the first start. */
  @ForeignKey('User', { onDelete: 'SET NULL', name: 'fk_activations_activated_by' })
  @Column('uuid', { nullable: true })
  activatedBy: string | null;
  @Column('timestamptz', { default: () => 'now()' }) activatedAt: Date;
}

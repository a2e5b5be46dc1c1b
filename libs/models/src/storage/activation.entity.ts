import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

/** A version took its model's place of service. Append-only. */
@Entity('activations')
@Index(['modelName', 'id'])
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
  @Column('text', { nullable: true }) reason: string | null;
  /** Null: the server itself, at the first start. */
  @ForeignKey('User', { onDelete: 'SET NULL', name: 'fk_activations_activated_by' })
  @Column('uuid', { nullable: true })
  activatedBy: string | null;
  @Column('timestamptz', { default: () => 'now()' }) activatedAt: Date;
}

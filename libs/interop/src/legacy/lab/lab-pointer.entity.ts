import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** The only row's id. */
export const THE_POINTER = 1;

/**
 * Which model the older service answers by: one row, or none before anybody has activated one. The version is no part of it: that is the
 * model's active one, of which there is one truth.
 */
@Entity('legacy_lab_pointer')
@Check('ck_legacy_lab_pointer_id', `id = ${THE_POINTER}`)
export class LabPointer {
  @PrimaryColumn('integer') id: number;
  @ForeignKey('Model', { name: 'fk_legacy_lab_pointer_model_name' })
  @Column('text')
  modelName: string;
  @ForeignKey('User', { onDelete: 'SET NULL', name: 'fk_legacy_lab_pointer_pointed_by' })
  @Column('uuid', { nullable: true })
  pointedBy: string | null;
  @Column('timestamptz', { default: () => 'now()' }) pointedAt: Date;
}

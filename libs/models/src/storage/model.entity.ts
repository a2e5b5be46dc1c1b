import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** A name under which versions are registered, and which of them answers. */
@Entity('models')
export class Model {
  @PrimaryColumn('text') name: string;
  @ForeignKey('ModelVersion', { name: 'fk_models_active_version_id' })
  @Column('uuid', { nullable: true })
  activeVersionId: string | null;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
}

import { Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';

/** Lets one person register where registration is by invitation. */
@Entity('invitations')
@Unique(['codeHash'])
export class Invitation {
  @PrimaryColumn('uuid') id: string;
  @Column('text') codeHash: string;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
  @Column('timestamptz') expiresAt: Date;

  @ForeignKey('User', { onDelete: 'SET NULL' })
  @Column('uuid', { nullable: true })
  usedBy: string | null;

  @Column('timestamptz', { nullable: true }) usedAt: Date | null;
}

import { Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

/** A refresh token: used once, then followed by another of its family. The family is the session. */
@Entity('refresh_tokens')
@Unique(['tokenHash'])
@Index(['userId'])
@Index(['familyId'])
@Index(['expiresAt'])
export class RefreshToken {
  @PrimaryColumn('uuid') id: string;

  @ForeignKey('User', { onDelete: 'CASCADE' })
  @Column('uuid')
  userId: string;

  @Column('uuid') familyId: string;
  @Column('text') tokenHash: string;
  /** May be used more than once, without successors: older services' clients know no rotation. */
  @Column('boolean', { default: false }) reusable: boolean;
  @Column('timestamptz', { default: () => 'now()' }) issuedAt: Date;
  @Column('timestamptz') expiresAt: Date;
  @Column('timestamptz', { nullable: true }) usedAt: Date | null;
  @Column('timestamptz', { nullable: true }) revokedAt: Date | null;
}

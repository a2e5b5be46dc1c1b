import { Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

export const API_KEY_SCOPES = ['admin'] as const;
/** `admin`: the key acts with its owner's role; without it, as `user`. */
export type ApiKeyScope = (typeof API_KEY_SCOPES)[number];

@Entity('api_keys')
@Unique(['keyHash'])
@Index(['userId'])
export class ApiKey {
  @PrimaryColumn('uuid') id: string;

  @ForeignKey('User', { onDelete: 'CASCADE' })
  @Column('uuid')
  userId: string;

  @Column('text') name: string;
  /** What is shown of the key after it was made. */
  @Column('text') prefix: string;
  @Column('text') keyHash: string;
  @Column('text', { array: true, default: [] }) scopes: ApiKeyScope[];
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
  @Column('timestamptz', { nullable: true }) expiresAt: Date | null;
  @Column('timestamptz', { nullable: true }) lastUsedAt: Date | null;
  @Column('timestamptz', { nullable: true }) revokedAt: Date | null;
}

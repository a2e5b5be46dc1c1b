import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

/** The key under which a client may repeat a request without repeating its prediction. Kept for 24 hours. */
@Entity('idempotency_keys')
@Index(['createdAt'])
export class IdempotencyKey {
  @PrimaryColumn('uuid')
  @ForeignKey('User', { onDelete: 'CASCADE', name: 'fk_idempotency_keys_user_id' })
  userId: string;

  @PrimaryColumn('text') key: string;
  /** Of the model's name and the body: the same key with another body is a mistake of the client's. */
  @Column('text') requestHash: string;
  @Column('uuid') predictionId: string;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
}

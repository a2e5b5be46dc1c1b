import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** A user's password and the epoch of the access tokens issued to them. */
@Entity('credentials')
export class Credentials {
  @ForeignKey('User', { onDelete: 'CASCADE' })
  @PrimaryColumn('uuid')
  userId: string;

  @Column('text') passwordHash: string;
  /** The password was given out by somebody else, and opens nothing but its own change. */
  @Column('boolean', { default: false }) mustChange: boolean;
  /** Access tokens of another epoch are refused: raised by a password change and by signing out everywhere. */
  @Column('integer', { default: 0 }) tokenEpoch: number;
  @Column('timestamptz', { default: () => 'now()' }) updatedAt: Date;
}

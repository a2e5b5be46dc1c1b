import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { Plan } from './plan.entity.js';

/** Which plan a user has been given. Without one: FREEMIUM. */
@Entity('subscriptions')
export class Subscription {
  @PrimaryColumn('uuid')
  @ForeignKey('User', { onDelete: 'CASCADE', name: 'fk_subscriptions_user_id' })
  userId: string;

  @Column('text')
  @ForeignKey(() => Plan, { name: 'fk_subscriptions_plan_name' })
  planName: string;

  /** The administrator who gave it; null when the server or an operator did. */
  @Column('uuid', { nullable: true })
  @ForeignKey('User', { onDelete: 'SET NULL', name: 'fk_subscriptions_granted_by' })
  grantedBy: string | null;

  @Column('timestamptz', { default: () => 'now()' }) since: Date;
}

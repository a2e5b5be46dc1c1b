import { Check, Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import type { Role } from '#platform';

export const USER_STATUSES = ['active', 'suspended'] as const;
export type UserStatus = (typeof USER_STATUSES)[number];

/**
 * A person (or a program) with an account. Credentials are not here but in libs/auth, plans in libs/subscriptions.
 */
@Entity('users')
@Unique(['emailKey'])
@Unique(['usernameKey'])
@Check('ck_users_role', `role IN ('user', 'publisher', 'auditor', 'admin')`)
@Check('ck_users_status', `status IN ('active', 'suspended')`)
@Check('ck_users_name', 'email_key IS NOT NULL OR username_key IS NOT NULL')
export class User {
  @PrimaryColumn('uuid') id: string;
  @Column('text', { nullable: true }) email: string | null;
  /** `nameKey(email)`. */
  @Column('text', { nullable: true }) emailKey: string | null;
  @Column('text', { nullable: true }) username: string | null;
  /** `nameKey(username)`. */
  @Column('text', { nullable: true }) usernameKey: string | null;
  @Column('text', { nullable: true }) displayName: string | null;
  @Column('text', { default: 'user' }) role: Role;
  @Column('text', { default: 'active' }) status: UserStatus;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
  @Column('timestamptz', { default: () => 'now()' }) updatedAt: Date;
}

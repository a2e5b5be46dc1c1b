import { IsIn, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { ROLES, type Role } from '#platform';
import { PLAIN_TEXT_PATTERN } from './account-names.js';
import { USER_STATUSES, type UserStatus } from './user.entity.js';

export class UserDto {
  /** @example 0198c2b4-6a52-7c3e-9a41-0c1f5d1d8a11 */
  id: string;
  /** @example ana@hospital.example */
  email: string | null;
  /** @example ana */
  username: string | null;
  /** @example Ana García */
  displayName: string | null;
  /** `user`; `publisher` (publishes models), `auditor` (reads audit events and predictions), `admin`. */
  role: Role;
  /** A suspended user's tokens and keys are refused. */
  status: UserStatus;
  createdAt: Date;
  updatedAt: Date;
}

export class ChangeUserDto {
  /** The new role; nobody changes their own. */
  @IsOptional() @IsIn(ROLES) role?: Role;

  /** `suspended` stops the user's tokens and keys at once; `active` lets them in again. */
  @IsOptional() @IsIn(USER_STATUSES) status?: UserStatus;

  /**
   * The name to show; null takes it away.
   * @example Ana García
   */
  @IsOptional()
  @IsString()
  @MaxLength(100)
  @Matches(PLAIN_TEXT_PATTERN, { message: 'must not be blank or hold control characters' })
  displayName?: string | null;
}

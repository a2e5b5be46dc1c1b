import { IsIn, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { PageQuery, ROLES, type Role } from '#platform';
import { PLAIN_TEXT_PATTERN, USER_STATUSES, UserDto, type UserStatus } from '#users';

/** A user with their plan, as administrators see them. */
export class AccountDto extends UserDto {
  /** @example FREEMIUM */
  plan: string;
  /** Since when; null for those who were never given a plan and have the default one. */
  planSince: Date | null;
}

export class AccountPageDto {
  data: AccountDto[];
  nextCursor: string | null;
}

export class AccountQuery extends PageQuery {
  /**
   * Part of the e-mail address, user name or display name.
   * @example ana
   */
  @IsOptional()
  @IsString()
  @MaxLength(254)
  @Matches(PLAIN_TEXT_PATTERN, { message: 'must not be blank or hold control characters' })
  q?: string;

  /** Users with this role. */
  @IsOptional() @IsIn(ROLES) role?: Role;

  /** Users with this status. */
  @IsOptional() @IsIn(USER_STATUSES) status?: UserStatus;

  /**
   * Users who have this plan, by default or because they were given it.
   * @example PREMIUM
   */
  @IsOptional() @IsString() @MaxLength(100) plan?: string;
}

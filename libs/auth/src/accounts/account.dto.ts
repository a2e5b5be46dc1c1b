// Lengths are written out here, not named, because the OpenAPI plugin reads literals alone:
// they are those of password-rules.ts and account-names.ts.
import { ApiProperty } from '@nestjs/swagger';
import { IsEmail, IsOptional, IsString, Matches, MaxLength, MinLength, ValidateIf } from 'class-validator';
import { USERNAME_PATTERN } from '#platform';
import { PLAIN_TEXT_PATTERN, UserDto } from '#users';
import { IsUncommonPassword } from '../passwords/password-rules.js';

export class RegistrationDto {
  /**
   * E-mail address; needed when there is no user name.
   * @example ana@hospital.example
   */
  @ValidateIf(
    ({ email, username }: RegistrationDto) =>
      (email !== undefined && email !== null) || username === undefined || username === null,
  )
  @IsEmail({}, { message: 'must be an e-mail address (it may be left out beside a user name)' })
  @MaxLength(254)
  email?: string | null;

  /**
   * User name; needed when there is no e-mail address.
   * @example ana
   */
  @IsOptional()
  @Matches(USERNAME_PATTERN, {
    message: 'must be 3 to 64 letters, digits, dots, dashes or underscores, beginning with a letter or digit',
  })
  username?: string | null;

  /** 12 characters or more; not a common password, nor one with the account's own name in it. */
  @ApiProperty({ example: 'three small green boats' })
  @IsString()
  @MinLength(12)
  @MaxLength(256)
  @IsUncommonPassword()
  password: string;

  /**
   * The name to show.
   * @example Ana García
   */
  @IsOptional()
  @IsString()
  @MaxLength(100)
  @Matches(PLAIN_TEXT_PATTERN, { message: 'must not be blank or hold control characters' })
  displayName?: string | null;

  /** Needed where the server is set to REGISTRATION=invite; not looked at elsewhere. */
  @IsOptional() @IsString() @MaxLength(100) invitation?: string | null;
}

export class ChangeMeDto {
  /**
   * The name to show; null takes it away.
   * @example Ana García
   */
  @IsOptional()
  @IsString()
  @MaxLength(100)
  @Matches(PLAIN_TEXT_PATTERN, { message: 'must not be blank or hold control characters' })
  displayName?: string | null;

  /** Needed to set a new one. */
  @ValidateIf(
    ({ currentPassword, newPassword }: ChangeMeDto) => currentPassword !== undefined || newPassword !== undefined,
  )
  @IsString()
  @MaxLength(4096)
  currentPassword?: string;

  /**
   * 12 characters or more; not a common password, nor one with the account's own name in it. Access tokens issued so
   * far end with the change, and so do all sessions but the one that makes it.
   * @example four small green boats
   */
  @ValidateIf(({ newPassword }: ChangeMeDto) => newPassword !== undefined)
  @IsString()
  @MinLength(12)
  @MaxLength(256)
  @IsUncommonPassword()
  newPassword?: string;
}

export class ProfileDto extends UserDto {
  /** True while the password was given out by somebody else and must be changed first. */
  mustChangePassword: boolean;
}

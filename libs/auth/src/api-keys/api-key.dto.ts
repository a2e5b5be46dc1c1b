import { ArrayMaxSize, ArrayUnique, IsArray, IsIn, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { IsInstant } from '#platform';
import { PLAIN_TEXT_PATTERN } from '#users';
import { API_KEY_SCOPES, type ApiKeyScope } from './api-key.entity.js';

export class CreateApiKeyDto {
  /**
   * What the key is for.
   * @example ward tablet
   */
  @IsString()
  @MaxLength(100)
  @Matches(PLAIN_TEXT_PATTERN, { message: 'must not be blank or hold control characters' })
  name: string;

  /** `admin` (administrators only) lets the key act with its owner's role; without it the key acts as a `user`. */
  @IsOptional() @IsArray() @ArrayMaxSize(1) @ArrayUnique() @IsIn(API_KEY_SCOPES, { each: true }) scopes?: ApiKeyScope[];

  /**
   * When it ends; left out: never.
   * @example 2031-01-31T00:00:00Z
   */
  @IsOptional() @IsInstant() expiresAt?: string | null;
}

export class ApiKeyDto {
  id: string;
  /** @example ward tablet */
  name: string;
  /**
   * The beginning of the key.
   * @example lat_5uIb2Xq9
   */
  prefix: string;
  scopes: ApiKeyScope[];
  createdAt: Date;
  expiresAt: Date | null;
  /** To within a minute. */
  lastUsedAt: Date | null;
}

export class NewApiKeyDto extends ApiKeyDto {
  /** The key itself: shown this once. */
  key: string;
}

export class ApiKeyPageDto {
  data: ApiKeyDto[];
  nextCursor: string | null;
}

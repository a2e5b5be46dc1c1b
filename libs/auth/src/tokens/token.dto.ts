/**
 * What the token endpoint reads and answers, named as RFC 6749 names it. Read by hand, not by the validation pipe:
 * its errors have the shape of RFC 6749, unknown fields are ignored (§3.2), and a field given twice is an error.
 */
import { OAuthError } from './oauth-error.js';

export class TokenRequestDto {
  /** `password` signs in; `refresh_token` continues a session. */
  grant_type: 'password' | 'refresh_token';
  /**
   * E-mail address or user name, for `password`.
   * @example ana@hospital.example
   */
  username?: string;
  /**
   * For `password`.
   * @example three small green boats
   */
  password?: string;
  /** For `refresh_token`; left out when it comes as a cookie (`X-Token-Delivery: cookie`). */
  refresh_token?: string;
}

export class TokenDto {
  /** JWT (ES256) for `Authorization: Bearer`. */
  access_token: string;
  token_type: 'Bearer';
  /**
   * Seconds that the access token lives.
   * @example 1200
   */
  expires_in: number;
  /** Good for one use within 30 days; not here when it is delivered as a cookie. */
  refresh_token?: string;
  /** True while the token opens nothing but a change of the password. */
  mustChangePassword?: true;
}

export class RevocationRequestDto {
  /** A refresh token; left out when it comes as a cookie (`X-Token-Delivery: cookie`). */
  token?: string;
  /** Accepted, not needed. */
  token_type_hint?: string;
}

export type TokenRequest =
  | { readonly grantType: 'password'; readonly username: string; readonly password: string }
  | { readonly grantType: 'refresh_token'; readonly refreshToken: string };

/** Longer than any name, password or token; normalising a whole megabyte would hold up everybody else. */
const MAX_FIELD_LENGTH = 4_096;

function field(body: unknown, name: string): string | undefined {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new OAuthError('invalid_request', 'The body must be a form or a JSON object.');
  const value = (body as Record<string, unknown>)[name];
  if (value === undefined || value === '') return undefined;
  if (typeof value !== 'string') throw new OAuthError('invalid_request', `${name} must be given once, as text.`);
  if (value.length > MAX_FIELD_LENGTH) throw new OAuthError('invalid_request', `${name} is too long.`);
  return value;
}

function required(body: unknown, name: string): string {
  const value = field(body, name);
  if (value === undefined) throw new OAuthError('invalid_request', `${name} is missing.`);
  return value;
}

/** @param cookie the refresh token that came as a cookie, if it counts. @throws OAuthError */
export function readTokenRequest(body: unknown, cookie: string | undefined): TokenRequest {
  const grantType = required(body, 'grant_type');
  switch (grantType) {
    case 'password':
      return { grantType, username: required(body, 'username'), password: required(body, 'password') };
    case 'refresh_token':
      return { grantType, refreshToken: field(body, 'refresh_token') ?? cookie ?? required(body, 'refresh_token') };
    default:
      throw new OAuthError('unsupported_grant_type', 'grant_type must be password or refresh_token.');
  }
}

/** The token to revoke. @throws OAuthError */
export function readRevocationRequest(body: unknown, cookie: string | undefined): string {
  const token =
    (body === undefined || body === null ? undefined : field(body, 'token')) ?? cookie ?? required(body, 'token');
  if (token.split('.').length === 3) {
    throw new OAuthError(
      'unsupported_token_type',
      'Access tokens end by themselves; revoke the refresh token, or sign out everywhere: DELETE /v1/me/sessions.',
    );
  }
  return token;
}

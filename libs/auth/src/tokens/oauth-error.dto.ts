/** RFC 6749 §5.2, RFC 7009 §2.2.1; `slow_down` is registered for the token endpoint by RFC 8628. */
export type OAuthErrorCode =
  'invalid_request' | 'invalid_grant' | 'unsupported_grant_type' | 'unsupported_token_type' | 'slow_down';

export class OAuthErrorDto {
  /** @example invalid_grant */
  error: OAuthErrorCode;
  /** @example The name or the password is not right. */
  error_description: string;
}

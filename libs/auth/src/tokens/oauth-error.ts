/** Errors of the token endpoint, in the shape of RFC 6749 §5.2. */
import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ProblemFilter, toProblem } from '#platform';
import type { OAuthErrorCode, OAuthErrorDto } from './oauth-error.dto.js';

export class OAuthError extends Error {
  constructor(
    readonly code: OAuthErrorCode,
    readonly description: string,
    readonly status: number = 400,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(description);
    this.name = code;
  }
}

/** Which of the two it is that OAuth calls `invalid_grant`. */
export type InvalidGrantReason = 'WRONG_NAME_OR_PASSWORD' | 'REFRESH_TOKEN_OVER';

/** What was shown to begin or to continue a session does not hold. */
export class InvalidGrantError extends OAuthError {
  constructor(
    readonly reason: InvalidGrantReason,
    description: string,
  ) {
    super('invalid_grant', description);
  }
}

/**
 * Answers everything that the client can mend in OAuth's shape, a body that does not parse included; what is wrong with
 * the server stays a problem document.
 */
@Catch()
class OAuthErrorFilter extends ProblemFilter {
  override catch(error: unknown, host: ArgumentsHost): void {
    const refusal = asOAuthError(error);
    if (!refusal) {
      super.catch(error, host);
      return;
    }
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const body: OAuthErrorDto = { error: refusal.code, error_description: refusal.description };
    void reply
      .status(refusal.status)
      .headers(refusal.headers)
      .header('cache-control', 'no-store')
      .header('pragma', 'no-cache')
      .send(body);
  }
}

function asOAuthError(error: unknown): OAuthError | undefined {
  if (error instanceof OAuthError) return error;
  const { status, headers, body } = toProblem(error, '');
  if (status >= 500) return undefined;
  return new OAuthError(status === 429 ? 'slow_down' : 'invalid_request', body.detail, status, headers);
}

/** For `@RefusesWith`. */
export const OAUTH_ERRORS: ExceptionFilter = new OAuthErrorFilter();

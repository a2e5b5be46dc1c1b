/** Errors of the token endpoint, in the shape of RFC 6749 §5.2. */
import { Catch, type ArgumentsHost } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { DomainError, ProblemFilter } from '#platform';
import type { OAuthErrorCode, OAuthErrorDto } from './oauth-error.dto.js';

export class OAuthError extends Error {
  constructor(
    readonly code: OAuthErrorCode,
    readonly description: string,
    readonly status: 400 | 429 = 400,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(description);
    this.name = code;
  }
}

/**
 * Answers OAuth's own errors and every "too many" in OAuth's shape; what is wrong with the server stays a problem
 * document.
 */
@Catch()
export class OAuthErrorFilter extends ProblemFilter {
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
  if (error instanceof DomainError && error.kind.status === 429)
    return new OAuthError('slow_down', error.message, 429, error.extra.headers);
  return undefined;
}

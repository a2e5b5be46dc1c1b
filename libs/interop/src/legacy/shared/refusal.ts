/** What is refused and why, before an older service's own shape is given to it. */
import { Catch, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { InvalidGrantError } from '#auth';
import { toProblem, type FieldError } from '#platform';

export interface Refusal {
  readonly status: number;
  /** Of docs/errors.md; WRONG_NAME_OR_PASSWORD and REFRESH_TOKEN_OVER where /v1 answers as OAuth does. */
  readonly code: string;
  readonly detail: string;
  /** Values at fault, with JSON Pointers into what the adapter read; empty where it is nothing of that kind. */
  readonly errors: readonly FieldError[];
  readonly headers: Readonly<Record<string, string>>;
}

/** @param requestId of the request that is refused */
export function refusalOf(error: unknown, requestId: string): Refusal {
  if (error instanceof InvalidGrantError) {
    // 400 to OAuth.
    const { reason, description, headers } = error;
    return { status: 401, code: reason, detail: description, errors: [], headers };
  }
  const { status, headers, body } = toProblem(error, requestId);
  return { status, code: body.code, detail: body.detail, errors: body.errors ?? [], headers };
}

/** What an older service answers in a refusal's place. */
export interface ShapedRefusal {
  readonly status: number;
  readonly body: unknown;
}

/** The filter of an older service's routes, for `@RefusesWith`: whatever refuses, authentication and quota included. */
@Catch()
export class LegacyErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger('http');

  constructor(private readonly shape: (refusal: Refusal, request: FastifyRequest) => ShapedRefusal) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const refusal = refusalOf(error, request.id);
    if (refusal.status === 500) this.logger.error({ requestId: request.id, err: error }, 'unexpected error');
    if (reply.sent) return;
    const { status, body } = this.shape(refusal, request);
    void reply.status(status).headers(refusal.headers).type('application/json').send(body);
  }
}

/** "/valor/0 must be a number; /edad is missing", of the first few. */
export function faultsSentence(errors: readonly FieldError[]): string {
  const MOST_NAMED = 20;
  const named = errors.slice(0, MOST_NAMED).map(({ pointer, detail }) => `${pointer || 'the request'} ${detail}`);
  return `${named.join('; ')}${errors.length > MOST_NAMED ? '; …' : ''}`;
}

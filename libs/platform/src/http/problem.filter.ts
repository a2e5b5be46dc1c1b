/** The one place where an error becomes an answer: application/problem+json (RFC 9457). Never a stack trace. */
import { STATUS_CODES } from 'node:http';
import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DATABASE_RETRY_SECONDS, isDatabaseUnavailable, isUnstorableText } from '../database/database-errors.js';
import { DomainError, platformErrors, type ErrorKind, type FieldError } from '../errors.js';

export class FieldErrorDto implements FieldError {
  @ApiProperty({ description: 'JSON Pointer into the body, or ?name for a query parameter', example: '/input/age' }) pointer: string;
  @ApiProperty({ example: 'must be at most 99' }) detail: string;
}

/** The body of every refusal. */
export class ProblemDto {
  @ApiProperty({ example: 'about:blank' }) type: string;
  @ApiProperty({ example: 'Invalid request' }) title: string;
  @ApiProperty({ example: 422 }) status: number;
  @ApiProperty({ example: '1 value is at fault.' }) detail: string;
  @ApiProperty({ description: 'Stable code; docs/errors.md lists them all', example: 'INVALID_REQUEST' }) code: string;
  @ApiProperty({ example: '0198c2b4-6a52-7c3e-9a41-0c1f5d1d8a11' }) requestId: string;
  @ApiProperty({ type: [FieldErrorDto], required: false }) errors?: readonly FieldError[];
}

export interface Problem {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ProblemDto;
}

const BY_STATUS: Record<number, ErrorKind> = {
  400: platformErrors.MALFORMED_REQUEST,
  403: platformErrors.FORBIDDEN,
  404: platformErrors.NOT_FOUND,
  405: platformErrors.METHOD_NOT_ALLOWED,
  413: platformErrors.PAYLOAD_TOO_LARGE,
  415: platformErrors.UNSUPPORTED_MEDIA_TYPE,
  422: platformErrors.INVALID_REQUEST,
};

function asDomainError(error: unknown): DomainError | undefined {
  if (error instanceof DomainError) return error;
  if (isDatabaseUnavailable(error)) {
    return new DomainError(platformErrors.DATABASE_UNAVAILABLE, 'The database does not answer at the moment.', {
      headers: { 'retry-after': String(DATABASE_RETRY_SECONDS) },
      cause: error,
    });
  }
  if (isUnstorableText(error)) return new DomainError(platformErrors.INVALID_REQUEST, 'A text holds a NUL character, which cannot be stored.', { cause: error });
  const status = error instanceof HttpException ? error.getStatus() : (error as { statusCode?: unknown } | null)?.statusCode;
  if (typeof status !== 'number' || status >= 500) return undefined;
  const kind = BY_STATUS[status] ?? { code: 'REQUEST_REFUSED', status, title: STATUS_CODES[status] ?? 'Request refused', meaning: '' };
  return new DomainError(kind, error instanceof Error ? error.message : kind.title);
}

/** What to answer for an error, whatever threw it. Anything unknown is a 500 without particulars. */
export function toProblem(error: unknown, requestId: string): Problem {
  const known = asDomainError(error);
  const kind = known?.kind ?? platformErrors.INTERNAL;
  return {
    status: kind.status,
    headers: known?.extra.headers ?? {},
    body: {
      type: 'about:blank',
      title: kind.title,
      status: kind.status,
      detail: known?.message ?? 'The server could not finish this request. The request id finds it in the log.',
      code: kind.code,
      requestId,
      ...(known?.extra.errors ? { errors: known.extra.errors } : {}),
    },
  };
}

@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('http');

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const reply = http.getResponse<FastifyReply>();
    const { id } = http.getRequest<FastifyRequest>();
    const problem = toProblem(error, id);
    if (problem.status === 500) this.logger.error({ requestId: id, err: error }, 'unexpected error');
    if (reply.sent) return;
    void reply.status(problem.status).headers(problem.headers).type('application/problem+json').send(problem.body);
  }
}

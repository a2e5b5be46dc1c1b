/** The one place where an error becomes an answer: application/problem+json (RFC 9457). Never a stack trace. */
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { ApiExtraModels, ApiProperty, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DATABASE_RETRY_SECONDS, isDatabaseUnavailable, isUnstorableText } from '../database/database-errors.js';
import { DomainError, platformErrors, type ErrorKind, type FieldError } from '../errors.js';
import { newId } from '../ids.js';
import { extendRouteConfig } from './route-config.js';
import { filterOfUnrouted } from './unrouted.js';

export class FieldErrorDto implements FieldError {
  @ApiProperty({ description: 'JSON Pointer into the body, or ?name for a query parameter', example: '/input/age' })
  pointer: string;
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

/**
 * In the OpenAPI document: a refusal that is this route's own. What routes of a kind have in common (401, a body that cannot be
 * read, …) the document's maker adds.
 */
export function ApiProblemResponse(status: number, description: string): MethodDecorator {
  const content = { 'application/problem+json': { schema: { $ref: getSchemaPath(ProblemDto) } } };
  return (target, property, descriptor) => {
    ApiExtraModels(ProblemDto)(target, property, descriptor);
    ApiResponse({ status, description, content })(target, property, descriptor);
  };
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
  if (isUnstorableText(error))
    return new DomainError(platformErrors.INVALID_REQUEST, 'A text holds a NUL character, which cannot be stored.', {
      cause: error,
    });
  const status =
    error instanceof HttpException ? error.getStatus() : (error as { statusCode?: unknown } | null)?.statusCode;
  if (typeof status !== 'number' || status >= 500) return undefined;
  const kind = BY_STATUS[status] ?? {
    ...platformErrors.REQUEST_REFUSED,
    status,
    title: STATUS_CODES[status] ?? 'Request refused',
  };
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

declare module 'fastify' {
  interface FastifyContextConfig {
    errorFilter?: ExceptionFilter;
  }
}

/**
 * The route's refusals have a shape of their own, which some other standard gives. Unlike Nest's `@UseFilters` this also
 * reaches what Fastify refuses before there is a handler, such as a body that does not parse.
 */
export function RefusesWith(errorFilter: ExceptionFilter): MethodDecorator {
  return extendRouteConfig(() => ({ errorFilter }));
}

/** Fastify and Nest say that a body is too large, not for what. Forms have a bound of their own. */
function withBound(error: unknown, { routeOptions, headers }: FastifyRequest): unknown {
  const tooLarge = asDomainError(error)?.kind === platformErrors.PAYLOAD_TOO_LARGE;
  if (!tooLarge || !headers['content-type']?.startsWith('application/json')) return error;
  const detail = `This route reads bodies of at most ${routeOptions.bodyLimit} bytes.`;
  return new DomainError(platformErrors.PAYLOAD_TOO_LARGE, detail);
}

@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('http');

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const reply = http.getResponse<FastifyReply>();
    const request = http.getRequest<FastifyRequest>();
    const { id, routeOptions } = request;
    const own = routeOptions.config.errorFilter;
    if (own && own !== this) {
      own.catch(error, host);
      return;
    }
    const ofUnrouted = request.is404 ? filterOfUnrouted(request) : undefined;
    if (ofUnrouted) {
      ofUnrouted.catch(asDomainError(error)?.kind === platformErrors.NOT_FOUND ? unrouted(error) : error, host);
      return;
    }
    const problem = toProblem(withBound(error, request), id);
    if (problem.status === 500) this.logger.error({ requestId: id, err: error }, 'unexpected error');
    if (reply.sent) return;
    void reply.status(problem.status).headers(problem.headers).type('application/problem+json').send(problem.body);
  }
}

/**
 * Answers what Fastify's router refuses by itself, before any hook has run: a path that does not decode, or a part of one
 * that is too long.
 */
export function refuseUnroutable(error: Error, request: FastifyRequest, reply: FastifyReply): void {
  void reply.header('x-request-id', request.id);
  const filter = filterOfUnrouted(request);
  if (filter) {
    filter.catch(unrouted(error), new ExecutionContextHost([request, reply]));
    return;
  }
  const problem = toProblem(error, request.id);
  void reply.status(problem.status).type('application/problem+json').send(problem.body);
}

/** Whatever the router says of a path: in its messages the whole path stands. */
function unrouted(cause: unknown): DomainError {
  return new DomainError(platformErrors.NOT_FOUND, 'Not Found', { cause });
}

/** What Node says of a request that is no HTTP, as statuses; anything else is 400. */
const UNREADABLE_STATUS: Readonly<Record<string, number>> = { ERR_HTTP_REQUEST_TIMEOUT: 408, HPE_HEADER_OVERFLOW: 431 };

/** Answers what Node could not read as a request at all, on the bare connection, and closes it. */
export function refuseUnreadable(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const statusCode = UNREADABLE_STATUS[error.code ?? ''] ?? 400;
  const requestId = newId();
  const { body } = toProblem(Object.assign(new Error('The request could not be read.'), { statusCode }), requestId);
  const text = JSON.stringify(body);
  if (socket.writable) {
    socket.write(
      `HTTP/1.1 ${statusCode} ${STATUS_CODES[statusCode]}\r\nContent-Type: application/problem+json; charset=utf-8\r\n` +
        `Content-Length: ${Buffer.byteLength(text)}\r\nX-Request-Id: ${requestId}\r\nConnection: close\r\n\r\n${text}`,
    );
  }
  socket.destroy(error);
}

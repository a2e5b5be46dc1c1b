/** Reads multipart/form-data part by part as it comes in; nothing but short fields is held in memory. */
import type { Readable } from 'node:stream';
import { Busboy } from '@fastify/busboy';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { DomainError, platformErrors } from '../errors.js';
import { takesItsTime } from './body-deadline.js';
import { extendRouteConfig } from './route-config.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    acceptsMultipart?: boolean;
  }
}

/** One part: a file, whose stream must be read to its end, or a field, whose value is here. */
export type MultipartPart =
  | { readonly name: string; readonly fileName: string; readonly file: Readable }
  | { readonly name: string; readonly value: string };

export interface MultipartLimits {
  /** Bytes of one file. */
  readonly fileBytes: number;
  /** Bytes of one field's value. */
  readonly fieldBytes: number;
  /** Files and fields. */
  readonly parts: number;
}

/** The route reads multipart/form-data, by `readMultipart`, and is not held to the time that other bodies have. */
export function AcceptsMultipart(): MethodDecorator {
  return extendRouteConfig(() => ({ acceptsMultipart: true }));
}

/** Hands the body of routes that accept it over as a stream; elsewhere it is 415. */
export function registerMultipart(fastify: FastifyInstance): void {
  fastify.addContentTypeParser('multipart/form-data', (request, payload, done) => {
    if (request.routeOptions.config.acceptsMultipart) {
      takesItsTime(request.raw);
      done(null, payload);
    } else
      done(new DomainError(platformErrors.UNSUPPORTED_MEDIA_TYPE, 'This route does not read multipart/form-data.'));
  });
}

/**
 * Calls `receive` with each part, in the order they come and one at a time. Resolves when the last one has been received.
 * @param stop ends the reading with its reason, as a deadline does
 * @throws PAYLOAD_TOO_LARGE, MALFORMED_REQUEST also when the body is cut off, UNSUPPORTED_MEDIA_TYPE, or what `receive` threw; the part
 *   that was being received has ended with the same error by then
 */
export async function readMultipart(
  { headers, raw }: Pick<FastifyRequest, 'headers' | 'raw'>,
  limits: MultipartLimits,
  receive: (part: MultipartPart) => Promise<void>,
  stop?: AbortSignal,
): Promise<void> {
  const parser = parserOf(headers, limits);
  // Gone before anybody listened: nothing would ever come or end.
  if (raw.destroyed && !raw.complete) throw malformed('the connection was closed before its end');
  let received = Promise.resolve();
  let failure: Error | undefined;
  let open: Readable | undefined;
  await new Promise<void>((resolve) => {
    const fail = (error: Error): void => {
      if (failure) return;
      failure = error;
      raw.unpipe(parser);
      raw.resume(); // what still comes is let go, so that the answer can be read
      open?.destroy(error);
      resolve();
    };
    const next = (part: MultipartPart): void => {
      received = received.then(() => (failure ? undefined : receive(part))).catch(fail);
    };
    parser.on('file', (name: string | undefined, file: Readable, fileName: string | undefined) => {
      open = file;
      file.on('limit', () => fail(tooLarge(`${name} has more than ${limits.fileBytes} bytes.`)));
      file.on('error', () => undefined); // told to whoever reads it
      if (name === undefined) fail(malformed('a part has no name'));
      else next({ name, fileName: fileName ?? '', file });
    });
    parser.on('field', (name: string | undefined, value: string, nameCut: boolean, valueCut: boolean) => {
      if (name === undefined) return fail(malformed('a part has no name'));
      if (nameCut || valueCut) fail(tooLarge(`${name} has more than ${limits.fieldBytes} bytes; send it as a file.`));
      else next({ name, value });
    });
    for (const limit of ['partsLimit', 'filesLimit', 'fieldsLimit'] as const)
      parser.on(limit, () => fail(tooLarge(`The form has more than ${limits.parts} parts.`)));
    parser.on('error', (error: unknown) => fail(malformed((error as Error).message, error)));
    parser.on('finish', resolve);
    raw.on('close', () => {
      if (!raw.complete) fail(malformed('the connection was closed before its end'));
    });
    stop?.addEventListener('abort', () => fail(stop.reason as Error), { once: true });
    raw.pipe(parser);
  });
  await received;
  if (failure) throw failure;
}

/** Ends the reading of a form that takes longer; the answer to it is the last one on its connection. */
export class FormDeadline {
  private readonly overdue = new AbortController();
  private readonly timer: NodeJS.Timeout;

  /** @param what must be there by then, such as "The form" */
  constructor(what: string, withinMs: number) {
    const detail = `${what} must be here within ${withinMs / 1_000} s.`;
    const headers = { connection: 'close' };
    this.timer = setTimeout(
      () => this.overdue.abort(new DomainError(platformErrors.REQUEST_TIMEOUT, detail, { headers })),
      withinMs,
    );
  }

  /** For `readMultipart`. */
  get signal(): AbortSignal {
    return this.overdue.signal;
  }

  /** It is there. */
  met(): void {
    clearTimeout(this.timer);
  }
}

function parserOf(
  headers: FastifyRequest['headers'],
  { fileBytes, fieldBytes, parts }: MultipartLimits,
): InstanceType<typeof Busboy> {
  const type = headers['content-type'];
  if (!type?.toLowerCase().startsWith('multipart/form-data'))
    throw new DomainError(platformErrors.UNSUPPORTED_MEDIA_TYPE, 'This route reads multipart/form-data.');
  try {
    return new Busboy({
      headers: { ...headers, 'content-type': type },
      limits: { fileSize: fileBytes, fieldSize: fieldBytes, files: parts, fields: parts, parts },
    });
  } catch (error) {
    throw malformed((error as Error).message, error);
  }
}

function tooLarge(detail: string): DomainError {
  return new DomainError(platformErrors.PAYLOAD_TOO_LARGE, detail);
}

function malformed(reason: string, cause?: unknown): DomainError {
  return new DomainError(platformErrors.MALFORMED_REQUEST, `The form cannot be read: ${reason}.`, { cause });
}

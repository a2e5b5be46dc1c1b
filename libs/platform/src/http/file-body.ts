/** Reads a body that is a file, as it comes in: what `curl --data-binary @FILE` sends as application/octet-stream. */
import { createWriteStream } from 'node:fs';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { DomainError, platformErrors } from '../errors.js';
import { takesItsTime } from './body-deadline.js';
import { extendRouteConfig } from './route-config.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    acceptsFile?: boolean;
  }
}

const FILE_TYPE = 'application/octet-stream';

/** The route reads application/octet-stream, by `writeFileBody`, and is not held to the time that other bodies have. */
export function AcceptsFile(): MethodDecorator {
  return extendRouteConfig(() => ({ acceptsFile: true }));
}

/** Hands the body of routes that accept it over as a stream; elsewhere it is 415. */
export function registerFileBodies(fastify: FastifyInstance): void {
  fastify.addContentTypeParser(FILE_TYPE, (request, payload, done) => {
    if (request.routeOptions.config.acceptsFile) {
      takesItsTime(request.raw);
      done(null, payload);
    } else done(new DomainError(platformErrors.UNSUPPORTED_MEDIA_TYPE, `This route does not read ${FILE_TYPE}.`));
  });
}

/** Whether the body is a file, and no form with one. */
export function isFileBody({ headers }: Pick<FastifyRequest, 'headers'>): boolean {
  return headers['content-type']?.toLowerCase().startsWith(FILE_TYPE) ?? false;
}

/**
 * Writes the body to a file.
 * @throws PAYLOAD_TOO_LARGE as soon as more than `largestBytes` have come, MALFORMED_REQUEST when the body is cut off
 */
export async function writeFileBody(
  { raw }: { readonly raw: Readable & { readonly complete: boolean } },
  path: string,
  largestBytes: number,
): Promise<void> {
  if (raw.destroyed && !raw.complete) throw cutOff();
  let bytes = 0;
  const bounded = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > largestBytes) done(tooLarge(largestBytes));
      else done(null, chunk);
    },
  });
  raw.once('close', () => {
    if (!raw.complete) bounded.destroy(cutOff());
  });
  try {
    await pipeline(raw.pipe(bounded), createWriteStream(path, { mode: 0o600 }));
  } catch (error) {
    raw.unpipe(bounded);
    raw.resume(); // what still comes is let go, so that the answer can be read
    throw error;
  }
}

function cutOff(): DomainError {
  return new DomainError(platformErrors.MALFORMED_REQUEST, 'The connection was closed before the end of the file.');
}

function tooLarge(largestBytes: number): DomainError {
  return new DomainError(platformErrors.PAYLOAD_TOO_LARGE, `The file has more than ${largestBytes} bytes.`);
}

/**
 * Bodies of protocols that say by headers of their own what a body is: read as bytes whatever `Content-Type` says, also without
 * one, and inflated where `Content-Encoding` says so. What they hold is the route's matter.
 */
import { promisify } from 'node:util';
import { gunzip, inflate, inflateRaw, type InputType, type ZlibOptions } from 'node:zlib';
import type { FastifyInstance, FastifyRequest, preParsingHookHandler } from 'fastify';
import { DomainError, platformErrors } from '../errors.js';
import { extendRouteConfig } from './route-config.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    readsBytes?: boolean;
  }
}

/** Under this name Fastify finds the parser; a client that sends it elsewhere is refused as with any other. */
const BYTES_TYPE = 'application/x-latido-bytes';
/** A zlib stream as RFC 1950 begins: method 8, and both bytes together a multiple of 31. */
const ZLIB_METHOD = 8;

const inflators = { gzip: promisify(gunzip), 'x-gzip': promisify(gunzip), deflate: promisify(inflateEither) };

/** The route's `request.body` is a Buffer, of at most as many bytes as the route reads, inflated; it is empty where there is none. */
export function ReadsBytes(): MethodDecorator {
  return extendRouteConfig(() => ({ readsBytes: true }));
}

/** Before the routes are registered. */
export function registerByteBodies(fastify: FastifyInstance): void {
  fastify.addHook('onRoute', (route) => {
    if (route.config?.readsBytes) route.preParsing = [route.preParsing ?? [], takeForBytes].flat();
  });
  fastify.addContentTypeParser<Buffer>(
    BYTES_TYPE,
    { parseAs: 'buffer' },
    async (request: FastifyRequest, body: Buffer) => {
      if (!request.routeOptions.config.readsBytes)
        throw new DomainError(platformErrors.UNSUPPORTED_MEDIA_TYPE, 'This route reads application/json.');
      return inflated(body, request);
    },
  );
}

const takeForBytes: preParsingHookHandler = (request, _reply, payload, done) => {
  request.raw.headers['content-type'] = BYTES_TYPE;
  done(null, payload);
};

/** @throws PAYLOAD_TOO_LARGE before more is inflated than the route reads, MALFORMED_REQUEST, UNSUPPORTED_MEDIA_TYPE */
async function inflated(body: Buffer, { headers, routeOptions }: FastifyRequest): Promise<Buffer> {
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (encoding === 'identity' || encoding === '') return body;
  if (!Object.hasOwn(inflators, encoding))
    throw new DomainError(platformErrors.UNSUPPORTED_MEDIA_TYPE, 'This route reads bodies encoded as gzip or deflate.');
  const maxOutputLength = routeOptions.bodyLimit!;
  try {
    return await inflators[encoding as keyof typeof inflators](body, { maxOutputLength });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
      throw new DomainError(
        platformErrors.PAYLOAD_TOO_LARGE,
        `This route reads bodies of at most ${maxOutputLength} bytes when inflated.`,
      );
    throw new DomainError(platformErrors.MALFORMED_REQUEST, `The body is not what Content-Encoding says: ${encoding}.`);
  }
}

/** RFC 9110 §8.4.1.2 means a zlib stream; some clients send the bare deflate stream, and are understood by everyone. */
function inflateEither(
  body: InputType,
  options: ZlibOptions,
  done: (error: Error | null, bytes: Buffer) => void,
): void {
  const bytes = body as Buffer;
  const isZlib = bytes.length >= 2 && (bytes[0]! & 0x0f) === ZLIB_METHOD && bytes.readUInt16BE(0) % 31 === 0;
  (isZlib ? inflate : inflateRaw)(bytes, options, done);
}

/** Bodies of GET requests, which Fastify does not read: some older clients send their values in one. */
import type { FastifyInstance, FastifyRequest, preHandlerAsyncHookHandler } from 'fastify';
import { DomainError, platformErrors } from '../errors.js';
import { isTooDeepToParse, tooDeep } from './json-depth.js';
import { extendRouteConfig } from './route-config.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    readsBodyOfGet?: boolean;
  }
}

/** The GET route's `request.body` is what its JSON body holds, of at most as many bytes as the route reads; undefined without one. */
export function ReadsBodyOfGet(): MethodDecorator {
  return extendRouteConfig(() => ({ readsBodyOfGet: true }));
}

/** Before the routes are registered. */
export function registerGetBodies(fastify: FastifyInstance): void {
  const parse = fastify.getDefaultJsonParser('error', 'error');
  const readBody: preHandlerAsyncHookHandler = async (request) => {
    const text = await bodyText(request);
    if (text === '') return;
    if (isTooDeepToParse(text)) throw tooDeep();
    request.body = await new Promise((resolve, reject) => {
      void parse(request, text, (error, body) => (error ? reject(error) : resolve(body)));
    });
  };
  fastify.addHook('onRoute', (route) => {
    if (route.config?.readsBodyOfGet) route.preHandler = [readBody, route.preHandler ?? []].flat();
  });
}

/** @throws PAYLOAD_TOO_LARGE as soon as there is more than the route reads; MALFORMED_REQUEST where the client hangs up */
async function bodyText({ raw, headers, routeOptions }: FastifyRequest): Promise<string> {
  const limit = routeOptions.bodyLimit!;
  // Not begun to be read: Node then passes over it.
  if (Number(headers['content-length']) > limit) throw tooLarge(limit);
  const parts: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const part of raw.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      bytes += part.length;
      if (bytes > limit) throw tooLarge(limit);
      parts.push(part);
    }
  } catch (error) {
    if (error instanceof DomainError) throw error;
    throw new DomainError(platformErrors.MALFORMED_REQUEST, 'The body ended before it was whole.', { cause: error });
  } finally {
    // The rest of what is too large is passed over: the connection is the next request's.
    raw.resume();
  }
  return Buffer.concat(parts).toString('utf8');
}

function tooLarge(limit: number): DomainError {
  return new DomainError(platformErrors.PAYLOAD_TOO_LARGE, `This route reads bodies of at most ${limit} bytes.`);
}

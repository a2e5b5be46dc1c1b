/** Bodies of GET requests, which Fastify does not read: some older clients send their values in one. */
import type { FastifyInstance, FastifyRequest, preHandlerAsyncHookHandler } from 'fastify';
import { DomainError, platformErrors } from '../errors.js';
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
    request.body = await new Promise((resolve, reject) => {
      void parse(request, text, (error, body) => (error ? reject(error) : resolve(body)));
    });
  };
  fastify.addHook('onRoute', (route) => {
    if (route.config?.readsBodyOfGet) route.preHandler = [readBody, route.preHandler ?? []].flat();
  });
}

/** @throws PAYLOAD_TOO_LARGE as soon as there is more than the route reads */
async function bodyText({ raw, routeOptions }: FastifyRequest): Promise<string> {
  const limit = routeOptions.bodyLimit!;
  const parts: Buffer[] = [];
  let bytes = 0;
  // A refusal must still be answered on the connection.
  for await (const part of raw.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > limit)
      throw new DomainError(platformErrors.PAYLOAD_TOO_LARGE, `This route reads bodies of at most ${limit} bytes.`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

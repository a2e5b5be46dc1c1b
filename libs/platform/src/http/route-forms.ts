/** Routes as clients of other servers ask for them: with a slash at the end, with JSON that they do not call JSON. */
import type { FastifyInstance, preParsingHookHandler } from 'fastify';
import { extendRouteConfig } from './route-config.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    alsoWithSlash?: boolean;
    readsUntypedJson?: boolean;
    readsPythonJson?: boolean;
  }
}

/**
 * The route is there with a slash at its end, too: the root of a service by whose name a client's base URL ends is asked for so, and
 * Nest registers none with it.
 */
export function AlsoWithSlash(): MethodDecorator {
  return extendRouteConfig(() => ({ alsoWithSlash: true }));
}

/** A body without a Content-Type is JSON: so it was to FastAPI, and Python's `requests` sends none with a text. */
export function ReadsUntypedJson(): MethodDecorator {
  return extendRouteConfig(() => ({ readsUntypedJson: true }));
}

/** NaN, Infinity and -Infinity, which Python writes into what it calls JSON, are read as null: as values that are missing. */
export function ReadsPythonJson(): MethodDecorator {
  return extendRouteConfig(() => ({ readsPythonJson: true }));
}

/** Before the routes are registered. */
export function registerRouteForms(fastify: FastifyInstance): void {
  fastify.addHook('onRoute', (route) => {
    if (route.config?.readsUntypedJson) route.preParsing = [route.preParsing ?? [], takeForJson].flat();
    const { alsoWithSlash, ...config } = route.config ?? {};
    // Fastify adds the HEAD of a GET by itself.
    if (alsoWithSlash && route.method !== 'HEAD') fastify.route({ ...route, config, url: `${route.url}/` });
  });
}

const takeForJson: preParsingHookHandler = ({ raw: { headers } }, _reply, payload, done) => {
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
  if (hasBody) headers['content-type'] ??= 'application/json';
  done(null, payload);
};

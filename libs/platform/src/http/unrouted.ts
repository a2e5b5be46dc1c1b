/**
 * Paths that the router itself finds no route for. Where a catch-all route answers all else below a prefix, they are refused in its
 * shape and as not found, without a word of the path.
 */
import type { ExceptionFilter } from '@nestjs/common';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** By application: from the part of a path before a catch-all route's `*` to the route's own filter. */
const filters = new WeakMap<object, Map<string, ExceptionFilter>>();
const CATCH_ALL = '/*';

/** Before the routes are registered. */
export function registerUnrouted(fastify: FastifyInstance): void {
  const byPrefix = new Map<string, ExceptionFilter>();
  filters.set(fastify.server, byPrefix);
  fastify.addHook('onRoute', ({ url, config }) => {
    if (config?.errorFilter && url.endsWith(CATCH_ALL))
      byPrefix.set(url.slice(0, -CATCH_ALL.length), config.errorFilter);
  });
}

/** The filter of the catch-all route below whose prefix the request's path is. */
export function filterOfUnrouted({ url, server }: Pick<FastifyRequest, 'url' | 'server'>): ExceptionFilter | undefined {
  const [path = ''] = url.split('?', 1);
  for (const [prefix, filter] of filters.get(server.server) ?? [])
    if (path === prefix || path.startsWith(`${prefix}/`)) return filter;
  return undefined;
}

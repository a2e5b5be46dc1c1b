/** What a route's decorators say about it, carried in Fastify's route config, where hooks find it before there is a handler. */
import { SetMetadata } from '@nestjs/common';
import type { FastifyContextConfig } from 'fastify';

/** The metadata key under which Nest's Fastify adapter finds a handler's route config. */
const ROUTE_CONFIG = '__fastify_route_config__';

/** What a handler's decorators have said so far. */
export function routeConfigOf(handler: object): Readonly<FastifyContextConfig> {
  return (Reflect.getMetadata(ROUTE_CONFIG, handler) ?? {}) as FastifyContextConfig;
}

/** Adds to the route's config; `change` is told what other decorators have put there. */
export function extendRouteConfig(
  change: (config: Readonly<FastifyContextConfig>) => Partial<FastifyContextConfig>,
): MethodDecorator {
  return (target, property, descriptor) => {
    const config = routeConfigOf(descriptor.value as object);
    SetMetadata(ROUTE_CONFIG, { ...config, ...change(config) })(target, property, descriptor);
  };
}

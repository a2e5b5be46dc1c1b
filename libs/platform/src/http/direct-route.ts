/**
 * Routes whose controller method Fastify calls itself. Nest declares the route, its access rule and its documentation as any
 * other's; its router (guards, pipes, interceptors, decorated parameters) is left out of the call, because it took a tenth of
 * the time of an answer that has nothing of these to do.
 */
import type { INestApplicationContext, Type } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { DomainError, platformErrors } from '../errors.js';
import { extendRouteConfig } from './route-config.js';

/** Sends the answer, or an error, by the reply. It may be called by Nest as well, with `@Req()` and `@Res()`. */
export type DirectHandler = (request: FastifyRequest, reply: FastifyReply) => void;

interface DirectMethod {
  readonly controller: Type<Record<string | symbol, DirectHandler>>;
  readonly name: string | symbol;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    direct?: DirectMethod;
  }
}

/** The method is a `DirectHandler`: it takes Fastify's request and reply, and returns nothing. */
export function Direct(): MethodDecorator {
  return (target, name, descriptor) => {
    const controller = target.constructor as DirectMethod['controller'];
    extendRouteConfig(() => ({ direct: { controller, name } }))(target, name, descriptor);
  };
}

/** Lets Fastify call what is declared `@Direct()`. Before the routes are registered. */
export function registerDirectRoutes(fastify: FastifyInstance, app: Pick<INestApplicationContext, 'get'>): void {
  fastify.addHook('onRoute', (route) => {
    const { direct } = route.config ?? {};
    if (!direct) return;
    const controller = app.get(direct.controller, { strict: false });
    const method = controller[direct.name]!;
    route.handler = (request, reply) => {
      // What the guard asserts of all other routes.
      if (!request.state.ruleApplied)
        throw new DomainError(platformErrors.ROUTE_CLOSED, 'No access rule was applied to this route.');
      method.call(controller, request, reply);
    };
  });
}

/** Gives every request its id and its state, before any other hook runs. */
import type { FastifyInstance } from 'fastify';
import { newId } from '../ids.js';
import type { RequestState } from './principal.js';

const SANE_REQUEST_ID = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/;

/** The client's own X-Request-Id if it is sane (at most 64 letters, digits and . _ : -), else a UUIDv7. */
export function requestIdOf(header: string | string[] | undefined): string {
  return typeof header === 'string' && SANE_REQUEST_ID.test(header) ? header : newId();
}

/** Adds `request.state` and the X-Request-Id header of every answer. Register before authentication. */
export function registerRequestState(fastify: FastifyInstance): void {
  fastify.decorateRequest('state', null as unknown as RequestState);
  fastify.addHook('onRequest', (request, reply, done) => {
    request.state = {
      principal: null,
      ruleApplied: false,
      receivedAtMs: performance.now(),
      admission: null,
      timings: {},
    };
    void reply.header('x-request-id', request.id);
    done();
  });
}

/** Leaves a row in the request log for every authenticated request on a counted route, however it ends. */
import { Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { RequestLog } from '#audit';
import { newId } from '#platform';

/** The client was gone before there was an answer; not an HTTP status, but what nginx and others log for it. */
const CLIENT_CLOSED_REQUEST = 499;

function isCounted({ state }: FastifyRequest): boolean {
  return state.principal !== null && state.route.config.access?.cost === 'request';
}

@Injectable()
export class RequestLogging {
  constructor(private readonly log: RequestLog) {}

  /** Register after authentication and before the quota decides. */
  register(fastify: FastifyInstance): void {
    fastify.addHook('onRequest', (request, reply, done) => {
      // Fastify calls no onResponse hook when the client hangs up: a request that was admitted must not go unlogged by
      // that.
      if (isCounted(request)) reply.raw.once('close', () => this.append(request, reply));
      done();
    });
    // Also for requests that authentication refused after it knew the user, which no later onRequest hook sees.
    fastify.addHook('onResponse', (request, reply, done) => {
      if (isCounted(request)) this.append(request, reply);
      done();
    });
  }

  private append(request: FastifyRequest, reply: FastifyReply): void {
    const { state } = request;
    const { principal, admission, timings, receivedAtMs, decidedAt } = state;
    if (state.logged || principal === null) return;
    state.logged = true;
    state.leave();
    const totalMs = performance.now() - receivedAtMs;
    this.log.append({
      id: admission?.id ?? newId(),
      userId: principal.userId,
      apiKeyId: principal.apiKeyId,
      requestId: request.id,
      method: request.method,
      route: state.route.url ?? '',
      status: reply.raw.headersSent ? reply.statusCode : CLIENT_CLOSED_REQUEST,
      counted: admission !== null,
      admittedAt: decidedAt ?? new Date(Date.now() - totalMs),
      authMs: timings.auth ?? null,
      quotaMs: timings.quota ?? null,
      validateMs: timings.validate ?? null,
      inferMs: timings.infer ?? null,
      recordMs: timings.record ?? null,
      totalMs,
    });
  }
}

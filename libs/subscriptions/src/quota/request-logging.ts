/** Leaves a row in the request log for every authenticated request on a counted route, however it ends. */
import type { Socket } from 'node:net';
import { Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { RequestLog } from '#audit';
import { newId } from '#platform';

/** The client was gone before there was an answer; not an HTTP status, but what nginx and others log for it. */
const CLIENT_CLOSED_REQUEST = 499;

function isCounted({ state }: FastifyRequest): boolean {
  return state.principal !== null && state.route.config.access?.cost === 'request';
}

function remove(reply: FastifyReply, replies: FastifyReply[]): void {
  if (replies.at(-1) === reply) replies.pop();
  else if (replies.includes(reply)) replies.splice(replies.indexOf(reply), 1);
}

@Injectable()
export class RequestLogging {
  /** Of each connection, what has no answer yet: one at most, unless the client sends without waiting for answers. */
  private readonly unanswered = new WeakMap<Socket, FastifyReply[]>();

  constructor(private readonly log: RequestLog) {}

  /** Adds the hook that logs what was answered. */
  register(fastify: FastifyInstance): void {
    // Also for requests that authentication refused after it knew the user, which no later onRequest hook sees.
    fastify.addHook('onResponse', (request, reply, done) => {
      if (isCounted(request)) {
        const unanswered = this.unanswered.get(request.socket);
        if (unanswered) remove(reply, unanswered);
        this.append(reply);
      }
      done();
    });
  }

  /**
   * Logs the request also if its client hangs up: Fastify then calls no onResponse hook, and what was admitted must not go
   * unlogged by that. After authentication, before the quota decides.
   */
  watch(request: FastifyRequest, reply: FastifyReply): void {
    if (!isCounted(request)) return;
    const unanswered = this.unanswered.get(request.socket) ?? this.watchConnection(request.socket);
    unanswered.push(reply);
  }

  /** One listener for all requests of a connection: one for each of them would cost more than all the rest here. */
  private watchConnection(socket: Socket): FastifyReply[] {
    const unanswered: FastifyReply[] = [];
    this.unanswered.set(socket, unanswered);
    socket.once('close', () => {
      for (const reply of unanswered) this.append(reply);
    });
    return unanswered;
  }

  private append(reply: FastifyReply): void {
    const { request } = reply;
    const { state } = request;
    const { principal, admission, timings, decidedAt } = state;
    if (state.logged || principal === null) return;
    state.logged = true;
    state.leave();
    const totalMs = state.tookMs;
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

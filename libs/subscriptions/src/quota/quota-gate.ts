/** Applies the quota before the body is read. */
import { Injectable } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { PlanThrottlerGuard } from './plan-throttler.guard.js';
import { RequestLogging } from './request-logging.js';

@Injectable()
export class QuotaGate {
  constructor(
    private readonly guard: PlanThrottlerGuard,
    private readonly logging: RequestLogging,
  ) {}

  /** Adds the hooks that count, refuse and log requests. Register after authentication. */
  register(fastify: FastifyInstance): void {
    this.logging.register(fastify);
    fastify.addHook('onRequest', (request, reply, done) => {
      this.logging.watch(request, reply);
      let pending: void | Promise<void>;
      try {
        pending = this.guard.decide(request, reply);
      } catch (refusal) {
        done(refusal as Error);
        return;
      }
      if (pending === undefined) done();
      else pending.then(() => done(), done);
    });
  }
}

/** Gives every request its id and its state, before any other hook runs. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { newId } from '../ids.js';
import type { Principal } from './principal.js';

/** The parts of a request whose time is told, in the order they happen. */
export const PARTS = ['auth', 'quota', 'validate', 'infer', 'record'] as const;
export type RequestPart = (typeof PARTS)[number];

/** When the quota admitted a request, and the id of its entry in the request log. */
interface Admission {
  readonly id: string;
  readonly admittedAt: Date;
}

/** Milliseconds of each part; undefined for those that the request did not reach. */
export class PartTimings implements Record<RequestPart, number | undefined> {
  auth: number | undefined = undefined;
  quota: number | undefined = undefined;
  validate: number | undefined = undefined;
  infer: number | undefined = undefined;
  record: number | undefined = undefined;
}

/**
 * What hooks find out about a request and leave for those after them. One object of one shape, because every request has
 * one. Times are `performance.now()` milliseconds.
 */
export class RequestState {
  principal: Principal | null = null;
  /** Set once an access rule was applied: the guard asserts it. */
  ruleApplied = false;
  readonly receivedAtMs = performance.now();
  readonly timings = new PartTimings();
  private part: RequestPart | undefined = undefined;
  private partBeganMs = this.receivedAtMs;
  private answeredMs = 0;
  /** When the quota admitted or refused the request (wall clock); null where it has not decided. */
  decidedAt: Date | null = null;
  admission: Admission | null = null;
  /** Set once the request stands in the request log. */
  logged = false;

  /** @param route Fastify describes it anew each time it is asked, so that it is asked once */
  constructor(readonly route: Pick<FastifyRequest['routeOptions'], 'url' | 'config'>) {}

  /** A part begins; the one that is open ends. */
  enter(part: RequestPart, nowMs = performance.now()): void {
    if (this.part !== undefined) this.timings[this.part] = nowMs - this.partBeganMs;
    this.part = part;
    this.partBeganMs = nowMs;
  }

  /**
   * The open part ends, if there is one: a part that failed is left open until somebody reads `timings`.
   * @returns when it did
   */
  leave(): number {
    if (this.part === undefined) return this.partBeganMs;
    const nowMs = performance.now();
    this.timings[this.part] = nowMs - this.partBeganMs;
    this.part = undefined;
    this.partBeganMs = nowMs;
    return nowMs;
  }

  /** Time that a part took which is done again and again, while others go on: it is added up. */
  add(part: RequestPart, ms: number): void {
    this.timings[part] = (this.timings[part] ?? 0) + ms;
  }

  /** Milliseconds until the answer was out, which is when this is asked for the first time. */
  get tookMs(): number {
    this.answeredMs ||= performance.now();
    return this.answeredMs - this.receivedAtMs;
  }
}

declare module 'fastify' {
  interface FastifyRequest {
    state: RequestState;
  }
}

const SANE_REQUEST_ID = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/;

/** The client's own X-Request-Id if it is sane (at most 64 letters, digits and . _ : -), else a UUIDv7. */
export function requestIdOf(header: string | string[] | undefined): string {
  return typeof header === 'string' && SANE_REQUEST_ID.test(header) ? header : newId();
}

/** Adds `request.state` and the X-Request-Id header of every answer. Register before authentication. */
export function registerRequestState(fastify: FastifyInstance): void {
  fastify.decorateRequest('state', null as unknown as RequestState);
  fastify.addHook('onRequest', (request, reply, done) => {
    request.state = new RequestState(request.routeOptions);
    void reply.header('x-request-id', request.id);
    done();
  });
}

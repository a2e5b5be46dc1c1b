/** Decides whether a request is within its user's plan. */
import { Injectable, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import {
  InjectThrottlerOptions,
  InjectThrottlerStorage,
  ThrottlerGuard,
  type ThrottlerModuleOptions,
} from '@nestjs/throttler';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError, Metrics, newId } from '#platform';
import type { Entitlement } from '../entitlement.js';
import { EntitlementService } from '../entitlement.service.js';
import { subscriptionErrors } from '../subscriptions.errors.js';
import { QuotaClock } from './quota-clock.js';
import type { QuotaDecision } from './quota-store.js';
import { QuotaThrottlerStorage } from './quota-throttler-storage.js';
import { rateLimit, rateLimitPolicy, setRateLimitHeaders, wholeSeconds } from './rate-limit-headers.js';
import { quotaKey, quotaTracker, THROTTLER_OF } from './throttling.js';

/** A named throttler whose window and, for reads, limit are fixed numbers. */
interface FixedThrottler {
  readonly name: string;
  readonly windowMs: number;
  readonly limit: number | undefined;
}

/** What the headers say of a plan, until its limit is changed. */
interface Policy {
  readonly limit: number;
  /** As the headers name it. */
  readonly name: string;
  /** The header RateLimit-Policy. */
  readonly policy: string;
}

/**
 * The guard of @nestjs/throttler with a user's plan in place of its own rules: keyed by user, an exact sliding log as
 * its storage, the standard headers, and a refusal that costs nothing. Its decision is taken in Fastify's `onRequest`
 * hook (see QuotaGate), before the body is read; as a Nest guard it takes it only if no hook has.
 */
@Injectable()
export class PlanThrottlerGuard extends ThrottlerGuard {
  private requests: FixedThrottler;
  private reads: FixedThrottler;
  /** By plan: there are few of them. */
  private readonly policies = new Map<string, Policy>();
  private readonly refusals;
  private readonly readRefusals;

  constructor(
    @InjectThrottlerOptions() options: ThrottlerModuleOptions,
    @InjectThrottlerStorage() private readonly quota: QuotaThrottlerStorage,
    reflector: Reflector,
    private readonly entitlements: EntitlementService,
    private readonly clock: QuotaClock,
    metrics: Metrics,
  ) {
    super(options, quota, reflector);
    this.refusals = metrics.counter(
      'latido_quota_refusals_total',
      'Requests refused because the plan admits no more in 60 s',
      ['plan'],
    );
    this.readRefusals = metrics.counter(
      'latido_read_refusals_total',
      'Reads refused because the user made too many in 60 s',
    );
  }

  override async onModuleInit(): Promise<void> {
    await super.onModuleInit();
    this.requests = this.named(THROTTLER_OF.request);
    this.reads = this.named(THROTTLER_OF.read);
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    if (request.state.timings.quota === undefined) await this.decide(request, http.getResponse<FastifyReply>());
    return true;
  }

  /**
   * Counts the request against its user's plan, or as a read; requests of nobody and public routes pass uncounted.
   * Returns nothing when it could decide at once (the user's entitlement is cached and the log is in this process),
   * else a promise. Leaves the admission and the time taken in `request.state`, and the headers on the reply.
   * @throws QUOTA_EXCEEDED, READ_LIMIT_EXCEEDED: thrown at once or by the promise
   */
  decide(request: FastifyRequest, reply: FastifyReply): void | Promise<void> {
    const rule = request.state.route.config.access;
    if (rule === undefined || rule.public || request.state.principal === null) return undefined;
    // It goes on where authentication ended.
    request.state.enter('quota', request.state.leave());
    if (rule.cost === 'read') return this.countRead(request, reply);
    const entitlement = this.entitlements.peek(quotaTracker(request));
    if (entitlement !== undefined) return this.countRequest(request, reply, entitlement);
    return this.entitlements.of(quotaTracker(request)).then((loaded) => this.countRequest(request, reply, loaded));
  }

  private countRequest(request: FastifyRequest, reply: FastifyReply, entitlement: Entitlement): void | Promise<void> {
    const { name, windowMs } = this.requests;
    const id = newId();
    const key = quotaKey(name, quotaTracker(request));
    const decision = this.quota.admit(key, entitlement.requestsPerMinute, windowMs, id);
    if (!(decision instanceof Promise)) return this.concludeRequest(request, reply, entitlement, decision, id);
    return decision.then((made) => this.concludeRequest(request, reply, entitlement, made, id));
  }

  private concludeRequest(
    { state }: FastifyRequest,
    reply: FastifyReply,
    entitlement: Entitlement,
    decision: QuotaDecision,
    id: string,
  ): void {
    const { name, policy } = this.policyOf(entitlement);
    void reply.header('ratelimit-policy', policy).header('ratelimit', rateLimit(name, decision));
    if (decision.scope !== undefined) void reply.header('ratelimit-scope', decision.scope);
    state.decidedAt = this.clock.now();
    state.leave();
    if (decision.admitted) {
      state.admission = { id, admittedAt: state.decidedAt };
      return;
    }
    this.refusals.inc({ plan: entitlement.plan });
    throw new DomainError(
      subscriptionErrors.QUOTA_EXCEEDED,
      `The plan ${entitlement.plan} admits ${entitlement.requestsPerMinute} requests in any ` +
        `${wholeSeconds(this.requests.windowMs)} seconds${shareOf(decision)}.`,
      { headers: retryAfter(decision) },
    );
  }

  private policyOf({ plan, requestsPerMinute: limit }: Entitlement): Policy {
    let policy = this.policies.get(plan);
    if (policy?.limit !== limit) {
      const name = plan.toLowerCase();
      policy = { limit, name, policy: rateLimitPolicy(name, limit, this.requests.windowMs) };
      this.policies.set(plan, policy);
    }
    return policy;
  }

  private countRead(request: FastifyRequest, reply: FastifyReply): void | Promise<void> {
    const { name, windowMs, limit } = this.reads;
    if (limit === undefined) throw new Error(`the throttler ${name} needs a fixed limit`);
    const conclude = (decision: QuotaDecision): void => {
      request.state.leave();
      if (decision.admitted) return;
      // Only a refusal says so: reads are many, and their limit is not one that clients plan with.
      setRateLimitHeaders(reply, name, limit, windowMs, decision);
      this.readRefusals.inc();
      throw new DomainError(
        subscriptionErrors.READ_LIMIT_EXCEEDED,
        `A user may read ${limit} times in any ${wholeSeconds(windowMs)} seconds${shareOf(decision)}.`,
        { headers: retryAfter(decision) },
      );
    };
    const decision = this.quota.admit(quotaKey(name, quotaTracker(request)), limit, windowMs, newId());
    return decision instanceof Promise ? decision.then(conclude) : conclude(decision);
  }

  private named(name: string): FixedThrottler {
    const throttler = this.throttlers.find((candidate) => candidate.name === name);
    if (typeof throttler?.ttl !== 'number') throw new Error(`the throttler ${name} needs a fixed window`);
    return { name, windowMs: throttler.ttl, limit: typeof throttler.limit === 'number' ? throttler.limit : undefined };
  }
}

/** Why fewer were admitted than the plan says, where that is so. */
function shareOf({ scope, limit }: QuotaDecision): string {
  return scope === 'replica' ? `, of which this replica admits ${limit} while replicas cannot count together` : '';
}

function retryAfter(decision: QuotaDecision): Record<string, string> {
  return { 'retry-after': String(wholeSeconds(decision.retryAfterMs)) };
}

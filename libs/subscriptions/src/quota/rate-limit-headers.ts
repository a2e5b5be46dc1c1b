/**
 * RateLimit and RateLimit-Policy (draft-ietf-httpapi-ratelimit-headers-09), and Retry-After (RFC 9110 §10.2.3). Of our own:
 * RateLimit-Scope, which says that what is left is left at this replica.
 */
import type { FastifyReply } from 'fastify';
import type { QuotaDecision } from './quota-store.js';

/** A duration in whole seconds, rounded up: whoever waits that long has waited long enough. */
export function wholeSeconds(ms: number): number {
  return Math.ceil(ms / 1000);
}

/** `"freemium";q=5;w=60`: q requests in w seconds. */
export function rateLimitPolicy(policy: string, limit: number, windowMs: number): string {
  return `"${policy}";q=${limit};w=${wholeSeconds(windowMs)}`;
}

/** `"freemium";r=4;t=37`: r requests are left, the oldest entry leaves the window in t seconds. */
export function rateLimit(policy: string, decision: QuotaDecision): string {
  return `"${policy}";r=${decision.remaining};t=${wholeSeconds(decision.resetMs)}`;
}

/**
 * Puts them on an answer. The policy is the plan's also where a replica admits its share of it alone; `RateLimit-Scope: replica`
 * then says so.
 */
export function setRateLimitHeaders(
  reply: Pick<FastifyReply, 'header'>,
  policy: string,
  limit: number,
  windowMs: number,
  decision: QuotaDecision,
): void {
  void reply.header('ratelimit-policy', rateLimitPolicy(policy, limit, windowMs));
  void reply.header('ratelimit', rateLimit(policy, decision));
  if (decision.scope !== undefined) void reply.header('ratelimit-scope', decision.scope);
}

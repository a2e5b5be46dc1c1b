/** How @nestjs/throttler is set up for plans: what is limited, by whose plan, under which key, in which log. */
import type { ThrottlerModuleOptions } from '@nestjs/throttler';
import type { FastifyRequest } from 'fastify';
import type { Cost } from '#platform';
import type { EntitlementService } from '../entitlement.service.js';
import type { QuotaThrottlerStorage } from './quota-throttler-storage.js';

/** "A minute" of `requestsPerMinute`: any 60 s, wherever they begin. */
export const QUOTA_WINDOW_MS = 60_000;

/**
 * Per user, over all tokens and keys: more than a console with several open pages asks for, less than a loop gone wild.
 */
const READS_PER_MINUTE = 600;

/** The throttler that limits each cost; `default` is the package's own name for the main one. */
export const THROTTLER_OF = { request: 'default', read: 'reads' } as const satisfies Record<Cost, string>;

/**
 * The key of a user's log: not the address, not the token, not the route. Of the main one it is the id alone, a text that is at
 * hand and need not be made and hashed for every request.
 */
export function quotaKey(throttlerName: string, userId: string): string {
  return throttlerName === THROTTLER_OF.request ? userId : `${throttlerName}:${userId}`;
}

/** The signed-in user that a request counts for. */
export function quotaTracker(request: Pick<FastifyRequest, 'state'>): string {
  const { principal } = request.state;
  if (!principal) throw new Error('a request without a user cannot be counted');
  return principal.userId;
}

export function throttlerOptions(
  entitlements: EntitlementService,
  storage: QuotaThrottlerStorage,
): ThrottlerModuleOptions {
  return {
    throttlers: [
      {
        name: THROTTLER_OF.request,
        ttl: QUOTA_WINDOW_MS,
        limit: async (context) =>
          (await entitlements.of(quotaTracker(context.switchToHttp().getRequest<FastifyRequest>()))).requestsPerMinute,
      },
      { name: THROTTLER_OF.read, ttl: QUOTA_WINDOW_MS, limit: READS_PER_MINUTE },
    ],
    getTracker: (request) => quotaTracker(request as FastifyRequest),
    generateKey: (_context, tracker, throttlerName) => quotaKey(throttlerName, tracker),
    storage,
  };
}

import { Injectable } from '@nestjs/common';
import type { Principal } from '#platform';
import { UsersService } from '#users';
import { EntitlementService } from './entitlement.service.js';
import type { MeDto } from './me.dto.js';
import { QuotaThrottlerStorage } from './quota/quota-throttler-storage.js';
import { wholeSeconds } from './quota/rate-limit-headers.js';
import { QUOTA_WINDOW_MS, quotaKey, THROTTLER_OF } from './quota/throttling.js';
import { RowBudget } from './row-budget.js';

/** What signed-in users see of themselves. */
@Injectable()
export class MeService {
  constructor(
    private readonly users: UsersService,
    private readonly entitlements: EntitlementService,
    private readonly quota: QuotaThrottlerStorage,
    private readonly rows: RowBudget,
  ) {}

  /** Profile, plan and what is left of it; asking counts against nothing but the reads. */
  async show({ userId, mustChangePassword }: Principal): Promise<MeDto> {
    const [profile, entitlement, rowsToday] = await Promise.all([
      this.users.get(userId),
      this.entitlements.of(userId),
      this.rows.rowsToday(userId),
    ]);
    const { plan, requestsPerMinute, rowsPerRequest, rowsPerDay, concurrentStreams } = entitlement;
    const { limit, remaining, resetMs } = await this.quota.peek(
      quotaKey(THROTTLER_OF.request, userId),
      requestsPerMinute,
      QUOTA_WINDOW_MS,
    );
    return {
      ...profile,
      mustChangePassword,
      plan,
      quota: {
        limit,
        remaining,
        windowSeconds: wholeSeconds(QUOTA_WINDOW_MS),
        resetSeconds: wholeSeconds(resetMs),
        rowsPerRequest,
        rowsPerDay,
        rowsToday,
        concurrentStreams,
      },
    };
  }
}

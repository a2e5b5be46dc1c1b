import { Injectable } from '@nestjs/common';
import { RequestLogRepository } from '#audit';
import { UsersService } from '#users';
import { QuotaClock } from './quota/quota-clock.js';
import { DEFAULT_USAGE_DAYS, type UsageDto, type UsersUsageDto } from './usage.dto.js';

const DAY_MS = 86_400_000;

@Injectable()
export class UsageService {
  constructor(
    private readonly requestLog: RequestLogRepository,
    private readonly users: UsersService,
    private readonly clock: QuotaClock,
  ) {}

  /**
   * Requests, predictions and refusals per UTC day, from the request log (which is some milliseconds behind the
   * answers).
   */
  async of(userId: string, days?: number): Promise<UsageDto> {
    const { from, to, data } = await this.ofAll([userId], days);
    return { from, to, data: data[0]!.data };
  }

  /** The same for somebody else. @throws USER_NOT_FOUND */
  async ofOther(userId: string, days?: number): Promise<UsageDto> {
    await this.users.get(userId);
    return this.of(userId, days);
  }

  /** The same of several users, by one read of the log. */
  async ofAll(userIds: readonly string[], days: number = DEFAULT_USAGE_DAYS): Promise<UsersUsageDto> {
    const asked = [...new Set(userIds.map((id) => id.toLowerCase()))];
    const now = this.clock.now().getTime();
    const firstDay = new Date(now - (now % DAY_MS) - (days - 1) * DAY_MS);
    const byUser = await this.requestLog.usagePerDay(asked, firstDay);
    return {
      from: utcDate(firstDay),
      to: utcDate(new Date(now)),
      data: asked.map((userId) => ({ userId, data: byUser.get(userId) ?? [] })),
    };
  }
}

function utcDate(time: Date): string {
  return time.toISOString().slice(0, 10);
}

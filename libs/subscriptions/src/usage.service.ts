import { Injectable } from '@nestjs/common';
import { RequestLogRepository } from '#audit';
import { UsersService } from '#users';
import { QuotaClock } from './quota/quota-clock.js';
import { DEFAULT_USAGE_DAYS, type UsageDto } from './usage.dto.js';

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
  async of(userId: string, days: number = DEFAULT_USAGE_DAYS): Promise<UsageDto> {
    const now = this.clock.now().getTime();
    const firstDay = new Date(now - (now % DAY_MS) - (days - 1) * DAY_MS);
    const data = await this.requestLog.usagePerDay(userId, firstDay);
    return { from: utcDate(firstDay), to: utcDate(new Date(now)), data };
  }

  /** The same for somebody else. @throws USER_NOT_FOUND */
  async ofOther(userId: string, days?: number): Promise<UsageDto> {
    await this.users.get(userId);
    return this.of(userId, days);
  }
}

function utcDate(time: Date): string {
  return time.toISOString().slice(0, 10);
}

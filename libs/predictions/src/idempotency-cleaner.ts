/**
 * Forgets Idempotency-Keys whose 24 hours are over, now and then: they answer for nothing any more, whether forgotten
 * or not.
 */
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { IdempotencyRepository } from './idempotency.repository.js';

const CLEAN_EVERY_MS = 60 * 60 * 1000;

@Injectable()
export class IdempotencyCleaner implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(IdempotencyCleaner.name);
  private timer: NodeJS.Timeout | undefined;
  private cleaning: Promise<void> = Promise.resolve();

  constructor(private readonly keys: IdempotencyRepository) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.cleaning = this.clean();
    }, CLEAN_EVERY_MS);
    this.timer.unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.cleaning;
  }

  private async clean(): Promise<void> {
    try {
      const forgotten = await this.keys.forgetExpired();
      if (forgotten > 0) this.logger.debug({ forgotten }, 'expired idempotency keys forgotten');
    } catch (error) {
      this.logger.warn({ err: error }, 'expired idempotency keys could not be forgotten; the next round tries again');
    }
  }
}

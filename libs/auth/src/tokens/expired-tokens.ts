/** Takes expired refresh tokens and invitations out of the database, now and then. */
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Invitations } from '../accounts/invitations.js';
import { RefreshTokenRepository } from './refresh-token.repository.js';

const EVERY_MS = 60 * 60 * 1000;

@Injectable()
export class ExpiredTokens implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(ExpiredTokens.name);
  private timer: NodeJS.Timeout | undefined;
  private cleaning: Promise<void> = Promise.resolve();

  constructor(
    private readonly refreshTokens: RefreshTokenRepository,
    private readonly invitations: Invitations,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.cleaning = this.clean().catch((error: unknown) =>
        this.logger.warn({ err: error }, 'expired tokens could not be deleted; tried again in an hour'),
      );
    }, EVERY_MS);
    this.timer.unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.cleaning;
  }

  async clean(): Promise<void> {
    const now = new Date();
    await this.refreshTokens.deleteExpired(now);
    await this.invitations.deleteExpired(now);
  }
}

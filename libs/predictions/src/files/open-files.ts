/** Files that are received and answered at once: as many as the plan admits, by whatever route they come, and as many as this process bears. */
import { Injectable } from '@nestjs/common';
import { DomainError, type Principal } from '#platform';
import { EntitlementService } from '#subscriptions';
import { predictionErrors } from '../predictions.errors.js';

/** Whoever answers other requests needs room, too. */
const MOST_OPEN = 32;

@Injectable()
export class OpenFiles {
  /** By user. */
  private readonly open = new Map<string, number>();
  private openOfAll = 0;

  constructor(private readonly entitlements: EntitlementService) {}

  /**
   * Does `work`, which receives and answers a file, if the plan admits another one now.
   * @throws STREAMS_EXCEEDED, what `work` throws
   */
  async admitted<T>({ userId }: Principal, work: () => Promise<T>): Promise<T> {
    await this.enter(userId);
    try {
      return await work();
    } finally {
      this.leave(userId);
    }
  }

  private async enter(userId: string): Promise<void> {
    const { concurrentStreams, plan } = await this.entitlements.of(userId);
    const open = this.open.get(userId) ?? 0;
    if (open >= concurrentStreams || this.openOfAll >= MOST_OPEN) {
      const detail =
        open >= concurrentStreams
          ? `The plan ${plan} admits ${concurrentStreams} files at once.`
          : `The server answers ${MOST_OPEN} files already.`;
      throw new DomainError(predictionErrors.STREAMS_EXCEEDED, detail, { headers: { 'retry-after': '1' } });
    }
    this.open.set(userId, open + 1);
    this.openOfAll += 1;
  }

  private leave(userId: string): void {
    const left = (this.open.get(userId) ?? 1) - 1;
    if (left === 0) this.open.delete(userId);
    else this.open.set(userId, left);
    this.openOfAll -= 1;
  }
}

/** What expires is deleted now and then: each lib adds its own work, and all of it is done once an hour, one after the other. */
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';

const EVERY_MS = 60 * 60 * 1000;

/** Resolves with how many were deleted. */
export type Deletion = () => Promise<number>;

@Injectable()
export class Housekeeping implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(Housekeeping.name);
  private readonly deletions = new Map<string, Deletion>();
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();

  /** @param what what is deleted, for the log: `expired invitations` */
  add(what: string, deletion: Deletion): void {
    this.deletions.set(what, deletion);
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.running = this.run();
    }, EVERY_MS).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  /** Does everything once. What fails is logged, and left to the next hour. */
  async run(): Promise<void> {
    for (const [what, deletion] of this.deletions) {
      try {
        const deleted = await deletion();
        if (deleted > 0) this.logger.debug({ deleted }, `${what} deleted`);
      } catch (error) {
        this.logger.warn({ err: error }, `${what} could not be deleted; tried again in an hour`);
      }
    }
  }
}

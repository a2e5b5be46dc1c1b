/**
 * Writes down when keys were last used: each at most once a minute, all together, after the answers that they got.
 */
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { BoundedMap } from '#platform';
import { ApiKeyRepository } from './api-key.repository.js';

const EVERY_MS = 60_000;
const GATHER_MS = 500;
const CAPACITY = 50_000;

@Injectable()
export class ApiKeyUse implements OnApplicationShutdown {
  private readonly logger = new Logger(ApiKeyUse.name);
  private readonly notedAtMs = new BoundedMap<string, number>(CAPACITY);
  private readonly waiting = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(private readonly keys: ApiKeyRepository) {}

  note(keyId: string): void {
    const nowMs = Date.now();
    if (nowMs - (this.notedAtMs.get(keyId) ?? 0) < EVERY_MS) return;
    this.notedAtMs.set(keyId, nowMs);
    this.waiting.add(keyId);
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.writing = this.write();
    }, GATHER_MS).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearTimeout(this.timer);
    await this.writing;
    await this.write();
  }

  private async write(): Promise<void> {
    const ids = [...this.waiting];
    this.waiting.clear();
    if (ids.length === 0) return;
    try {
      await this.keys.touch(ids, new Date());
    } catch (error) {
      // Not worth a retry: the next use a minute later writes it again.
      this.logger.warn({ err: error }, 'the last use of API keys could not be written');
    }
  }
}

/** The timed log of requests on counted routes: written in batches after the answers, so that it costs them nothing. */
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Metrics } from '#platform';
import type { RequestLogEntry } from './request-log.entity.js';
import { RequestLogRepository } from './request-log.repository.js';

/** A kill -9 may forget entries at most this old. */
const FLUSH_EVERY_MS = 50;
/** Entries kept while the database is away: past it new ones are dropped and counted. */
const CAPACITY = 100_000;
const BATCH_SIZE = 1_000;
const RETRY_MS = 1_000;

@Injectable()
export class RequestLog implements OnApplicationShutdown {
  private readonly logger = new Logger(RequestLog.name);
  private readonly entries: RequestLogEntry[] = [];
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> | undefined;
  private readonly dropped;

  constructor(
    private readonly repository: RequestLogRepository,
    metrics: Metrics,
  ) {
    this.dropped = metrics.counter(
      'latido_request_log_dropped_total',
      'Request log entries lost because the database was away too long',
    );
    metrics.gauge('latido_request_log_queue', 'Request log entries that wait to be written', () => this.entries.length);
  }

  append(entry: RequestLogEntry): void {
    if (this.entries.length >= CAPACITY) {
      this.dropped.inc();
      return;
    }
    this.entries.push(entry);
    this.schedule(FLUSH_EVERY_MS);
  }

  /** Resolves when all entries so far are written. @throws what the database threw. */
  async flush(): Promise<void> {
    while (this.entries.length > 0) await this.write();
  }

  async onApplicationShutdown(): Promise<void> {
    clearTimeout(this.timer);
    await this.flush().catch((error: unknown) =>
      this.logger.error(
        { err: error, lost: this.entries.length },
        'request log entries could not be written at shutdown',
      ),
    );
  }

  private schedule(delayMs: number): void {
    if (this.timer) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.write().then(
        () => this.entries.length > 0 && this.schedule(FLUSH_EVERY_MS),
        (error: unknown) => {
          // Kept and tried again: the answers are already out, and the records of predictions do not depend on it.
          this.logger.warn({ err: error, waiting: this.entries.length }, 'the request log cannot be written now');
          this.schedule(RETRY_MS);
        },
      );
    }, delayMs);
    this.timer.unref();
  }

  /** Writes all that waits, a batch at a time. One writer at once: who comes while it writes waits for it. */
  private write(): Promise<void> {
    this.writing ??= this.writeBatches().finally(() => (this.writing = undefined));
    return this.writing;
  }

  private async writeBatches(): Promise<void> {
    while (this.entries.length > 0) {
      const batch = this.entries.slice(0, BATCH_SIZE);
      await this.repository.insertMany(batch);
      this.entries.splice(0, batch.length);
    }
  }
}

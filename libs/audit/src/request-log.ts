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
  private entries: RequestLogEntry[] = [];
  private timer: NodeJS.Timeout | undefined;
  private flushing: Promise<void> | undefined;
  private readonly dropped;

  constructor(
    private readonly repository: RequestLogRepository,
    metrics: Metrics,
  ) {
    this.dropped = metrics.counter('latido_request_log_dropped_total', 'Request log entries lost because the database was away too long');
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
    while (this.flushing) await this.flushing;
    while (this.entries.length > 0) {
      const batch = this.entries.slice(0, BATCH_SIZE);
      await this.repository.insertMany(batch);
      this.entries.splice(0, batch.length);
    }
  }

  async onApplicationShutdown(): Promise<void> {
    clearTimeout(this.timer);
    await this.flush().catch((error: unknown) => this.logger.error({ err: error, lost: this.entries.length }, 'request log entries could not be written at shutdown'));
  }

  private schedule(delayMs: number): void {
    if (this.timer || this.flushing) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.flushing = this.flushBatch();
    }, delayMs);
    this.timer.unref();
  }

  private async flushBatch(): Promise<void> {
    let delayMs = FLUSH_EVERY_MS;
    try {
      const batch = this.entries.slice(0, BATCH_SIZE);
      await this.repository.insertMany(batch);
      this.entries.splice(0, batch.length);
      if (this.entries.length > 0) delayMs = 0;
    } catch (error) {
      // Kept and tried again: the answers are already out, and the records of predictions do not depend on it.
      this.logger.warn({ err: error, waiting: this.entries.length }, 'the request log cannot be written now');
      delayMs = RETRY_MS;
    } finally {
      this.flushing = undefined;
    }
    if (this.entries.length > 0) this.schedule(delayMs);
  }
}

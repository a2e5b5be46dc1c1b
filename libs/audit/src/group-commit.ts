/**
 * Group commit: requests hand over what must be durable, one writer flushes whatever has gathered as one statement, and only then
 * are they told. No delay is added when idle: the first entry is flushed at once, and those that come meanwhile form the next batch.
 */
import { DomainError } from '#platform';
import { auditErrors } from './audit.errors.js';

export interface GroupCommitOptions<T> {
  /** Writes all entries or none. */
  readonly flush: (entries: readonly T[]) => Promise<void>;
  /** Entries waiting, at most; past it `append` is refused at once. */
  readonly capacity: number;
  /** Entries in one flush, at most. */
  readonly batchSize: number;
  /** Told after each flush: how many entries, how long. */
  readonly onFlush?: (count: number, seconds: number) => void;
}

interface Waiting<T> {
  readonly entry: T;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export class GroupCommit<T> {
  private queue: Waiting<T>[] = [];
  private writing: Promise<void> | undefined;

  constructor(private readonly options: GroupCommitOptions<T>) {}

  /** Entries that wait for a flush. */
  get depth(): number {
    return this.queue.length;
  }

  /**
   * Resolves when the entry is committed.
   * @throws RECORD_OVERLOADED at once when too many wait; or what the flush threw.
   */
  append(entry: T): Promise<void> {
    if (this.queue.length >= this.options.capacity) {
      return Promise.reject(
        new DomainError(auditErrors.RECORD_OVERLOADED, 'Too many answers wait to be recorded.', {
          headers: { 'retry-after': '1' },
        }),
      );
    }
    return new Promise((resolve, reject) => {
      this.queue.push({ entry, resolve, reject });
      this.writing ??= this.write();
    });
  }

  /** Resolves when nothing waits any more. */
  async drain(): Promise<void> {
    while (this.writing) await this.writing;
  }

  private async write(): Promise<void> {
    // Requests of the same turn of the event loop share the first flush.
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (this.queue.length > 0) {
      const batch = this.queue.splice(0, this.options.batchSize);
      const startedAt = performance.now();
      try {
        await this.options.flush(batch.map((waiting) => waiting.entry));
        this.options.onFlush?.(batch.length, (performance.now() - startedAt) / 1000);
        for (const waiting of batch) waiting.resolve();
      } catch (error) {
        for (const waiting of batch) waiting.reject(error);
      }
    }
    this.writing = undefined;
  }
}

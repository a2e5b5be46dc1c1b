/**
 * Group commit: requests hand over what must be durable, one writer flushes whatever has gathered, and only then are they
 * told. No delay is added when idle: the first entry is flushed at once, and those that come meanwhile form the next batch.
 *
 * Nobody waits for long: what would not fit is refused at once, and what is not committed in time is refused then. Such an
 * entry may still be written afterwards, if it was on its way.
 */
import { DomainError } from '#platform';
import { auditErrors } from './audit.errors.js';

export interface GroupCommitOptions<T> {
  /** Writes all entries or none; an entry of which it answers false is told so (it was not to be written). */
  readonly flush: (entries: readonly T[]) => Promise<ReadonlySet<T> | void>;
  /** What bounds the entries that wait or are on their way: how many, and how much they weigh together. */
  readonly capacity: { readonly count: number; readonly weight: number };
  /** What one flush takes at most; an entry of a larger weight goes alone. */
  readonly batch: { readonly count: number; readonly weight: number };
  readonly weightOf: (entry: T) => number;
  /** An entry that is not committed after this long is refused. */
  readonly patienceMs: number;
  /** Told when a flush has taken so long that everybody in it was refused, so that it can be given up. */
  readonly onStuck?: () => void;
  /** Told after each flush: how many entries, how long. */
  readonly onFlush?: (count: number, seconds: number) => void;
}

interface Waiting<T> {
  readonly entry: T;
  readonly weight: number;
  readonly sinceMs: number;
  readonly resolve: (written: boolean) => void;
  readonly reject: (error: unknown) => void;
  settled: boolean;
}

/** How often it is looked whether somebody has waited too long. */
const LOOK_EVERY_MS = 100;
/** A flush is given up when it has taken so many times the patience of those in it. */
const STUCK_FACTOR = 2;

export class GroupCommit<T> {
  private queue: Waiting<T>[] = [];
  private inFlight: readonly Waiting<T>[] = [];
  private weight = 0;
  private writing: Promise<void> | undefined;
  private flushedSinceMs = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: GroupCommitOptions<T>) {}

  /** Entries that wait or are on their way. */
  get depth(): number {
    return this.queue.length + this.inFlight.length;
  }

  /**
   * Resolves when the entry is committed: with false if `flush` found that it was not to be written.
   * @throws RECORD_OVERLOADED at once when too much waits, or when it waited too long; or what the flush threw.
   */
  append(entry: T): Promise<boolean> {
    const weight = this.options.weightOf(entry);
    const { count, weight: most } = this.options.capacity;
    if (this.depth >= count || (this.weight > 0 && this.weight + weight > most)) {
      return Promise.reject(overloaded('Too many answers wait to be recorded.'));
    }
    return new Promise((resolve, reject) => {
      this.queue.push({ entry, weight, sinceMs: performance.now(), resolve, reject, settled: false });
      this.weight += weight;
      this.writing ??= this.write();
      this.timer ??= setInterval(() => this.lookOut(), LOOK_EVERY_MS).unref();
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
      const batch = this.take();
      this.inFlight = batch;
      this.flushedSinceMs = performance.now();
      try {
        const skipped = await this.options.flush(batch.map((waiting) => waiting.entry));
        this.options.onFlush?.(batch.length, (performance.now() - this.flushedSinceMs) / 1000);
        for (const waiting of batch) if (!waiting.settled) waiting.resolve(!skipped?.has(waiting.entry));
      } catch (error) {
        for (const waiting of batch) if (!waiting.settled) waiting.reject(error);
      }
      for (const { weight } of batch) this.weight -= weight;
      this.inFlight = [];
    }
    this.writing = undefined;
  }

  private take(): Waiting<T>[] {
    const { count, weight: most } = this.options.batch;
    let [end, weight] = [0, 0];
    while (end < this.queue.length && end < count) {
      weight += this.queue[end]!.weight;
      if (end > 0 && weight > most) break;
      end += 1;
    }
    if (end < this.queue.length) return this.queue.splice(0, end);
    const all = this.queue;
    this.queue = [];
    return all;
  }

  /** Ends by itself when nobody waits: made anew for each flush it would cost an answer that comes alone. */
  private lookOut(): void {
    if (this.depth > 0) return this.refuseOverdue();
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private refuseOverdue(): void {
    const nowMs = performance.now();
    const overdueSinceMs = nowMs - this.options.patienceMs;
    // Both are in the order of their coming.
    for (const waiting of this.inFlight) {
      if (waiting.sinceMs > overdueSinceMs) break;
      refuse(waiting);
    }
    let overdue = 0;
    while (overdue < this.queue.length && this.queue[overdue]!.sinceMs <= overdueSinceMs) overdue += 1;
    for (const waiting of this.queue.splice(0, overdue)) {
      this.weight -= waiting.weight;
      refuse(waiting);
    }
    if (this.inFlight.length > 0 && nowMs - this.flushedSinceMs > STUCK_FACTOR * this.options.patienceMs)
      this.options.onStuck?.();
  }
}

function refuse<T>(waiting: Waiting<T>): void {
  if (waiting.settled) return;
  waiting.settled = true;
  waiting.reject(overloaded('The answer could not be recorded in time.'));
}

function overloaded(detail: string): DomainError {
  return new DomainError(auditErrors.RECORD_OVERLOADED, detail, { headers: { 'retry-after': '1' } });
}

/**
 * The processes that answer: started one by one by the primary, started again when they end, and stopped together. Built on Node's
 * own cluster module, which hands the connections of the one port to them in turn.
 */
import cluster, { type Worker } from 'node:cluster';
import { EventEmitter, once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Logger as Pino } from 'pino';

const MAIN = fileURLToPath(new URL('../main.js', import.meta.url));

/** Between a worker's end and its successor's start: doubles each time one ends soon after it was started. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
/** One that lived so long ended for a reason of its own. */
const SETTLED_MS = 10_000;
/** So many starts in a row that came to nothing, and nobody who answers: it is not going to work. */
const HOPELESS_STARTS = 5;
/** Workers end by themselves sooner, whatever they are busy with. */
const STOP_WITHIN_MS = 8_500;

/** A worker ended before it answered; it has said why on standard error, unless a signal ended it. */
export class WorkerStartError extends Error {
  constructor(
    readonly code: number | null,
    readonly signal: string | null,
  ) {
    super(signal === null ? `a worker ended with ${code} before it answered` : `a worker was ended by ${signal}`);
  }
}

export interface WorkersOptions {
  readonly count: number;
  /** At which they listen beside the one that they answer. */
  readonly otherPorts: readonly number[];
  /** Added to this process's own for the workers: how they reach what this process has started. */
  readonly environment: Record<string, string>;
  readonly log: Pino;
  readonly onStart: (worker: Worker) => void;
}

export class Workers {
  /** Workers that were replaced. */
  restarts = 0;
  private readonly running = new Set<Worker>();
  private readonly answering = new Set<Worker>();
  private readonly events = new EventEmitter<{ hopeless: [WorkerStartError] }>();
  private failedStarts = 0;
  private readonly stopping = new AbortController();

  constructor(private readonly options: WorkersOptions) {
    cluster.setupPrimary({
      exec: MAIN,
      args: [],
      execArgv: [...new Set([...process.execArgv, '--enable-source-maps'])],
    });
  }

  /** How many answer now. */
  get size(): number {
    return this.answering.size;
  }

  /** Rejects when workers cannot be started any more and none is left. */
  async failure(): Promise<never> {
    const [error] = (await once(this.events, 'hopeless')) as [WorkerStartError];
    throw error;
  }

  /**
   * Starts all and answers their port. The first one alone: what a start does for all of them (registering models, filling Redis)
   * it has then done, and what keeps one from starting is said once.
   * @throws WorkerStartError
   */
  async start(): Promise<number> {
    const port = await this.startOne();
    await Promise.all(Array.from({ length: this.options.count - 1 }, () => this.startOne()));
    return port;
  }

  /** Ends all, and answers whether they did so by themselves. */
  async stop(): Promise<boolean> {
    this.stopping.abort();
    const all = [...this.running];
    if (all.length === 0) return true;
    const ended = Promise.all(all.map((worker) => once(worker, 'exit')));
    for (const worker of all) worker.process.kill('SIGTERM');
    const inTime = await Promise.race([ended.then(() => true), sleep(STOP_WITHIN_MS, false, { ref: false })]);
    for (const worker of this.running) worker.process.kill('SIGKILL');
    await ended;
    return inTime;
  }

  /** Resolves with its port when the worker answers; from then on its end brings another one. */
  private async startOne(): Promise<number> {
    this.stopping.signal.throwIfAborted();
    const worker = cluster.fork(this.options.environment);
    const startedAtMs = performance.now();
    this.running.add(worker);
    this.options.onStart(worker);
    return new Promise<number>((resolve, reject) => {
      worker.on('listening', ({ port }) => {
        if (this.options.otherPorts.includes(port)) return;
        this.answering.add(worker);
        resolve(port);
      });
      worker.once('exit', (code: number | null, signal: string | null) => {
        this.running.delete(worker);
        if (this.answering.delete(worker)) this.replace(worker, performance.now() - startedAtMs, code, signal);
        else reject(new WorkerStartError(code, signal));
      });
    });
  }

  private replace(worker: Worker, livedMs: number, code: number | null, signal: string | null): void {
    if (this.stopping.signal.aborted) return;
    if (livedMs > SETTLED_MS) this.failedStarts = 0;
    this.options.log.error({ worker: worker.id, code, signal }, 'a worker ended; another one takes its place');
    this.restarts += 1;
    void this.startAgain();
  }

  private async startAgain(): Promise<void> {
    for (;;) {
      const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** this.failedStarts, LONGEST_PAUSE_MS);
      this.failedStarts += 1;
      try {
        await sleep(pauseMs, undefined, { signal: this.stopping.signal });
        await this.startOne();
        return;
      } catch (error) {
        if (this.stopping.signal.aborted) return;
        if (!(error instanceof WorkerStartError)) throw error;
        this.options.log.error({ code: error.code, signal: error.signal }, 'a worker could not be started');
        if (this.size === 0 && this.failedStarts >= HOPELESS_STARTS) {
          this.events.emit('hopeless', error);
          return;
        }
      }
    }
  }
}

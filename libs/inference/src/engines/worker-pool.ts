/**
 * Worker threads for runs that would hold up the event loop. Threads start when there is something to do, open a model
 * when they first meet it, and run one batch at a time, so that one that ends takes no other request with it.
 */
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { DomainError } from '#platform';
import { inferenceErrors } from '../inference.errors.js';
import type { TensorBatch } from '../tensor-batch.js';
import { workerProgram } from '../worker-program.js';
import type { SentSource, WorkerReply, WorkerRequest } from './kernel-messages.js';
import { KernelError, type KernelSource } from './model-kernel.js';
import { InlineRuns } from './run-cost.js';

/** Runs that wait, at most; more than this would be answered when nobody waits any longer. */
const mostWaiting = 256;
/** Within the time that the server has to stop. */
const longestCloseMs = 6_000;

export interface WorkerPoolOptions {
  /** Threads at most; default: one less than there are processors, and one at least. */
  readonly size?: number;
  /** The threads' program; tests use others. */
  readonly program?: URL;
}

/** A model that workers may open. */
export interface PooledModel {
  readonly id: number;
  /** Its bytes, if it is held as such, are moved into shared memory when the first thread opens them. */
  source: KernelSource;
  /** Told how long each run took in its thread. */
  readonly onRun?: (batch: TensorBatch, ms: number) => void;
}

interface Task {
  readonly run: number;
  readonly model: PooledModel;
  readonly batch: TensorBatch;
  readonly resolve: (outputs: (Float32Array | undefined)[]) => void;
  readonly reject: (error: Error) => void;
}

/** A thread and what it holds. */
class PoolWorker {
  readonly models = new Set<number>();
  task: Task | undefined;

  constructor(readonly thread: Worker) {}

  send(request: WorkerRequest): void {
    this.thread.postMessage(request);
  }
}

/** Threads that are inside a run now, of all pools. */
const computing = new Set<PoolWorker>();

/**
 * ONNX Runtime aborts the process, with a message and a core dump, when a thread is ended while it computes, and Node ends
 * all threads when the process exits. By then everything else is done: the process ends itself first.
 */
function endBeforeAbort(): void {
  if (computing.size > 0) process.kill(process.pid, 'SIGKILL');
}

export class WorkerPool {
  readonly size: number;
  /** What the server's own thread runs meanwhile. */
  readonly inline = new InlineRuns();
  private readonly program: URL;
  private readonly workers = new Set<PoolWorker>();
  private readonly waiting: Task[] = [];
  private closed = false;
  private lastModel = 0;
  private lastRun = 0;

  constructor({ size, program }: WorkerPoolOptions = {}) {
    this.size = size ?? Math.max(1, availableParallelism() - 1);
    this.program = program ?? workerProgram('engines/kernel-worker.js');
  }

  /** Makes a model known; nothing is opened yet. */
  add(source: KernelSource, onRun?: PooledModel['onRun']): PooledModel {
    this.lastModel += 1;
    return { id: this.lastModel, source, ...(onRun && { onRun }) };
  }

  /** Whether another run would be refused. */
  get isFull(): boolean {
    return this.waiting.length >= mostWaiting;
  }

  /** How many threads hold the model in memory. */
  copies({ id }: PooledModel): number {
    let copies = 0;
    for (const { models } of this.workers) if (models.has(id)) copies += 1;
    return copies;
  }

  /**
   * Runs a batch in a thread. Throws `KernelError` as the model does, `INFERENCE_BUSY` when too many runs wait, and
   * `INFERENCE_INTERRUPTED` when the thread or the server ends.
   */
  run(model: PooledModel, batch: TensorBatch): Promise<(Float32Array | undefined)[]> {
    if (this.closed) return Promise.reject(interrupted('the server is stopping'));
    if (this.isFull) {
      const message = `${this.waiting.length} runs wait for a worker thread already.`;
      return Promise.reject(
        new DomainError(inferenceErrors.INFERENCE_BUSY, message, { headers: { 'retry-after': '1' } }),
      );
    }
    return new Promise((resolve, reject) => {
      this.lastRun += 1;
      this.waiting.push({ run: this.lastRun, model, batch, resolve, reject });
      this.dispatch();
    });
  }

  /** Lets the threads forget a model that nothing runs on. */
  drop({ id }: PooledModel): void {
    for (const worker of this.workers) if (worker.models.delete(id)) worker.send({ type: 'drop', model: id });
  }

  /** Ends all threads. What runs is finished, or left to itself where it takes too long; what waits is refused. */
  async close(): Promise<void> {
    this.closed = true;
    for (const task of this.waiting.splice(0)) task.reject(interrupted('the server is stopping'));
    await Promise.all([...this.workers].map((worker) => this.end(worker)));
  }

  private async end(worker: PoolWorker): Promise<void> {
    const ended = new Promise<void>((resolve) => worker.thread.once('exit', () => resolve()));
    worker.send({ type: 'close' });
    worker.thread.ref();
    await Promise.race([ended, sleep(longestCloseMs, undefined, { ref: false })]);
    if (this.workers.has(worker) && !computing.has(worker)) await worker.thread.terminate();
  }

  private dispatch(): void {
    while (this.waiting.length > 0) {
      const worker = this.idleWorker((this.waiting[0] as Task).model);
      if (!worker) return;
      this.start(worker, this.waiting.shift() as Task);
    }
  }

  /** One that holds the model, else any, else a new one. */
  private idleWorker({ id }: PooledModel): PoolWorker | undefined {
    const idle = [...this.workers].filter(({ task }) => task === undefined);
    const found = idle.find(({ models }) => models.has(id)) ?? idle[0];
    return found ?? (this.workers.size < this.size ? this.startWorker() : undefined);
  }

  private start(worker: PoolWorker, task: Task): void {
    const { run, model } = task;
    worker.task = task;
    computing.add(worker);
    // A thread keeps the process alive only while somebody waits for it.
    worker.thread.ref();
    const batch = inSharedMemory(task.batch);
    const send = (source?: SentSource): void =>
      worker.send({ type: 'run', run, model: model.id, ...(source && { source }), batch });
    if (worker.models.has(model.id)) {
      send();
      return;
    }
    worker.models.add(model.id);
    const source = sentSource(model);
    if (!(source instanceof Promise)) send(source);
    else source.then(send, (error: Error) => this.finish(worker, run, () => fail(worker, task, error)));
  }

  private startWorker(): PoolWorker {
    if (!process.listeners('exit').includes(endBeforeAbort)) process.on('exit', endBeforeAbort);
    const worker = new PoolWorker(new Worker(this.program, { name: 'latido-inference', execArgv: [] }));
    this.workers.add(worker);
    let reason: unknown;
    worker.thread.on('message', (reply: WorkerReply) => {
      this.finish(worker, reply.run, (task) => answer(worker, task, reply));
    });
    worker.thread.on('error', (error) => (reason = error));
    worker.thread.on('exit', (code) => this.lose(worker, reason ?? new Error(`it ended with code ${code}`)));
    return worker;
  }

  private finish(worker: PoolWorker, run: number, settle: (task: Task) => void): void {
    const { task } = worker;
    if (task?.run !== run) return;
    worker.task = undefined;
    computing.delete(worker);
    // Who closes the pool waits for the thread's end.
    if (!this.closed) worker.thread.unref();
    settle(task);
    this.dispatch();
  }

  /** A thread has ended: its run fails, and the next one starts another thread. */
  private lose(worker: PoolWorker, reason: unknown): void {
    this.workers.delete(worker);
    computing.delete(worker);
    worker.task?.reject(interrupted('the worker thread ended', reason));
    worker.task = undefined;
    this.dispatch();
  }
}

function answer(worker: PoolWorker, task: Task, reply: WorkerReply): void {
  if ('outputs' in reply) {
    task.model.onRun?.(task.batch, reply.ms);
    task.resolve(reply.outputs);
    return;
  }
  const { kind, message } = reply.failure;
  const error = kind ? new KernelError(kind, message) : interrupted(message);
  if (reply.loaded) task.reject(error);
  else fail(worker, task, error);
}

/** The thread does not hold the model. */
function fail(worker: PoolWorker, task: Task, error: Error): void {
  worker.models.delete(task.model.id);
  task.reject(error);
}

/** The file where it is now, or the bytes, which from then on are in shared memory and nowhere else. */
function sentSource(model: PooledModel): SentSource | Promise<SentSource> {
  const { engine, content } = model.source;
  if (!(content instanceof Uint8Array)) return content.path().then((path) => ({ engine, content: path }));
  const bytes = content.buffer instanceof SharedArrayBuffer ? content : shared(content);
  model.source = { engine, content: bytes };
  return { engine, content: bytes };
}

/** In memory that threads share, so that no thread gets a copy of its own sent. */
function shared(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length));
  copy.set(bytes);
  return copy;
}

/** As it is, but in shared memory: sending values otherwise takes ten times as long, in the server's own thread. */
function inSharedMemory({ rows, tensors }: TensorBatch): TensorBatch {
  const sent = tensors.map(({ values, ...tensor }) => {
    const copy = new Float32Array(new SharedArrayBuffer(values.byteLength));
    copy.set(values);
    return { ...tensor, values: copy };
  });
  return { rows, tensors: sent };
}

function interrupted(detail: string, cause?: unknown): DomainError {
  return new DomainError(inferenceErrors.INFERENCE_INTERRUPTED, `Nothing was computed: ${detail}.`, {
    headers: { 'retry-after': '1' },
    cause,
  });
}

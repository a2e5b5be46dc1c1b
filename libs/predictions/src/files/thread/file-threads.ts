/**
 * Threads that read files, started when the first file comes: parsing and writing text takes most of the time of a file, and must not
 * take it from those who wait for an answer of one row.
 */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { DomainError, Metrics, pointerToken } from '#platform';
import { predictionErrors } from '../../predictions.errors.js';
import type { SealedRows } from '../../record/sealed-rows.js';
import type { ChunkResults } from '../csv/answer-writer.js';
import type { FilePlan } from '../csv/file-plan.js';
import type { FromThread, ToThread, TypedChunk } from './thread-messages.js';
import { fileThreadProgram } from './thread-program.js';

/** More would only take processors from those who score what the threads read. */
const MOST_THREADS = Math.max(1, Math.min(4, availableParallelism() - 1));
/** What V8 may keep before it collects: a thread's garbage is short-lived, and must not make the server grow. */
const HEAP = { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 128 };
/** Bytes on their way to a thread, of one file, and chunks that come back and wait to be asked for. */
const MOST_UNREAD_BYTES = 256 * 1024;
const MOST_READY = 8;

interface FileThread {
  readonly worker: Worker;
  readonly files: Map<number, FileSession>;
}

export interface WrittenAnswer {
  readonly csv: Uint8Array;
  readonly rows: SealedRows;
}

interface Waiting<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
}

/** A file that a thread reads. What is asked for after a failure fails with it. */
export class FileSession {
  private header: string | undefined;
  private readonly chunks: TypedChunk[] = [];
  private ended = false;
  private failure: Error | undefined;
  private stopped: { readonly error: unknown } | undefined;
  private unreadBytes = 0;
  private waitingForChunk: Waiting<TypedChunk | undefined> | undefined;
  private waitingForRoom: Waiting<void> | undefined;
  private readonly writing = new Map<number, Waiting<WrittenAnswer>>();

  constructor(
    private readonly send: (message: ToThread, transfer?: ArrayBuffer[]) => void,
    readonly number: number,
    private readonly onClose: () => void,
  ) {}

  /** First row of the answer; there once there is a chunk. */
  get headerText(): string {
    return this.header ?? '';
  }

  /** Hands over bytes, which are copied; resolves when more may come. */
  async push(bytes: Buffer): Promise<void> {
    if (this.failure) throw this.failure;
    if (this.stopped) throw this.stopped.error;
    const copy = new Uint8Array(bytes);
    this.unreadBytes += copy.byteLength;
    this.send({ type: 'bytes', file: this.number, bytes: copy }, [copy.buffer]);
    if (this.hasRoom) return;
    await new Promise<void>((resolve, reject) => (this.waitingForRoom = { resolve, reject }));
  }

  /** There are no more bytes. */
  end(): void {
    this.send({ type: 'end', file: this.number });
  }

  /** The next chunk, undefined after the last. @throws FILE_INVALID where the file cannot be scored */
  next(): Promise<TypedChunk | undefined> {
    if (this.stopped) return Promise.reject(this.stopped.error);
    const chunk = this.chunks.shift();
    if (this.hasRoom) this.settleRoom();
    if (chunk) return Promise.resolve(chunk);
    if (this.failure) return Promise.reject(this.failure);
    if (this.ended) return Promise.resolve(undefined);
    return new Promise((resolve, reject) => (this.waitingForChunk = { resolve, reject }));
  }

  private get hasRoom(): boolean {
    return this.unreadBytes <= MOST_UNREAD_BYTES && this.chunks.length < MOST_READY;
  }

  write(chunk: number, results: ChunkResults): Promise<WrittenAnswer> {
    if (this.failure) return Promise.reject(this.failure);
    return new Promise((resolve, reject) => {
      this.writing.set(chunk, { resolve, reject });
      this.send({ type: 'results', file: this.number, chunk, results });
    });
  }

  /** No more of the file is wanted: `push` and `next` fail from now on. What was handed out can still be written. */
  stop(error: unknown): void {
    this.stopped ??= { error };
    this.waitingForChunk?.reject(error);
    this.waitingForRoom?.reject(error);
    this.waitingForChunk = this.waitingForRoom = undefined;
  }

  skip(chunk: number): void {
    this.send({ type: 'skip', file: this.number, chunk });
  }

  close(): void {
    this.fail(new Error('the file was closed'));
    this.send({ type: 'close', file: this.number });
    this.onClose();
  }

  /** What the thread says of this file. */
  take(message: FromThread): void {
    switch (message.type) {
      case 'header':
        this.header = message.text;
        break;
      case 'chunk':
        if (this.waitingForChunk) this.settleChunk(message.chunk);
        else this.chunks.push(message.chunk);
        break;
      case 'read':
        this.unreadBytes -= message.length;
        if (this.hasRoom) this.settleRoom();
        break;
      case 'ended':
        this.ended = true;
        if (this.waitingForChunk) this.settleChunk(undefined);
        break;
      case 'written': {
        const { chunk, csv, rows } = message;
        this.writing.get(chunk)?.resolve({ csv, rows });
        this.writing.delete(chunk);
        break;
      }
      case 'failed':
        this.fail(message.columns ? fileInvalid(message.message, message.columns) : new Error(message.message));
    }
  }

  fail(error: Error): void {
    this.failure ??= error;
    this.waitingForChunk?.reject(this.failure);
    this.waitingForRoom?.reject(this.failure);
    for (const { reject } of this.writing.values()) reject(this.failure);
    this.writing.clear();
    this.waitingForChunk = this.waitingForRoom = undefined;
  }

  private settleChunk(chunk: TypedChunk | undefined): void {
    const { waitingForChunk } = this;
    this.waitingForChunk = undefined;
    waitingForChunk?.resolve(chunk);
  }

  private settleRoom(): void {
    const { waitingForRoom } = this;
    this.waitingForRoom = undefined;
    waitingForRoom?.resolve();
  }
}

export function fileInvalid(message: string, columns: readonly { name: string; detail: string }[] = []): DomainError {
  const errors = columns.map(({ name, detail }) => ({ pointer: `/${pointerToken(name)}`, detail }));
  return new DomainError(predictionErrors.FILE_INVALID, message, errors.length > 0 ? { errors } : {});
}

@Injectable()
export class FileThreads implements OnApplicationShutdown {
  private readonly threads = new Set<FileThread>();
  private lastFile = 0;

  constructor(metrics: Metrics) {
    metrics.gauge('latido_files_open', 'CSV files that are being scored', () =>
      [...this.threads].reduce((sum, { files }) => sum + files.size, 0),
    );
  }

  /** The thread with the fewest files reads it. */
  open(plan: FilePlan): FileSession {
    const thread = this.thread();
    const file = (this.lastFile += 1);
    const session = new FileSession(
      (message, transfer) => thread.worker.postMessage(message, transfer),
      file,
      () => {
        thread.files.delete(file);
        if (thread.files.size === 0) thread.worker.unref();
      },
    );
    thread.files.set(file, session);
    thread.worker.ref();
    thread.worker.postMessage({ type: 'open', file, plan } satisfies ToThread);
    return session;
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.threads].map(({ worker }) => worker.terminate()));
  }

  private thread(): FileThread {
    const [idlest] = [...this.threads].sort((a, b) => a.files.size - b.files.size);
    if (idlest && (idlest.files.size === 0 || this.threads.size >= MOST_THREADS)) return idlest;
    return this.start();
  }

  private start(): FileThread {
    const worker = new Worker(fileThreadProgram(), { name: 'latido-files', execArgv: [], resourceLimits: HEAP });
    const thread: FileThread = { worker, files: new Map() };
    this.threads.add(thread);
    worker.unref();
    worker.on('message', (message: FromThread) => thread.files.get(message.file)?.take(message));
    let reason: Error | undefined;
    worker.on('error', (error: Error) => (reason = error));
    worker.on('exit', () => {
      this.threads.delete(thread);
      const lost = reason ?? new Error('the thread that read the file ended');
      for (const session of thread.files.values()) session.fail(lost);
    });
    return thread;
  }
}

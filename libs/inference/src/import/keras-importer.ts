/**
 * Reads Keras files in a thread of their own, so that a hostile one costs no more time and memory than configured and the
 * server goes on answering meanwhile.
 */
import { Worker } from 'node:worker_threads';
import {
  buildKerasGraph,
  KerasImportError,
  type ImportLimits,
  type KerasContents,
  type KerasGraph,
  type KerasRefusal,
} from '#keras';
import { workerProgram } from '../worker-program.js';
import {
  tooMuchMemory,
  tooSlow,
  type ImportAnswer,
  type ImportRefusal,
  type ImportRequest,
} from './import-messages.js';

export interface KerasImporterOptions {
  /** Wall clock for one file; then it is refused as `too-slow`. */
  readonly timeoutMs: number;
  /** What importing one file may add to the memory of the process, beside `memoryPerFileByte`. */
  readonly memoryBytes: number;
  /** How much more a larger file may take: its bytes, the HDF5 library's and the weights' are there at once. */
  readonly memoryPerFileByte: number;
  /** An idle thread is ended, as it keeps the memory of the HDF5 library. */
  readonly idleMs: number;
}

const defaultImporterOptions: KerasImporterOptions = {
  timeoutMs: 30_000,
  memoryBytes: 192 * 1024 * 1024,
  memoryPerFileByte: 6,
  idleMs: 5_000,
};

/** Far above what `memoryBytes` allows: V8 may end the whole process where a thread's heap overflows. */
const heapMegabytes = 1024;
/** What the HDF5 library takes before it opens a file, and for its own work; a file's share comes on top. */
const wasmBaseBytes = 64 * 1024 * 1024;
const wasmPerFileByte = 4;
const watchIntervalMs = 20;
/** After these the thread may still be at work, or the HDF5 library in disorder: the next file is read by a fresh one. */
const disorderly: ReadonlySet<KerasRefusal> = new Set([
  'too-slow',
  'too-much-memory',
  'corrupt-hdf5',
  'external-storage',
]);

export class KerasImporter {
  private options: KerasImporterOptions;
  private worker?: Worker;
  private idle?: NodeJS.Timeout;
  /** Ends when the last import has: one file at a time, so that limits are those of one file. */
  private queue: Promise<unknown> = Promise.resolve();

  constructor(options: Partial<KerasImporterOptions> = {}) {
    this.options = { ...defaultImporterOptions, ...options };
  }

  /** Holds for the files that are asked for from now on. */
  configure(options: Partial<KerasImporterOptions>): void {
    this.options = { ...this.options, ...options };
  }

  /** The graph of a file. Throws `KerasImportError` for every file that is not read, `too-slow` and `too-much-memory` among them. */
  async import(bytes: Uint8Array, limits: Partial<ImportLimits> = {}): Promise<KerasGraph> {
    return buildKerasGraph(await this.read(bytes, limits), limits);
  }

  /** What `import` makes its graph of. Throws as `import`. */
  async read(bytes: Uint8Array, limits: Partial<ImportLimits> = {}): Promise<KerasContents> {
    const answer = await this.ask({ task: 'read', bytes, limits });
    if ('contents' in answer) return answer.contents;
    throw new Error('The importing thread answered another question.');
  }

  /** Everything in a file that is not read, where `import` names the first; empty for a file that is. */
  async listRefusals(bytes: Uint8Array, limits: Partial<ImportLimits> = {}): Promise<readonly KerasImportError[]> {
    try {
      const answer = await this.ask({ task: 'list-refusals', bytes, limits });
      if ('refusals' in answer) return answer.refusals.map(asError);
    } catch (error) {
      if (error instanceof KerasImportError) return [error];
      throw error;
    }
    throw new Error('The importing thread answered another question.');
  }

  /** Ends the thread once the imports that were asked for have ended. A later import starts another. */
  async close(): Promise<void> {
    await this.queue;
    await this.endWorker();
  }

  private ask(question: Question): Promise<ImportAnswer> {
    const turn = this.queue.then(() => this.askNow(question));
    this.queue = turn.catch(() => undefined);
    return turn;
  }

  private async askNow(question: Question): Promise<ImportAnswer> {
    clearTimeout(this.idle);
    this.worker ??= this.startedWorker();
    let answer: ImportAnswer;
    try {
      answer = await this.askWorker(this.worker, question);
    } catch (error) {
      await this.endWorker();
      throw error;
    }
    if ('refusal' in answer && disorderly.has(answer.refusal.code)) await this.endWorker();
    else this.idle = setTimeout(() => void this.endWorker(), this.options.idleMs).unref();
    if ('refusal' in answer) throw asError(answer.refusal);
    return answer;
  }

  /** Rejects when the thread fails for a reason that is not the file's. */
  private askWorker(worker: Worker, question: Question): Promise<ImportAnswer> {
    const { timeoutMs } = this.options;
    const { length } = question.bytes;
    const maxGrowth = this.options.memoryBytes + this.options.memoryPerFileByte * length;
    const maxMemory = process.memoryUsage.rss() + maxGrowth;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => settle(tooSlow(timeoutMs)), timeoutMs);
      // Neither the heap nor buffers have a bound that is safe to run into; WebAssembly has one in the thread.
      const watch = setInterval(() => {
        if (process.memoryUsage.rss() > maxMemory) settle(tooMuchMemory(maxGrowth));
      }, watchIntervalMs);
      const settle = (outcome: ImportAnswer | Error): void => {
        clearTimeout(timer);
        clearInterval(watch);
        for (const [event, listener] of Object.entries(listeners)) worker.off(event, listener);
        worker.unref();
        if (outcome instanceof Error) reject(outcome);
        else resolve(outcome);
      };
      const listeners = {
        message: (answer: ImportAnswer) => settle(answer),
        messageerror: (error: Error) => settle(error),
        error: (error: Error & { code?: string }) =>
          settle(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? tooMuchMemory(maxGrowth) : error),
        exit: (code: number) => settle(new Error(`The importing thread ended with code ${code}.`)),
      };
      for (const [event, listener] of Object.entries(listeners)) worker.on(event, listener);
      worker.ref();
      const request: ImportRequest = { ...question, maxWasmBytes: wasmBaseBytes + wasmPerFileByte * length };
      worker.postMessage(request);
    });
  }

  private startedWorker(): Worker {
    const worker = startWorker();
    // A thread that fails while nobody waits has failed for nobody, but none shall be asked that has ended.
    worker.on('error', () => undefined);
    worker.once('exit', () => {
      if (this.worker === worker) delete this.worker;
    });
    return worker;
  }

  private async endWorker(): Promise<void> {
    const worker = this.worker;
    delete this.worker;
    clearTimeout(this.idle);
    await worker?.terminate();
  }
}

type Question = Omit<ImportRequest, 'maxWasmBytes'>;

function asError({ code, message, layer }: ImportRefusal): KerasImportError {
  return new KerasImportError(code, message, layer);
}

/** The importer of this process. */
export const kerasImporter = new KerasImporter();

function startWorker(): Worker {
  const worker = new Worker(workerProgram('import/import-worker.js'), {
    name: 'latido-import',
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: heapMegabytes, maxYoungGenerationSizeMb: 16 },
  });
  worker.unref();
  return worker;
}

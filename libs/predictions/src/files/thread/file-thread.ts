/** The program of a thread that reads files and writes their answers: between text and numbers, and nothing else. */
import { parentPort } from 'node:worker_threads';
import { AnswerWriter, type ChunkResults } from '../csv/answer-writer.js';
import { FileFault, type FilePlan } from '../csv/file-plan.js';
import { RowChunks, type RowChunk } from '../csv/row-chunks.js';
import type { FromThread, ToThread } from './thread-messages.js';

const port = parentPort;
if (!port) throw new Error('this is the program of a thread');

function send(message: FromThread, transfer: ArrayBuffer[] = []): void {
  port!.postMessage(message, transfer);
}

/** One file: what is asked of it is done in its order. */
class OpenFile {
  private readonly chunks: RowChunks;
  private readonly waiting = new Map<number, RowChunk>();
  private writer: AnswerWriter | undefined;
  private work: Promise<void> = Promise.resolve();
  private failed = false;

  constructor(
    private readonly file: number,
    private readonly plan: FilePlan,
  ) {
    this.chunks = new RowChunks(plan, (chunk) => this.hand(chunk));
  }

  read(bytes: Uint8Array): void {
    this.then(async () => {
      await this.chunks.read(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
      send({ type: 'read', file: this.file, length: bytes.byteLength });
    });
  }

  end(): void {
    this.then(async () => {
      await this.chunks.end();
      send({ type: 'ended', file: this.file });
    });
  }

  skip(number: number): void {
    this.waiting.delete(number);
  }

  write(number: number, results: ChunkResults): void {
    const chunk = this.waiting.get(number);
    if (!chunk || !this.writer) return;
    this.waiting.delete(number);
    const { csv, rows } = this.writer.write(chunk, results);
    send({ type: 'written', file: this.file, chunk: number, csv, rows }, [
      csv.buffer as ArrayBuffer,
      rows.content.buffer as ArrayBuffer,
      rows.digests.buffer as ArrayBuffer,
    ]);
  }

  private hand(chunk: RowChunk): void {
    if (!this.writer) {
      this.writer = new AnswerWriter(this.plan, this.chunks.dialect!);
      send({ type: 'header', file: this.file, text: this.writer.header() });
    }
    const { number, first, count, bytes, columns, subjects, faults } = chunk;
    this.waiting.set(number, chunk);
    send({ type: 'chunk', file: this.file, chunk: { number, first, count, bytes, columns, subjects, faults } });
  }

  private then(work: () => Promise<void>): void {
    this.work = this.work.then(() => (this.failed ? undefined : work())).catch((error: unknown) => this.fail(error));
  }

  fail(error: unknown): void {
    if (this.failed) return;
    this.failed = true;
    fail(this.file, error);
  }
}

function fail(file: number, error: unknown): void {
  const fault = error instanceof FileFault ? { columns: error.columns } : {};
  send({ type: 'failed', file, message: (error as Error).message, ...fault });
}

const files = new Map<number, OpenFile>();

port.on('message', (message: ToThread) => {
  const file = files.get(message.file);
  try {
    if (message.type === 'open') files.set(message.file, new OpenFile(message.file, message.plan));
    else if (message.type === 'close') files.delete(message.file);
    else if (message.type === 'bytes') file?.read(message.bytes);
    else if (message.type === 'end') file?.end();
    else if (message.type === 'skip') file?.skip(message.chunk);
    else file?.write(message.chunk, message.results);
  } catch (error) {
    if (file) file.fail(error);
    else fail(message.file, error);
  }
});

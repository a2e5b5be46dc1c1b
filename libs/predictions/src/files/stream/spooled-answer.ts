/**
 * An answer that is written faster than it is read, because many clients send all before they read anything. A megabyte of it waits in
 * memory, more in a file of bounded size that is used round and round; nobody finds it by a name.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, open, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';

export const MEMORY_BYTES = 1024 * 1024;
const READ_BYTES = 256 * 1024;
/** A full spool is given up when nothing was read from it for so long. */
const STALLED_MS = 10_000;
const LOOK_EVERY_MS = 100;

/** Nobody reads, and there is no more room. */
export class SpoolFullError extends Error {}

export interface SpoolOptions {
  /** Where the file goes when there is need of one. */
  readonly folder: string;
  /** Of the file. */
  readonly mostBytes: number;
  readonly stalledMs?: number;
}

export class SpooledAnswer extends Readable {
  private memory: Buffer[] = [];
  private memoryBytes = 0;
  private file: FileHandle | undefined;
  /** Bytes that went into the file and came out of it, since the beginning. */
  private spooled = 0;
  private taken = 0;
  private finished = false;
  private wanted = false;
  private reading = false;
  private readAtMs = performance.now();
  private onRead: (() => void) | undefined;

  constructor(private readonly options: SpoolOptions) {
    super({ highWaterMark: READ_BYTES });
  }

  /** Bytes that wait to be read. */
  get waitingBytes(): number {
    return this.memoryBytes + this.spooled - this.taken;
  }

  /** Keeps the bytes until they are read. One at a time. @throws SpoolFullError; an Error where the reader is gone */
  async write(bytes: Uint8Array): Promise<void> {
    const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.requireReader();
    if (this.spooled > this.taken || this.memoryBytes + view.length > MEMORY_BYTES) await this.spool(view);
    else {
      this.memory.push(view);
      this.memoryBytes += view.length;
    }
    this.serve();
  }

  /** There is no more. */
  finish(): void {
    this.finished = true;
    this.serve();
  }

  override _read(): void {
    this.wanted = true;
    this.serve();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    const { file } = this;
    this.file = undefined;
    this.memory = [];
    if (file) file.close().then(() => done(error), done);
    else done(error);
  }

  private serve(): void {
    if (!this.wanted || this.reading || this.destroyed) return;
    const bytes = this.memory.shift();
    if (bytes) {
      this.memoryBytes -= bytes.length;
      this.give(bytes);
    } else if (this.taken < this.spooled) {
      this.reading = true;
      this.takeFromFile().then(
        (read) => {
          this.reading = false;
          this.give(read);
        },
        (error: unknown) => this.destroy(error as Error),
      );
    } else if (this.finished) {
      this.wanted = false;
      this.push(null);
    }
  }

  private give(bytes: Buffer): void {
    this.readAtMs = performance.now();
    this.wanted = false;
    this.push(bytes);
  }

  private async spool(bytes: Buffer): Promise<void> {
    const { mostBytes } = this.options;
    for (let from = 0; from < bytes.length;) {
      await this.room();
      const file = this.file ?? (await this.newFile());
      const at = this.spooled % mostBytes;
      const length = Math.min(bytes.length - from, mostBytes - at, mostBytes - (this.spooled - this.taken));
      await file.write(bytes, from, length, at);
      this.requireReader();
      this.spooled += length;
      from += length;
      this.serve();
    }
  }

  private async takeFromFile(): Promise<Buffer> {
    const { mostBytes } = this.options;
    const at = this.taken % mostBytes;
    const length = Math.min(READ_BYTES, mostBytes - at, this.spooled - this.taken);
    const bytes = Buffer.allocUnsafe(length);
    const { bytesRead } = await this.file!.read(bytes, 0, length, at);
    this.taken += bytesRead;
    this.onRead?.();
    return bytes.subarray(0, bytesRead);
  }

  private async room(): Promise<void> {
    const { mostBytes, stalledMs = STALLED_MS } = this.options;
    const sinceMs = performance.now();
    while (this.spooled - this.taken >= mostBytes) {
      if (performance.now() - Math.max(sinceMs, this.readAtMs) > stalledMs) throw new SpoolFullError('nobody reads');
      await this.readOrLookOut();
      this.requireReader();
    }
  }

  /** Resolves when something was read, and now and then. */
  private readOrLookOut(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, LOOK_EVERY_MS);
      this.onRead = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private async newFile(): Promise<FileHandle> {
    const { folder } = this.options;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, randomBytes(8).toString('hex'));
    const file = await open(path, 'wx+', 0o600);
    // Open it stays usable, and whatever ends the process leaves nothing of a patient behind.
    await rm(path, { force: true });
    if (this.destroyed) {
      // Nobody else would close it any more.
      await file.close();
      throw this.gone();
    }
    return (this.file = file);
  }

  private requireReader(): void {
    if (this.destroyed) throw this.gone();
  }

  private gone(): Error {
    return this.errored ?? new Error('the client is gone');
  }
}

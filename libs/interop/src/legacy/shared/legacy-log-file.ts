/**
 * Log files in the formats of older services, for those who parse them, in DATA_DIR/legacy. They are opened for every line, so that they
 * may be moved away by whoever rotates logs; one that grows past its bound is moved aside here, and replaces the one before it.
 * Several processes may write one file.
 */
import { constants } from 'node:fs';
import { mkdir, open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DataFolder } from '#platform';

const LARGEST_BYTES = 64 * 2 ** 20;
const OWNER_ALONE = 0o600;

/** Beginning a file or moving one aside takes milliseconds: a lock so old was left by a process that is gone. */
const STALE_AFTER_MS = 3_000;
const WAIT_AT_MOST_MS = 10_000;
const LOOK_EVERY_MS = 5;

export interface LogFileOptions {
  readonly largestBytes?: number;
  /** Begins each file. */
  readonly header?: string;
}

export class LegacyLogFile {
  private readonly path: string;
  private readonly largestBytes: number;
  private readonly header: string;
  private written: Promise<void> = Promise.resolve();

  /** @param name such as `shock/app.log`, below DATA_DIR/legacy */
  constructor(folder: DataFolder, name: string, { largestBytes = LARGEST_BYTES, header = '' }: LogFileOptions = {}) {
    this.path = join(folder.file('legacy'), name);
    this.largestBytes = largestBytes;
    this.header = header;
  }

  /** Appends whole lines, in the order of the calls; resolves when they are in the file. @param lines each ending with a line feed */
  append(lines: string): Promise<void> {
    const appended = this.written.then(() => this.write(lines));
    // A line that could not be written is told to who wrote it, and holds up no other.
    this.written = appended.catch(() => undefined);
    return appended;
  }

  private async write(lines: string): Promise<void> {
    const bytes = Buffer.from(lines);
    while (!(await this.appended(bytes))) await this.locked(() => this.makeReady(bytes.length));
  }

  /** False where there is no file with room for it. */
  private async appended(bytes: Buffer): Promise<boolean> {
    const file = await openThere(this.path);
    if (!file) return false;
    try {
      const { size, mode } = await file.stat();
      if (this.isUnready(size, bytes.length)) return false;
      if ((mode & 0o777) !== OWNER_ALONE) await file.chmod(OWNER_ALONE);
      await file.appendFile(bytes);
      return true;
    } finally {
      await file.close();
    }
  }

  /** Without its header, which whoever made it was about to write, or too full. A file of nothing but its header always has room. */
  private isUnready(size: number, more: number): boolean {
    if (size === 0) return this.header !== '';
    return size > Buffer.byteLength(this.header) && size + more > this.largestBytes;
  }

  /** While nobody else does: the file is there, begins with its header and has room. */
  private async makeReady(more: number): Promise<void> {
    const size = await sizeOf(this.path);
    if (size !== undefined && !this.isUnready(size, more)) return;
    if (size !== undefined && size > 0) await renameIfThere(this.path, `${this.path}.1`);
    const file = await openNew(this.path, size === 0 ? 'a' : 'wx');
    try {
      await file?.appendFile(this.header);
    } finally {
      await file?.close();
    }
  }

  private async locked(work: () => Promise<void>): Promise<void> {
    const lock = `${this.path}.lock`;
    const until = performance.now() + WAIT_AT_MOST_MS;
    while (!(await this.lock(lock))) {
      if (performance.now() > until) throw Object.assign(new Error(`${lock} stays`), { code: 'ELOCKED' });
      await forgetStale(lock);
      await sleep(LOOK_EVERY_MS);
    }
    try {
      await work();
    } finally {
      await rm(lock, { force: true });
    }
  }

  private async lock(path: string): Promise<boolean> {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    try {
      await (await open(path, 'wx', OWNER_ALONE)).close();
      return true;
    } catch (error) {
      if (isCode(error, 'EEXIST')) return false;
      throw error;
    }
  }
}

/** For appending; undefined where there is no such file, which is not made. */
async function openThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, constants.O_WRONLY | constants.O_APPEND);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Undefined where somebody who knows no lock has just made it: then there is a file. */
async function openNew(path: string, flags: 'a' | 'wx'): Promise<FileHandle | undefined> {
  try {
    return await open(path, flags, OWNER_ALONE);
  } catch (error) {
    if (isCode(error, 'EEXIST')) return undefined;
    throw error;
  }
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Whoever rotates logs may have been quicker. */
async function renameIfThere(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error;
  }
}

async function forgetStale(lock: string): Promise<void> {
  try {
    if (Date.now() - (await stat(lock)).mtimeMs > STALE_AFTER_MS) await rm(lock, { force: true });
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error;
  }
}

function isCode(error: unknown, code: string): boolean {
  return (error as NodeJS.ErrnoException).code === code;
}

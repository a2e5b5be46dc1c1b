/**
 * Log files in the formats of older services, for those who parse them, in DATA_DIR/legacy. They are opened for every line, so that they
 * may be moved away by whoever rotates logs; one that grows past its bound is moved aside here, and replaces the one before it.
 */
import { appendFile, mkdir, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DataFolder } from '#platform';

const LARGEST_BYTES = 64 * 2 ** 20;

export class LegacyLogFile {
  private readonly path: string;
  private written: Promise<void> = Promise.resolve();

  /**
   * @param name such as `shock/app.log`, below DATA_DIR/legacy
   * @param header begins each file
   */
  constructor(
    folder: DataFolder,
    name: string,
    private readonly largestBytes = LARGEST_BYTES,
    private readonly header = '',
  ) {
    this.path = join(folder.file('legacy'), name);
  }

  /** Appends whole lines, in the order of the calls; resolves when they are in the file. @param lines each ending with a line feed */
  append(lines: string): Promise<void> {
    const appended = this.written.then(() => this.write(lines));
    // A line that could not be written is told to who wrote it, and holds up no other.
    this.written = appended.catch(() => undefined);
    return appended;
  }

  private async write(lines: string): Promise<void> {
    const size = await stat(this.path).then(
      (found) => found.size,
      (error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error;
        return undefined;
      },
    );
    const full = size !== undefined && size + Buffer.byteLength(lines) > this.largestBytes;
    if (size === undefined) await mkdir(dirname(this.path), { recursive: true, mode: 0o700 });
    if (full) await rename(this.path, `${this.path}.1`);
    const isNew = size === undefined || full;
    await appendFile(this.path, isNew ? this.header + lines : lines, { mode: 0o600 });
  }
}

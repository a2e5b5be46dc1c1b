/** Reads a backup file as a stream, and believes nothing that its hashes do not bear out. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip, type Gunzip } from 'node:zlib';
import {
  BackupError,
  END_OF_ROWS,
  FORMAT_VERSION,
  RowsDigest,
  summarise,
  type BackupEnd,
  type BackupHeader,
  type BackupSummary,
  type TableEnd,
} from './format.js';

/** Bytes of the longest line of JSON that is read: a header of some thousand tables. */
const LONGEST_LINE = 4 * 1024 * 1024;
const CHUNK_BYTES = 256 * 1024;
const END_AFTER_LINE = Buffer.from(`\n${END_OF_ROWS}`);

/** Takes the rows of one table, to the last: `rows` is verified when it ends, and throws where it does not hold. */
export type TakeRows = (
  table: { readonly name: string; readonly columns: readonly string[] },
  rows: AsyncGenerator<Buffer>,
) => Promise<void>;

export class BackupReader {
  private readonly everything = createHash('sha256');

  private constructor(
    private readonly path: string,
    private readonly source: TextSource,
    readonly header: BackupHeader,
    headerLine: Buffer,
  ) {
    this.everything.update(headerLine);
  }

  /** @throws BackupError when the file is no backup, or of a form that this version does not read. */
  static async open(path: string): Promise<BackupReader> {
    const source = await TextSource.open(path).catch((error: unknown) => {
      throw explain(error, path);
    });
    try {
      const headerLine = await source.line();
      const header = parseLine<BackupHeader>(headerLine);
      if (header?.latido !== 'backup') throw new BackupError(`${path} is not a backup of Latido.`);
      if (header.format !== FORMAT_VERSION) {
        throw new BackupError(
          `${path} has the form ${header.format}, written by Latido ${header.latidoVersion}; this version reads the form ${FORMAT_VERSION}. Use that version.`,
        );
      }
      return new BackupReader(path, source, header, headerLine);
    } catch (error) {
      source.close();
      throw explain(error, path);
    }
  }

  /**
   * Hands each table's rows to `take`, in the file's order, and verifies every hash and count up to the end of the file.
   * @throws BackupError when the file is cut or altered; or what `take` threw.
   */
  async read(take: TakeRows): Promise<BackupSummary> {
    const ends: TableEnd[] = [];
    try {
      for (const table of this.header.tables) {
        const started = parseLine<{ table: string }>(await this.hashedLine());
        if (started?.table !== table.name) throw this.damaged(`the table ${table.name} does not begin where it should`);
        const digest = new RowsDigest();
        await take(table, this.rows(table.name, digest, ends));
        if (ends.at(-1)?.end !== table.name) throw new Error(`the rows of ${table.name} were not read to their end`);
      }
      const end = parseLine<BackupEnd>(await this.source.line());
      const rows = ends.reduce((sum, table) => sum + table.rows, 0);
      if (
        end?.end !== 'backup' ||
        end.tables !== ends.length ||
        end.rows !== rows ||
        end.sha256 !== this.everything.digest('hex')
      ) {
        throw this.damaged('its last line does not agree with what stands before it');
      }
      if (!(await this.source.atEnd())) throw this.damaged('something follows its last line');
      return summarise(this.header, ends, end);
    } catch (error) {
      throw explain(error, this.path);
    } finally {
      this.close();
    }
  }

  close(): void {
    this.source.close();
  }

  private async *rows(name: string, digest: RowsDigest, ends: TableEnd[]): AsyncGenerator<Buffer> {
    for await (const chunk of this.source.rows()) {
      digest.update(chunk);
      this.everything.update(chunk);
      yield chunk;
    }
    this.everything.update(END_OF_ROWS);
    const stated = parseLine<TableEnd>(await this.hashedLine());
    const found = digest.end(name);
    if (
      stated?.end !== name ||
      stated.sha256 !== found.sha256 ||
      stated.rows !== found.rows ||
      stated.bytes !== found.bytes
    ) {
      throw this.damaged(`the rows of ${name} are not those that were written`);
    }
    ends.push(found);
  }

  private async hashedLine(): Promise<Buffer> {
    const line = await this.source.line();
    this.everything.update(line);
    return line;
  }

  private damaged(what: string): BackupError {
    return new BackupError(`${this.path} was altered after it was written: ${what}.`);
  }
}

/**
 * Reads the whole file and verifies it, without a database.
 * @throws BackupError when it is no backup, cut, altered, or of a newer form.
 */
export async function checkBackup(path: string): Promise<BackupSummary> {
  const reader = await BackupReader.open(path);
  return reader.read(async (_table, rows) => {
    // The generator verifies what it hands out, and there is nothing else to do with it.
    for (let next = await rows.next(); !next.done;) next = await rows.next();
  });
}

/** The text ended before the backup did. */
class CutShort extends Error {}

/** The unpacked text, line by line or row bytes up to the end mark; holds one chunk. */
class TextSource {
  private buffer: Buffer = Buffer.alloc(0);
  private readonly chunks: AsyncIterator<Buffer>;

  private constructor(
    private readonly gunzip: Gunzip,
    private readonly fileBytes: number,
  ) {
    this.chunks = gunzip[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  static async open(path: string): Promise<TextSource> {
    const { size } = await stat(path);
    const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
    // Errors of either reach whoever reads from gunzip.
    pipeline(createReadStream(path, { highWaterMark: CHUNK_BYTES }), gunzip, () => undefined);
    return new TextSource(gunzip, size);
  }

  close(): void {
    this.gunzip.destroy();
  }

  /** The next line, its line feed included. */
  async line(): Promise<Buffer> {
    for (;;) {
      const end = this.buffer.indexOf(0x0a);
      if (end !== -1) return this.take(end + 1);
      if (this.buffer.length > LONGEST_LINE)
        throw new BackupError('a line of its description is longer than any that Latido writes');
      if (!(await this.fill())) throw new CutShort();
    }
  }

  /** The bytes up to the end mark, which is taken as well. Stands at the start of a line when called. */
  async *rows(): AsyncGenerator<Buffer> {
    // The mark is looked for with the line feed before it, so the one that ended the last line is put back.
    this.buffer = Buffer.concat([Buffer.from('\n'), this.buffer]);
    let skip = 1;
    for (;;) {
      const end = this.buffer.indexOf(END_AFTER_LINE);
      if (end !== -1) {
        const last = this.take(end + END_AFTER_LINE.length).subarray(skip, end + 1);
        if (last.length > 0) yield last;
        return;
      }
      const complete = this.buffer.length - (END_AFTER_LINE.length - 1); // the rest may be the beginning of a mark
      if (complete > skip) {
        yield this.take(complete).subarray(skip);
        skip = 0;
      }
      if (!(await this.fill())) throw new CutShort();
    }
  }

  /** True when neither text nor bytes of the file are left. */
  async atEnd(): Promise<boolean> {
    if (this.buffer.length > 0) return false;
    try {
      if (await this.fill()) return false;
    } catch (error) {
      if (isUnpackError(error)) return false; // bytes that are no gzip
      throw error;
    }
    return this.gunzip.bytesWritten === this.fileBytes;
  }

  private take(count: number): Buffer {
    const taken = this.buffer.subarray(0, count);
    this.buffer = this.buffer.subarray(count);
    return taken;
  }

  private async fill(): Promise<boolean> {
    const next = await this.chunks.next();
    if (next.done) return false;
    this.buffer = this.buffer.length === 0 ? next.value : Buffer.concat([this.buffer, next.value]);
    return true;
  }
}

function parseLine<T>(line: Buffer): T | undefined {
  try {
    return JSON.parse(line.toString('utf8')) as T;
  } catch {
    return undefined; // callers say what should have stood there
  }
}

function isUnpackError(error: unknown): boolean {
  return ['Z_BUF_ERROR', 'Z_DATA_ERROR', 'Z_NEED_DICT'].includes(String((error as { code?: unknown }).code));
}

/** zlib's and our own findings in words for the operator. */
function explain(error: unknown, path: string): unknown {
  const { code } = error as { code?: unknown };
  if (error instanceof CutShort || code === 'Z_BUF_ERROR')
    return new BackupError(`${path} ends before the backup does: it was cut off.`, { cause: error });
  if (isUnpackError(error))
    return new BackupError(`${path} is not a backup of Latido, or it was altered after it was written.`, {
      cause: error,
    });
  if (code === 'ENOENT') return new BackupError(`There is no file ${path}.`, { cause: error });
  if (code === 'EISDIR') return new BackupError(`${path} is a folder.`, { cause: error });
  return error;
}

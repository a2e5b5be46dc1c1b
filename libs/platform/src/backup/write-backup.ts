/** Writes a backup: the whole record as it stood at one moment, read while the server goes on working. */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { listMigrations, listSequences, listTables, type RunQuery } from './catalogue.js';
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

export interface WriteBackupOptions {
  /** The database, as the role that owns its tables. */
  readonly ownerUrl: string;
  /** Where the file goes; nothing may be there yet. */
  readonly path: string;
  /** Of this Latido, for the header. */
  readonly latidoVersion: string;
  /** Stops the backup; no file stays behind. */
  readonly signal?: AbortSignal;
  /** Told after each table. */
  readonly onTable?: (table: { readonly name: string; readonly rows: number }) => void;
}

/** Level 4 takes two thirds of the default's time for a file a tenth larger. */
const COMPRESSION_LEVEL = 4;

/**
 * Writes the database's content to a new file that its owner alone may read (mode 0600). One read-only transaction sees one moment;
 * nobody who writes meanwhile waits, and no more than a few buffers are held in memory.
 * @throws BackupError when the file exists or the database has no schema; otherwise what Postgres or the file system threw.
 * On any failure the file is removed.
 */
export async function writeBackup(options: WriteBackupOptions): Promise<BackupSummary> {
  const file = createWriteStream(options.path, { flags: 'wx', mode: 0o600, flush: true });
  await opened(file, options.path);
  try {
    const client = new pg.Client({ connectionString: options.ownerUrl, application_name: 'latido backup' });
    client.on('error', () => undefined); // the query in progress fails with it
    const hangUp = (): void => void client.end();
    await client.connect();
    options.signal?.addEventListener('abort', hangUp);
    try {
      options.signal?.throwIfAborted();
      const backup = new Backup(client, options);
      const header = await backup.begin();
      await pipeline(
        Readable.from(backup.content(header), { objectMode: false }),
        createGzip({ level: COMPRESSION_LEVEL }),
        file,
        { signal: options.signal },
      );
      await syncFolder(dirname(options.path));
      return backup.summary(header);
    } finally {
      options.signal?.removeEventListener('abort', hangUp);
      await client.end();
    }
  } catch (error) {
    file.destroy();
    await rm(options.path, { force: true });
    options.signal?.throwIfAborted(); // what failed then is just a consequence
    throw error;
  }
}

class Backup {
  private readonly query: RunQuery;
  private readonly written: TableEnd[] = [];
  private end: BackupEnd | undefined;

  constructor(
    private readonly client: pg.Client,
    private readonly options: WriteBackupOptions,
  ) {
    this.query = async (statement, parameters) => (await client.query(statement, parameters)).rows as never;
  }

  /** Opens the snapshot with the tables locked against a change of their form, and describes it. */
  async begin(): Promise<BackupHeader> {
    const before = await listTables(this.query);
    if (before.length === 0)
      throw new BackupError('The database holds no tables of Latido: there is nothing to back up.');
    await this.query('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
    for (const setting of SESSION_SETTINGS) await this.query(`SET LOCAL ${setting}`);
    // Before the first SELECT, which fixes what this transaction sees.
    await this.query(
      `LOCK TABLE ${before.map(({ name }) => pg.escapeIdentifier(name)).join(', ')} IN ACCESS SHARE MODE`,
    );
    const tables = await listTables(this.query);
    if (JSON.stringify(tables) !== JSON.stringify(before))
      throw new BackupError('The schema was being migrated just now. Try again.');
    const [server] = await this.query<{ version: string; now: Date }>(
      "SELECT current_setting('server_version') AS version, now() AS now",
    );
    return {
      latido: 'backup',
      format: FORMAT_VERSION,
      latidoVersion: this.options.latidoVersion,
      takenAt: server!.now.toISOString(),
      postgres: server!.version,
      migrations: await listMigrations(this.query),
      tables,
      sequences: await listSequences(this.query),
    };
  }

  async *content(header: BackupHeader): AsyncGenerator<Buffer> {
    const everything = createHash('sha256');
    const hashed = (text: string): Buffer => {
      everything.update(text);
      return Buffer.from(text);
    };
    yield hashed(line(header));
    for (const { name, columns } of header.tables) {
      yield hashed(line({ table: name }));
      const digest = new RowsDigest();
      // A query rather than the table itself: COPY does not read partitioned tables.
      const rows = this.client.query(
        copyTo(
          `COPY (SELECT ${columns.map(pg.escapeIdentifier).join(', ')} FROM ${pg.escapeIdentifier(name)}) TO STDOUT`,
        ),
      );
      for await (const chunk of rows as AsyncIterable<Buffer>) {
        digest.update(chunk);
        everything.update(chunk);
        yield chunk;
      }
      const end = digest.end(name);
      this.written.push(end);
      yield hashed(END_OF_ROWS + line(end));
      this.options.onTable?.({ name, rows: end.rows });
    }
    const rows = this.written.reduce((sum, table) => sum + table.rows, 0);
    this.end = { end: 'backup', tables: this.written.length, rows, sha256: everything.digest('hex') };
    yield Buffer.from(line(this.end));
  }

  summary(header: BackupHeader): BackupSummary {
    return summarise(header, this.written, this.end!);
  }
}

/** Text that every Postgres reads back to the same values, however the role is configured; and no row silently left out. */
const SESSION_SETTINGS = [
  "client_encoding = 'UTF8'",
  "DateStyle = 'ISO, YMD'",
  "IntervalStyle = 'postgres'",
  "TimeZone = 'UTC'",
  "bytea_output = 'hex'",
  'extra_float_digits = 1',
  'row_security = off',
  'statement_timeout = 0',
  'idle_in_transaction_session_timeout = 0',
];

function line(content: object): string {
  return `${JSON.stringify(content)}\n`;
}

/** @throws BackupError when a file is there already, otherwise the file system's error. */
function opened(file: ReturnType<typeof createWriteStream>, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    file.once('open', () => resolve());
    file.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EEXIST'
          ? new BackupError(`${path} exists already, and a backup overwrites nothing. Name another file.`)
          : error,
      );
    });
  });
}

/** Makes the new name durable: the file's own bytes were synchronised when it was closed. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

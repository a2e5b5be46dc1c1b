/** Restores a backup into an empty database: everything in one transaction, or nothing. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { DataSource, MigrationExecutor, type QueryRunner } from 'typeorm';
import { dataSourceOptions } from '../database/data-source.js';
import { grantApplication, MIGRATION_LOCK, roleOf, type Schema } from '../database/migrate.js';
import { listForeignKeys, listMigrations, listTables, type RunQuery } from './catalogue.js';
import { BackupError, type BackupHeader, type BackupSummary } from './format.js';
import { BackupReader, checkBackup } from './read-backup.js';

export interface RestoreBackupOptions {
  readonly path: string;
  /** The database, as the role that owns its tables (and may make them). */
  readonly ownerUrl: string;
  readonly applicationUrl: string;
  /** The schema of this Latido: the backup's own, or a later one. */
  readonly schema: Schema;
  /** Stops the restore; nothing is changed then. */
  readonly signal?: AbortSignal;
  /** Told after each table. */
  readonly onTable?: (table: { readonly name: string; readonly rows: number }) => void;
}

/**
 * Brings an empty database to the schema that the backup was taken from, loads it, checks all hashes, counts and foreign keys,
 * brings the schema up to date and commits. Running servers that start meanwhile wait for it to end.
 * @throws BackupError when the file is cut or altered, of a newer schema, or the database is in use; nothing was changed then.
 */
export async function restoreBackup(options: RestoreBackupOptions): Promise<BackupSummary> {
  // Read twice: a damaged file is known before the database is touched, and what is loaded is verified again on its way.
  await checkBackup(options.path);
  const reader = await BackupReader.open(options.path);
  try {
    refuseNewer(reader.header, options);
    return await inTransaction(options, (dataSource, runner) => new Restore(dataSource, runner, reader, options).run());
  } finally {
    reader.close();
  }
}

async function inTransaction<T>(
  options: RestoreBackupOptions,
  work: (dataSource: DataSource, runner: QueryRunner) => Promise<T>,
): Promise<T> {
  const dataSource = new DataSource({
    // One connection, so that nothing can happen outside the transaction; and no bound on the time of a statement.
    ...dataSourceOptions({ url: options.ownerUrl, poolSize: 1 }),
    applicationName: 'latido restore',
    migrations: [...options.schema.migrations],
    extra: { keepAlive: true },
  });
  await dataSource.initialize();
  try {
    const runner = dataSource.createQueryRunner();
    const client = (await runner.connect()) as pg.PoolClient & Pick<pg.Client, 'end'>;
    const hangUp = (): void => void client.end();
    options.signal?.addEventListener('abort', hangUp);
    try {
      options.signal?.throwIfAborted();
      await runner.startTransaction();
      const result = await work(dataSource, runner);
      await runner.commitTransaction();
      return result;
    } catch (error) {
      // A connection that is gone has undone everything already, and then this fails; the first error is the one to report.
      await runner.rollbackTransaction().catch(() => undefined);
      options.signal?.throwIfAborted(); // what failed then is just a consequence
      throw error;
    } finally {
      options.signal?.removeEventListener('abort', hangUp);
      await runner.release();
    }
  } finally {
    await dataSource.destroy();
  }
}

class Restore {
  private readonly query: RunQuery;
  private readonly migrations: MigrationExecutor;

  constructor(
    dataSource: DataSource,
    private readonly runner: QueryRunner,
    private readonly reader: BackupReader,
    private readonly options: RestoreBackupOptions,
  ) {
    this.query = (statement, parameters) => runner.query(statement, parameters);
    this.migrations = new MigrationExecutor(dataSource, runner);
    this.migrations.transaction = 'none'; // they run in the transaction of the restore
  }

  async run(): Promise<BackupSummary> {
    for (const setting of SESSION_SETTINGS) await this.query(`SET LOCAL ${setting}`);
    await this.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    await this.refuseUsed();
    await this.makeSchemaOfBackup();
    const foreignKeys = await listForeignKeys(this.query);
    // Dropped and made again rather than an order of loading: some tables refer to each other, and one join checks all rows.
    for (const { table, name } of foreignKeys)
      await this.query(`ALTER TABLE ${table} DROP CONSTRAINT ${pg.escapeIdentifier(name)}`);
    const summary = await this.load();
    for (const { name, value } of this.reader.header.sequences)
      await this.query('SELECT setval($1::regclass, $2::bigint)', [pg.escapeIdentifier(name), value]);
    for (const { table, name, definition } of foreignKeys)
      await this.query(`ALTER TABLE ${table} ADD CONSTRAINT ${pg.escapeIdentifier(name)} ${definition}`);
    for (const migration of await this.migrations.getPendingMigrations())
      await this.migrations.executeMigration(migration);
    await this.grant();
    await this.query('ANALYZE');
    return summary;
  }

  private async refuseUsed(): Promise<void> {
    const unknown = (await listMigrations(this.query)).filter((name) => !nameSet(this.options.schema).has(name));
    if (unknown.length > 0)
      throw new BackupError(
        `The database was made by a newer Latido (it has ${unknown.join(', ')}). Restore with that version.`,
      );
    for (const { name } of await listTables(this.query)) {
      if (this.options.schema.seededTables.includes(name)) continue;
      // Waits for whoever is writing to it, and keeps others out until the restore is done.
      await this.query(`LOCK TABLE ${pg.escapeIdentifier(name)} IN ACCESS EXCLUSIVE MODE`);
      const [row] = await this.query(`SELECT 1 FROM ${pg.escapeIdentifier(name)} LIMIT 1`);
      if (row !== undefined) {
        throw new BackupError(
          `The database is in use: its table ${name} holds rows, and a restore goes into an empty database only. Set another DATA_DIR or DATABASE_URL.`,
        );
      }
    }
  }

  /** The schema as it was when the backup was taken, its tables empty. */
  private async makeSchemaOfBackup(): Promise<void> {
    const wanted = new Set(this.reader.header.migrations);
    const applied = await listMigrations(this.query);
    if (applied.some((name) => !wanted.has(name))) {
      // The database is empty, so going back costs nothing.
      for (let left = applied.length; left > 0; left -= 1) await this.migrations.undoLastMigration();
    }
    for (const migration of await this.migrations.getPendingMigrations()) {
      if (wanted.has(migration.name)) await this.migrations.executeMigration(migration);
    }
  }

  private async load(): Promise<BackupSummary> {
    const tables = await listTables(this.query);
    const expected = this.reader.header.tables;
    const strangers = expected.filter(({ name }) => !tables.some((table) => table.name === name));
    if (strangers.length > 0)
      throw new BackupError(
        `The backup holds tables that are not part of Latido's schema: ${strangers.map(({ name }) => name).join(', ')}.`,
      );
    const absent = tables.filter(({ name }) => !expected.some((table) => table.name === name));
    if (absent.length > 0)
      throw new BackupError(
        `The backup lacks tables of the schema it names: ${absent.map(({ name }) => name).join(', ')}.`,
      );
    if (tables.length > 0)
      await this.query(`TRUNCATE ${tables.map(({ name }) => pg.escapeIdentifier(name)).join(', ')}`);
    const client = (await this.runner.connect()) as pg.PoolClient;
    const taken = new Map<string, number>();
    const summary = await this.reader.read(async ({ name, columns }, rows) => {
      const copy = client.query(
        copyFrom(`COPY ${pg.escapeIdentifier(name)} (${columns.map(pg.escapeIdentifier).join(', ')}) FROM STDIN`),
      );
      copy.on('error', () => undefined); // pipeline reports the first; Postgres answers an abandoned COPY with another
      await pipeline(Readable.from(rows, { objectMode: false }), copy, { signal: this.options.signal });
      taken.set(name, copy.rowCount);
      this.options.onTable?.({ name, rows: copy.rowCount });
    });
    for (const { name, rows } of summary.tables) {
      if (taken.get(name) !== rows)
        throw new BackupError(`Postgres took ${taken.get(name)} of the ${rows} rows of ${name}.`);
    }
    return summary;
  }

  private async grant(): Promise<void> {
    const role = roleOf(this.options.applicationUrl);
    if (role === roleOf(this.options.ownerUrl)) return;
    await grantApplication((statement) => this.query(statement), role, this.options.schema);
  }
}

/** The counterpart of those that a backup is written with. */
const SESSION_SETTINGS = [
  "client_encoding = 'UTF8'",
  "DateStyle = 'ISO, YMD'",
  "IntervalStyle = 'postgres'",
  "TimeZone = 'UTC'",
  'row_security = off',
  'statement_timeout = 0',
  'idle_in_transaction_session_timeout = 0',
];

function nameSet(schema: Schema): Set<string> {
  return new Set(schema.migrations.map((migration) => migration.name));
}

function refuseNewer(header: BackupHeader, { path, schema }: RestoreBackupOptions): void {
  const unknown = header.migrations.filter((name) => !nameSet(schema).has(name));
  if (unknown.length === 0) return;
  throw new BackupError(
    `${path} was taken from a newer schema than this version knows (Latido ${header.latidoVersion}; unknown here: ${unknown.join(', ')}). Restore it with that version or a later one.`,
  );
}

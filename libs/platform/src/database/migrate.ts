/** Brings the schema up to date as its owner, one process at a time, and gives the application's role just what it needs. */
import pg from 'pg';
import type { MigrationInterface } from 'typeorm';
import { createDataSource } from './data-source.js';

/** Advisory lock "latido migrations": replicas that start together wait for the first. */
const MIGRATION_LOCK = 4_702_111_234_001;

export type Migration = new () => MigrationInterface;

export interface Schema {
  readonly migrations: readonly Migration[];
  /** Tables the application may only add to and read: the record. */
  readonly appendOnlyTables: readonly string[];
}

export interface MigrateResult {
  /** Names of the migrations that ran. */
  readonly applied: string[];
  /** False when owner and application are the same role, so that the record is not write-protected. */
  readonly recordProtected: boolean;
}

function roleOf(url: string): string {
  return decodeURIComponent(new URL(url).username);
}

/**
 * Runs pending migrations on `ownerUrl` under an advisory lock, then grants the role of `applicationUrl` its privileges:
 * everything on ordinary tables, INSERT and SELECT alone on append-only ones.
 */
export async function migrate(ownerUrl: string, applicationUrl: string, schema: Schema): Promise<MigrateResult> {
  const owner = roleOf(ownerUrl);
  const application = roleOf(applicationUrl);
  const lock = new pg.Client({ connectionString: ownerUrl, application_name: 'latido migrations' });
  await lock.connect();
  try {
    await lock.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const dataSource = createDataSource({ url: ownerUrl, poolSize: 2 }, { migrations: [...schema.migrations] });
    await dataSource.initialize();
    try {
      const applied = (await dataSource.runMigrations({ transaction: 'each' })).map((migration) => migration.name);
      const recordProtected = owner !== application;
      if (recordProtected) await grant(lock, application, schema.appendOnlyTables);
      return { applied, recordProtected };
    } finally {
      await dataSource.destroy();
    }
  } finally {
    await lock.end();
  }
}

async function grant(client: pg.Client, role: string, appendOnlyTables: readonly string[]): Promise<void> {
  const name = client.escapeIdentifier(role);
  await client.query('BEGIN');
  await client.query(`GRANT USAGE ON SCHEMA public TO ${name}`);
  await client.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${name}`);
  await client.query(`GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO ${name}`);
  for (const table of [...appendOnlyTables, 'migrations']) {
    await client.query(`REVOKE UPDATE, DELETE, TRUNCATE ON ${client.escapeIdentifier(table)} FROM ${name}`);
  }
  await client.query(`REVOKE INSERT ON migrations FROM ${name}`);
  await client.query('COMMIT');
}

/** Brings the schema up to date as its owner, one process at a time, and gives the application's role just what it needs. */
import pg from 'pg';
import type { MigrationInterface } from 'typeorm';
import { withClient } from './with-client.js';
import { createDataSource } from './data-source.js';

/** Advisory lock "latido migrations": replicas that start together wait for the first. */
export const MIGRATION_LOCK = 4_702_111_234_001;

export type Migration = new () => MigrationInterface;

export interface Schema {
  readonly migrations: readonly Migration[];
  /** Tables the application may only add to and read: the record. */
  readonly appendOnlyTables: readonly string[];
  /** Tables that migrations themselves put rows into: all others are empty in a new database. */
  readonly seededTables: readonly string[];
  /** Schemas of others that the application works with. They are in no backup. */
  readonly otherSchemas?: readonly string[];
}

export interface MigrateResult {
  /** Names of the migrations that ran. */
  readonly applied: string[];
  /** False when owner and application are the same role, so that the record is not write-protected. */
  readonly recordProtected: boolean;
}

/** The role that a connection URL names. */
export function roleOf(url: string): string {
  return decodeURIComponent(new URL(url).username);
}

/**
 * Runs pending migrations on `ownerUrl` under an advisory lock, then grants the role of `applicationUrl` its privileges:
 * everything on ordinary tables, INSERT and SELECT alone on append-only ones.
 */
export async function migrate(ownerUrl: string, applicationUrl: string, schema: Schema): Promise<MigrateResult> {
  const owner = roleOf(ownerUrl);
  const application = roleOf(applicationUrl);
  return withClient(ownerUrl, 'latido migrations', async (lock) => {
    await lock.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const dataSource = createDataSource(
      { url: ownerUrl, poolSize: 2, unlimitedQueries: true },
      { migrations: [...schema.migrations] },
    );
    await dataSource.initialize();
    try {
      const applied = (await dataSource.runMigrations({ transaction: 'each' })).map((migration) => migration.name);
      const recordProtected = owner !== application;
      if (recordProtected) {
        await lock.query('BEGIN');
        await grantApplication((statement) => lock.query(statement), application, schema);
        await lock.query('COMMIT');
      }
      return { applied, recordProtected };
    } finally {
      await dataSource.destroy();
    }
  });
}

/** Gives a role what the application may do with the tables, by statements of the caller's transaction. */
export async function grantApplication(
  run: (statement: string) => Promise<unknown>,
  role: string,
  { appendOnlyTables, otherSchemas = [] }: Pick<Schema, 'appendOnlyTables' | 'otherSchemas'>,
): Promise<void> {
  const name = pg.escapeIdentifier(role);
  await run(`GRANT USAGE ON SCHEMA public TO ${name}`);
  await run(`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${name}`);
  await run(`GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO ${name}`);
  for (const table of [...appendOnlyTables, 'migrations']) {
    await run(`REVOKE UPDATE, DELETE, TRUNCATE ON ${pg.escapeIdentifier(table)} FROM ${name}`);
  }
  // What is written through its parent needs no privilege of its own, and with one the parent's would mean nothing.
  await run(`DO $$
    DECLARE partition regclass;
    BEGIN
      FOR partition IN SELECT inhrelid::regclass FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid WHERE relispartition AND relkind = 'r'
      LOOP EXECUTE format('REVOKE ALL ON %s FROM ${name.replaceAll("'", "''")}', partition);
      END LOOP;
    END $$`);
  await run(`REVOKE INSERT ON migrations FROM ${name}`);
  for (const schema of otherSchemas.map(pg.escapeIdentifier)) {
    await run(`GRANT USAGE ON SCHEMA ${schema} TO ${name}`);
    await run(`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema} TO ${name}`);
  }
}

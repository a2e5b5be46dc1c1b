/** The database of this configuration: one that is there (DATABASE_URL), or the one that comes with the installation. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { LatidoConfig } from '../config/config.js';
import { variables } from '../config/variables.js';
import { DataFolder } from '../data-folder.js';
import { EmbeddedPostgres } from './embedded-postgres.js';

const OLDEST_POSTGRES = 15;
const CONNECT_TIMEOUT_MS = 5_000;
/** What a process has beside its pool: the one that hears of changes, and some to spare. */
const CONNECTIONS_BESIDE_POOL = 4;
/** Commands, backups, and what Postgres keeps for superusers. */
const CONNECTIONS_OF_OTHERS = 20;
/** Postgres' own default. */
const LEAST_CONNECTIONS = 100;

export interface OpenDatabase {
  /** As the application role. */
  readonly url: string;
  /** As the role that owns the schema. */
  readonly ownerUrl: string;
  /** For people: where the data is. */
  readonly place: string;
  /** Stops what was started here; nothing for a database of the operator's own. */
  close(): Promise<void>;
}

/** A command that needs a database found none. */
export class NoDatabaseError extends Error {}

/** The database that a variable names cannot be used. */
export class DatabaseRefusedError extends Error {}

/** Without it, a wrong address or password shows as whatever the driver says of the first query that meets it. */
async function probe(variable: 'DATABASE_URL' | 'DATABASE_OWNER_URL', url: string): Promise<void> {
  const { username, host, pathname } = new URL(url);
  const named = `${variable} (${decodeURIComponent(username)}@${host}${pathname})`;
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'latido',
  });
  client.on('error', () => undefined); // connecting fails with it
  try {
    await client.connect();
    const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
    const version = rows[0]?.server_version ?? 'unknown';
    if (!(parseInt(version, 10) >= OLDEST_POSTGRES))
      throw new DatabaseRefusedError(`${named} is Postgres ${version}; Latido needs ${OLDEST_POSTGRES} or newer.`);
  } catch (error) {
    if (error instanceof DatabaseRefusedError) throw error;
    const { message, code, errors } = error as AggregateError & { code?: string };
    const reason = message || errors?.map((each: Error) => each.message).join(', ') || code;
    throw new DatabaseRefusedError(
      `${named} cannot be used: ${reason}. Example: ${variable}=${variables[variable].example}`,
      { cause: error },
    );
  } finally {
    await client.end().catch(() => undefined); // it may never have connected
  }
}

/** @throws DatabaseRefusedError, DataFolderInUseError, DataFolderVersionError, or an Error that says why Postgres did not start. */
export async function openDatabase(
  config: LatidoConfig,
  folder: DataFolder,
  onEvent: (message: string) => void,
  stop?: AbortSignal,
): Promise<OpenDatabase> {
  const { url, ownerUrl } = config.database;
  if (url) {
    if (ownerUrl) await probe('DATABASE_OWNER_URL', ownerUrl);
    await probe('DATABASE_URL', url);
    const { host, pathname } = new URL(url);
    return { url, ownerUrl: ownerUrl ?? url, place: `${host}${pathname}`, close: () => Promise.resolve() };
  }
  const ofWorkers = config.cluster.workers * (config.database.poolSize + CONNECTIONS_BESIDE_POOL);
  const connections = Math.max(LEAST_CONNECTIONS, ofWorkers + CONNECTIONS_OF_OTHERS);
  const postgres = await EmbeddedPostgres.start({ ...embedded(folder), onEvent, connections, stop });
  return {
    url: postgres.applicationUrl,
    ownerUrl: postgres.ownerUrl,
    place: config.dataDir,
    close: () => postgres.stop(),
  };
}

/**
 * The database for a command: that of DATABASE_URL; else the built-in one, beside the server that is running on this data folder, or
 * started for the command and stopped by `close`. A new one is made only with `create`.
 * @throws NoDatabaseError when there is none yet; otherwise as `openDatabase`.
 */
export async function openDatabaseForCommand(config: LatidoConfig, { create = false } = {}): Promise<OpenDatabase> {
  const directory = join(config.dataDir, 'postgres');
  if (config.database.url === undefined && !create && !existsSync(directory)) {
    throw new NoDatabaseError(
      `There is no database in ${config.dataDir} yet. Start Latido once, or set DATA_DIR or DATABASE_URL to where it is.`,
    );
  }
  const folder = new DataFolder(config.dataDir);
  const running =
    config.database.url === undefined && existsSync(directory)
      ? await EmbeddedPostgres.running(embedded(folder))
      : undefined;
  if (!running) return openDatabase(config, folder, () => undefined);
  return {
    url: running.applicationUrl,
    ownerUrl: running.ownerUrl,
    place: config.dataDir,
    close: () => Promise.resolve(),
  };
}

function embedded(folder: DataFolder): { directory: string; password: (role: string) => string } {
  return { directory: folder.file('postgres'), password: (role) => folder.secret(`database-${role}`) };
}

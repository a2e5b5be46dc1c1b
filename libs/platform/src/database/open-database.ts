/** The database of this configuration: one that is there (DATABASE_URL), or the one that comes with the installation. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { LatidoConfig } from '../config/config.js';
import { DataFolder } from '../data-folder.js';
import { EmbeddedPostgres } from './embedded-postgres.js';

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

/** @throws DataFolderInUseError, DataFolderVersionError, or an Error that says why Postgres did not start. */
export async function openDatabase(config: LatidoConfig, folder: DataFolder, onEvent: (message: string) => void): Promise<OpenDatabase> {
  const { url, ownerUrl } = config.database;
  if (url) {
    const { host, pathname } = new URL(url);
    return { url, ownerUrl: ownerUrl ?? url, place: `${host}${pathname}`, close: () => Promise.resolve() };
  }
  const postgres = await EmbeddedPostgres.start({ ...embedded(folder), onEvent });
  return { url: postgres.applicationUrl, ownerUrl: postgres.ownerUrl, place: config.dataDir, close: () => postgres.stop() };
}

/**
 * The database for a command: that of DATABASE_URL; else the built-in one, beside the server that is running on this data folder, or
 * started for the command and stopped by `close`. A new one is made only with `create`.
 * @throws NoDatabaseError when there is none yet; otherwise as `openDatabase`.
 */
export async function openDatabaseForCommand(config: LatidoConfig, { create = false } = {}): Promise<OpenDatabase> {
  const directory = join(config.dataDir, 'postgres');
  if (config.database.url === undefined && !create && !existsSync(directory)) {
    throw new NoDatabaseError(`There is no database in ${config.dataDir} yet. Start Latido once, or set DATA_DIR or DATABASE_URL to where it is.`);
  }
  const folder = new DataFolder(config.dataDir);
  const running = config.database.url === undefined && existsSync(directory) ? await EmbeddedPostgres.running(embedded(folder)) : undefined;
  if (!running) return openDatabase(config, folder, () => undefined);
  return { url: running.applicationUrl, ownerUrl: running.ownerUrl, place: config.dataDir, close: () => Promise.resolve() };
}

function embedded(folder: DataFolder): { directory: string; password: (role: string) => string } {
  return { directory: folder.file('postgres'), password: (role) => folder.secret(`database-${role}`) };
}

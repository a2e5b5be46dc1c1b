/** The database of this configuration: one that is there (DATABASE_URL), or the one that comes with the installation. */
import type { LatidoConfig } from '../config/config.js';
import type { DataFolder } from '../data-folder.js';
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

/** @throws DataFolderInUseError, DataFolderVersionError, or an Error that says why Postgres did not start. */
export async function openDatabase(config: LatidoConfig, folder: DataFolder, onEvent: (message: string) => void): Promise<OpenDatabase> {
  const { url, ownerUrl } = config.database;
  if (url) {
    const { host, pathname } = new URL(url);
    return { url, ownerUrl: ownerUrl ?? url, place: `${host}${pathname}`, close: () => Promise.resolve() };
  }
  const directory = folder.file('postgres');
  const postgres = await EmbeddedPostgres.start({ directory, password: (role) => folder.secret(`database-${role}`), onEvent });
  return { url: postgres.applicationUrl, ownerUrl: postgres.ownerUrl, place: config.dataDir, close: () => postgres.stop() };
}

/** The database, ready to be worked with: started if it is the built-in one, migrated, and with the privileges that are due. */
import type { Logger as Pino } from 'pino';
import { DataFolder, migrate, openDatabase, type LatidoConfig, type OpenDatabase } from '#platform';
import { schema } from '../../../migrations/schema.js';

export interface PreparedDatabase extends OpenDatabase {
  readonly recordProtected: boolean;
}

/**
 * @param stop what interrupts it
 * @throws what keeps it from being used; a Postgres that was started is stopped again.
 */
export async function prepareDatabase(config: LatidoConfig, log: Pino, stop: AbortSignal): Promise<PreparedDatabase> {
  const folder = new DataFolder(config.dataDir);
  const database = await openDatabase(config, folder, (message) => log.warn({ context: 'database' }, message), stop);
  try {
    stop.throwIfAborted();
    const { recordProtected } = await migrate(database.ownerUrl, database.url, schema);
    return { ...database, recordProtected };
  } catch (error) {
    await database.close();
    throw error;
  }
}

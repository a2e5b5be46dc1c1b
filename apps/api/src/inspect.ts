/** Builds the application on an empty database of its own, without listening, to compare what is committed with the code. */
import 'reflect-metadata';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { createLogger, DataFolder, loadConfig, migrate, openDatabase, startEnvironment } from '#platform';
import { schema } from '../../../migrations/schema.js';
import { createApplication } from './app.js';
import { referenceFiles } from './reference.js';

export interface Inspection {
  /** Reference files by path from the project's root. */
  readonly files: Record<string, string>;
  /** Statements that would bring the migrated schema to what the entities say; empty when they agree. */
  readonly schemaDrift: string[];
}

/** @param folder an empty folder, which the caller removes */
export async function inspectApplication(folder: string): Promise<Inspection> {
  const environment = { DATA_DIR: join(folder, 'data'), LOG_LEVEL: 'error' };
  const config = loadConfig(environment, folder);
  const database = await openDatabase(config, new DataFolder(config.dataDir), () => undefined);
  try {
    await migrate(database.ownerUrl, database.url, schema);
    const access = { url: database.url, poolSize: 4 };
    const log = createLogger('error');
    const { app, document } = await createApplication(config, access, log);
    await app.close();
    // Older services are off in what is committed, and their entities are there only while they are on.
    const everything = loadConfig(startEnvironment(['--legacy'], environment), folder);
    const { app: whole } = await createApplication(everything, access, log);
    const { upQueries } = await whole.get(DataSource).driver.createSchemaBuilder().log();
    await whole.close();
    return { files: referenceFiles(document), schemaDrift: upQueries.map(({ query }) => query) };
  } finally {
    await database.close();
  }
}

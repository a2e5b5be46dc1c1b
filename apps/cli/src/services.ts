/** The server's services for a command: the same modules, without HTTP. */
import type { INestApplicationContext, ModuleMetadata } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AuditModule } from '#audit';
import {
  createLogger,
  listMigrations,
  NestLogger,
  openDatabaseForCommand,
  PlatformModule,
  withClient,
  type LatidoConfig,
  type OpenDatabase,
} from '#platform';
import { schema } from '../../../migrations/schema.js';
import { CommandError } from './command.js';

const POOL_SIZE = 4;

/** Migrations of this Latido that the database has not had. */
export async function missingMigrations(database: OpenDatabase): Promise<string[]> {
  const applied = await withClient(database.ownerUrl, 'latido command', (client) =>
    listMigrations(async (statement, parameters) => (await client.query(statement, parameters)).rows as never),
  );
  return schema.migrations.map(({ name }) => name).filter((name) => !applied.includes(name));
}

/**
 * Runs `work` on the configured database, which is opened and closed around it.
 * @throws CommandError when the database has another schema than this version: migrating is left to the server's start.
 */
export async function onMigratedDatabase<T>(
  config: LatidoConfig,
  work: (database: OpenDatabase) => Promise<T>,
): Promise<T> {
  const database = await openDatabaseForCommand(config);
  try {
    if ((await missingMigrations(database)).length > 0) {
      throw new CommandError(
        'The database is older than this version of Latido. Start the server once: it migrates the database.',
      );
    }
    return await work(database);
  } finally {
    await database.close();
  }
}

/**
 * Runs `work` with the platform, the audit trail and `modules` on the configured database. Changes that it announces reach
 * running servers.
 * @throws CommandError as `onMigratedDatabase`
 */
export function withServices<T>(
  config: LatidoConfig,
  modules: NonNullable<ModuleMetadata['imports']>,
  work: (services: INestApplicationContext) => Promise<T>,
): Promise<T> {
  return onMigratedDatabase(config, (database) => withServicesOn(database, config, modules, work));
}

/** The same on a database that is open already and has the schema of this version. */
export async function withServicesOn<T>(
  database: OpenDatabase,
  config: LatidoConfig,
  modules: NonNullable<ModuleMetadata['imports']>,
  work: (services: INestApplicationContext) => Promise<T>,
): Promise<T> {
  const log = createLogger('warn', 2);
  const root = {
    module: CliModule,
    imports: [
      PlatformModule.forRoot(config, { url: database.url, poolSize: POOL_SIZE, listens: false }),
      AuditModule,
      ...modules,
    ],
  };
  const services = await NestFactory.createApplicationContext(root, {
    logger: new NestLogger(log),
    abortOnError: false,
  });
  try {
    return await work(services);
  } finally {
    await services.close();
    log.flush();
  }
}

class CliModule {}

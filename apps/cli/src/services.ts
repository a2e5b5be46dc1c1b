/** The server's services for a command: the same modules, without HTTP. */
import type { INestApplicationContext, ModuleMetadata } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import pg from 'pg';
import { AuditModule } from '#audit';
import {
  createLogger,
  listMigrations,
  NestLogger,
  openDatabaseForCommand,
  PlatformModule,
  type LatidoConfig,
  type OpenDatabase,
} from '#platform';
import { schema } from '../../../migrations/schema.js';
import { CommandError } from './command.js';

const POOL_SIZE = 4;

/** Migrations of this Latido that the database has not had. */
export async function missingMigrations(database: OpenDatabase): Promise<string[]> {
  const client = new pg.Client({ connectionString: database.ownerUrl, application_name: 'latido command' });
  await client.connect();
  try {
    const applied = await listMigrations(
      async (statement, parameters) => (await client.query(statement, parameters)).rows as never,
    );
    return schema.migrations.map(({ name }) => name).filter((name) => !applied.includes(name));
  } finally {
    await client.end();
  }
}

/**
 * Runs `work` with the platform, the audit trail and `modules` on the configured database, which is opened and closed around it.
 * Changes that it announces reach running servers.
 * @throws CommandError when the database has another schema than this version: migrating is left to the server's start.
 */
export async function withServices<T>(
  config: LatidoConfig,
  modules: NonNullable<ModuleMetadata['imports']>,
  work: (services: INestApplicationContext) => Promise<T>,
): Promise<T> {
  const database = await openDatabaseForCommand(config);
  try {
    if ((await missingMigrations(database)).length > 0) {
      throw new CommandError(
        'The database is older than this version of Latido. Start the server once: it migrates the database.',
      );
    }
    return await withServicesOn(database, config, modules, work);
  } finally {
    await database.close();
  }
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

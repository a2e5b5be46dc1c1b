/** The server's services without HTTP, which do the jobs that the API has queued. */
import { NestFactory } from '@nestjs/core';
import type { Logger as Pino } from 'pino';
import { AuditModule } from '#audit';
import { InferenceModule } from '#inference';
import { ModelsModule } from '#models';
import {
  listMigrations,
  NestLogger,
  openDatabaseForCommand,
  PlatformModule,
  withClient,
  type LatidoConfig,
} from '#platform';
import { PredictionsModule } from '#predictions';
import { SubscriptionsModule } from '#subscriptions';
import { schema } from '../../../migrations/schema.js';

/** The database is not one that this version can work on; the API's start brings it there. */
export class OldDatabaseError extends Error {}

export interface RunningWorker {
  /** Ends the job that is being done after its chunk, for another worker to go on with, and stops what was started. */
  close(): Promise<void>;
}

/** @throws what keeps it from starting; whatever had been started is stopped again. */
export async function startWorker(config: LatidoConfig, log: Pino): Promise<RunningWorker> {
  const database = await openDatabaseForCommand(config);
  try {
    await requireMigrated(database.url);
    const access = { url: database.url, poolSize: config.database.poolSize };
    const services = await NestFactory.createApplicationContext(
      {
        module: class WorkerModule {},
        imports: [
          PlatformModule.forRoot(config.forWorker(), access),
          AuditModule,
          SubscriptionsModule,
          InferenceModule,
          ModelsModule,
          PredictionsModule,
        ],
      },
      { logger: new NestLogger(log), abortOnError: false },
    );
    return {
      async close() {
        await services.close();
        await database.close();
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** @throws OldDatabaseError */
async function requireMigrated(url: string): Promise<void> {
  const applied = await withClient(url, 'latido worker', (client) =>
    listMigrations(async (statement, parameters) => (await client.query(statement, parameters)).rows as never),
  );
  const missing = schema.migrations.filter(({ name }) => !applied.includes(name));
  if (missing.length > 0)
    throw new OldDatabaseError(
      'The database is older than this version of Latido. Start the API first: it migrates the database.',
    );
}

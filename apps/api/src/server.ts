/** Brings the whole server up and down: database, migrations, application, port; and back in the opposite order. */
import type { AddressInfo } from 'node:net';
import type { Logger as Pino } from 'pino';
import { RequestLog } from '#audit';
import { FirstAdministrator } from '#auth';
import { DataFolder, migrate, openDatabase, type LatidoConfig } from '#platform';
import { schema } from '../../../migrations/schema.js';
import { createApplication, type Application } from './app.js';

export interface RunningServer {
  /** Where clients reach it. */
  readonly url: string;
  /** Where the data is, for people. */
  readonly dataPlace: string;
  readonly recordProtected: boolean;
  readonly administrator: Awaited<ReturnType<FirstAdministrator['ensure']>>;
  /** Stops accepting, finishes what is in flight, writes what waits, stops what was started. */
  close(): Promise<void>;
}

/** @throws what keeps it from starting; whatever had been started is stopped again. */
export async function startServer(config: LatidoConfig, log: Pino): Promise<RunningServer> {
  const folder = new DataFolder(config.dataDir);
  const database = await openDatabase(config, folder, (message) => log.warn({ context: 'database' }, message));
  let app: Application['app'] | undefined;
  try {
    const { recordProtected } = await migrate(database.ownerUrl, database.url, schema);
    const application = await createApplication(config, { url: database.url, poolSize: config.database.poolSize }, log);
    const { fastify } = application;
    app = application.app;
    const administrator = await app.get(FirstAdministrator).ensure();
    await app.listen({ port: config.http.port, host: config.http.host });
    const { port } = fastify.server.address() as AddressInfo;
    const host = ['0.0.0.0', '::', '127.0.0.1'].includes(config.http.host) ? 'localhost' : config.http.host;
    return {
      url: `${config.http.tls ? 'https' : 'http'}://${host}:${port}`,
      dataPlace: database.place,
      recordProtected,
      administrator,
      close: async () => {
        await fastify.close();
        await application.app
          .get(RequestLog)
          .flush()
          .catch((error: unknown) => log.error({ err: error }, 'the request log could not be written'));
        await application.app.close();
        await database.close();
      },
    };
  } catch (error) {
    await app?.close().catch((fault: unknown) => log.error({ err: fault }, 'the application could not be closed'));
    await database.close();
    throw error;
  }
}

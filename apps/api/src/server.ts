/** Brings the whole server up and down in one process: database, application, port; and back in the opposite order. */
import type { Logger as Pino } from 'pino';
import { AnonymousAccount, FirstAdministrator } from '#auth';
import type { LatidoConfig } from '#platform';
import { prepareDatabase } from './database.js';
import type { RunningServer } from './running-server.js';
import { consolePlace, legacyPlaces, Serving, urlOf } from './serving.js';

/**
 * @param stop what asks to stop also while it starts
 * @throws what keeps it from starting; whatever had been started is stopped again.
 */
export async function startServer(config: LatidoConfig, log: Pino, stop: AbortSignal): Promise<RunningServer> {
  const database = await prepareDatabase(config, log, stop);
  let serving: Serving | undefined;
  try {
    stop.throwIfAborted();
    serving = await Serving.create(config, database.url, log);
    const { app } = serving.application;
    const administrator = await app.get(FirstAdministrator).ensure();
    await app.get(AnonymousAccount).ensure();
    const port = await serving.listen(stop);
    const started = serving;
    return {
      url: urlOf(config, port),
      console: consolePlace(config, urlOf(config, port)),
      dataPlace: database.place,
      recordProtected: database.recordProtected,
      administrator,
      legacy: legacyPlaces(config, urlOf(config, port)),
      workers: 1,
      failure: new Promise<never>(() => undefined),
      close: async () => {
        await started.close();
        await database.close();
      },
    };
  } catch (error) {
    await serving?.abandon();
    await database.close();
    throw error;
  }
}

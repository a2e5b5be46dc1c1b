/** One of the processes that answer on the port of their primary, on the database that it has prepared. */
import type { Logger as Pino } from 'pino';
import { Metrics, type LatidoConfig } from '#platform';
import { Serving } from '../serving.js';
import { exchangeMetrics } from './metrics-exchange.js';

/**
 * @param stop what asks to stop also while it starts
 * @throws what keeps it from starting
 */
export async function startWorker(
  config: LatidoConfig,
  log: Pino,
  stop: AbortSignal,
): Promise<{ close(): Promise<void> }> {
  const { url } = config.database;
  if (url === undefined) throw new Error('a worker needs the database of its primary');
  const serving = await Serving.create(config, url, log);
  try {
    exchangeMetrics(serving.application.app.get(Metrics));
    await serving.listen(stop);
  } catch (error) {
    await serving.abandon();
    throw error;
  }
  return serving;
}

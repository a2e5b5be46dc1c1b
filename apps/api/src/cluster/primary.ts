/**
 * The process that started the workers. It alone owns what there may be only one of: the built-in Postgres, migrations, the accounts
 * that the server makes. It answers no requests itself.
 */
import { availableParallelism } from 'node:os';
import { NestFactory } from '@nestjs/core';
import type { Logger as Pino } from 'pino';
import { Counter, Gauge, Registry } from 'prom-client';
import { AuditModule } from '#audit';
import { AnonymousAccount, AuthModule, FirstAdministrator, type FirstAdministratorResult } from '#auth';
import { NestLogger, PlatformModule, type LatidoConfig } from '#platform';
import { prepareDatabase } from '../database.js';
import type { RunningServer } from '../running-server.js';
import { consolePlace, legacyPlaces, urlOf } from '../serving.js';
import { WorkersMetrics } from './metrics-exchange.js';
import { Workers } from './workers.js';

/** Some workers did not end in time and were made to. */
export class WorkersOverdueError extends Error {}

/**
 * @param stop what asks to stop also while it starts
 * @throws what keeps it from starting; whatever had been started is stopped again.
 */
export async function startPrimary(config: LatidoConfig, log: Pino, stop: AbortSignal): Promise<RunningServer> {
  const database = await prepareDatabase(config, log, stop);
  let workers: Workers | undefined;
  try {
    const administrator = await ensureAccounts(config, database.url, log);
    stop.throwIfAborted();
    const started = (workers = superviseWorkers(config, database.url, log));
    stop.addEventListener('abort', () => void started.stop());
    const port = await started.start();
    const close = async (): Promise<void> => {
      const inTime = await started.stop();
      await database.close();
      if (!inTime) throw new WorkersOverdueError('workers did not end in time');
    };
    return {
      url: urlOf(config, port),
      console: consolePlace(config, urlOf(config, port)),
      dataPlace: database.place,
      recordProtected: database.recordProtected,
      administrator,
      legacy: legacyPlaces(config, urlOf(config, port)),
      workers: config.cluster.workers,
      failure: started.failure().catch(async (error: unknown) => {
        await close();
        throw error;
      }),
      close,
    };
  } catch (error) {
    await workers?.stop();
    await database.close();
    throw error;
  }
}

function superviseWorkers(config: LatidoConfig, databaseUrl: string, log: Pino): Workers {
  const registry = new Registry();
  const metrics = new WorkersMetrics(() => registry.getMetricsAsJSON());
  const workers = new Workers({
    count: config.cluster.workers,
    otherPorts: config.legacy.ports.map(({ port }) => port),
    environment: environmentOf(config, databaseUrl),
    log,
    onStart: (worker) => metrics.add(worker),
  });
  new Gauge({
    name: 'latido_workers',
    help: 'Processes that answer requests',
    registers: [registry],
    collect() {
      this.set(workers.size);
    },
  });
  new Counter({
    name: 'latido_worker_restarts_total',
    help: 'Workers that ended and were replaced',
    registers: [registry],
    collect() {
      this.reset();
      this.inc(workers.restarts);
    },
  });
  return workers;
}

/**
 * Workers read the same configuration, but for what this process has done for them: their database is there and migrated, as the
 * application's role; they know neither the schema owner nor the administrator's password. An empty value counts as unset, whatever
 * .env says. Processors are divided among them, unless the operator has.
 */
function environmentOf({ cluster, inference, legacy }: LatidoConfig, databaseUrl: string): Record<string, string> {
  const threads = Math.max(1, Math.floor((availableParallelism() - 1) / cluster.workers));
  return {
    DATABASE_URL: databaseUrl,
    DATABASE_OWNER_URL: '',
    ADMIN_PASSWORD: '',
    CLUSTER_WORKERS: String(cluster.workers),
    // `--legacy` is an option of this process.
    LEGACY_APIS: legacy.apis.join(','),
    LEGACY_PORTS: legacy.ports.map(({ name, port }) => `${name}:${port}`).join(','),
    ...(inference.threads === undefined ? { INFERENCE_THREADS: String(threads) } : {}),
  };
}

/** Those that the server itself makes: its first administrator, and whom calls without a token count for. */
async function ensureAccounts(config: LatidoConfig, url: string, log: Pino): Promise<FirstAdministratorResult> {
  const services = await NestFactory.createApplicationContext(
    {
      module: class PrimaryModule {},
      imports: [PlatformModule.forRoot(config, { url, poolSize: 2, listens: false }), AuditModule, AuthModule],
    },
    { logger: new NestLogger(log), abortOnError: false },
  );
  try {
    const administrator = await services.get(FirstAdministrator).ensure();
    await services.get(AnonymousAccount).ensure();
    return administrator;
  } finally {
    await services.close();
  }
}

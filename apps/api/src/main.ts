/** The server's process: configuration, start, signals. With CLUSTER_WORKERS it is several, all of which begin here. */
import 'reflect-metadata';
import cluster from 'node:cluster';
import { ConfigError, createLogger, loadConfig, startEnvironment, type LatidoConfig } from '#platform';
import { startPrimary } from './cluster/primary.js';
import { startWorker } from './cluster/worker.js';
import { WorkerStartError } from './cluster/workers.js';
import type { RunningServer } from './running-server.js';
import { startServer } from './server.js';
import { explainStartFailure } from './start-failures.js';

/** A shutdown that takes longer is cut short; a worker's sooner, so that its primary still stops the database in time. */
const SHUTDOWN_LIMIT_MS = cluster.isWorker ? 7_500 : 9_500;

function say(...lines: string[]): void {
  process.stderr.write(`${lines.join('\n')}\n`);
}

function readConfig(): LatidoConfig {
  try {
    return loadConfig(startEnvironment(process.argv.slice(2)));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    say(error.message);
    process.exit(78); // EX_CONFIG of sysexits.h
  }
}

function announce(server: RunningServer): void {
  const { administrator } = server;
  const password =
    administrator.password && process.stderr.isTTY
      ? [`  password:  ${administrator.password}   (shown once; also in ${administrator.passwordFile})`]
      : [];
  say(
    'Latido is up.',
    `  Console:   ${server.console}`,
    `  API:       ${server.url}/v1`,
    `  Try it:    ${server.url}/docs`,
    ...server.legacy.map((place) => `  Older:     ${place}`),
    `  Data:      ${server.dataPlace}`,
    ...(server.workers > 1 ? [`  Workers:   ${server.workers}`] : []),
    ...(administrator.passwordFile
      ? [`  Admin:     user name admin, first password in ${administrator.passwordFile}`]
      : []),
    ...password,
    ...(server.recordProtected
      ? []
      : [
          '  Warning:   one database role does everything, so the record is not write-protected; set DATABASE_OWNER_URL.',
        ]),
  );
}

const config = readConfig();
const log = createLogger(config.log.level, 1, cluster.worker?.id);
const stopping = new AbortController();

async function stop(signal: string): Promise<void> {
  if (stopping.signal.aborted) return;
  stopping.abort();
  log.info({ signal }, 'stopping');
  const overdue = setTimeout(() => {
    log.fatal('shutdown took too long');
    log.flush();
    process.exit(1);
  }, SHUTDOWN_LIMIT_MS);
  overdue.unref();
  // A signal may come before the server is up: what has been started by then is stopped as well.
  const server = await starting;
  await server.close();
  log.flush();
  process.exit(0);
}

// SIGHUP: the terminal was closed. Listened to before the first thing is started.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
  process.on(signal, () => {
    stop(signal).catch((error: unknown) => {
      log.fatal({ err: error }, 'shutdown failed');
      log.flush();
      process.exit(1);
    });
  });
}

async function start(): Promise<{ close(): Promise<void> }> {
  if (cluster.isWorker) return startWorker(config, log, stopping.signal);
  const startAll = config.cluster.workers > 1 ? startPrimary : startServer;
  const server = await startAll(config, log, stopping.signal);
  if (!stopping.signal.aborted) announce(server);
  server.failure.catch((error: unknown) => fail(error, 'Latido cannot go on'));
  return server;
}

function fail(error: unknown, what: string): never {
  const stopped = stopping.signal.aborted;
  if (!stopped) {
    const explanation = explainStartFailure(error, config);
    if (explanation === undefined) log.fatal({ err: error }, what);
    say(`${what}: ${explanation ?? (error as Error).message}`);
  }
  log.flush();
  // An interrupted start fails in its own way (initdb hears Ctrl-C too): it was asked to stop, and it did.
  process.exit(stopped ? 0 : 1);
}

function failToStart(error: unknown): never {
  // A worker that ended by itself has said why.
  if (error instanceof WorkerStartError && error.signal === null) process.exit(stopping.signal.aborted ? 0 : 1);
  return fail(error, 'Latido did not start');
}

const starting = start();
await starting.catch(failToStart);

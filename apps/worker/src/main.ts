/** The process of `npm run worker`: configuration, start, signals. */
import 'reflect-metadata';
import { ConfigError, createLogger, loadConfig, type LatidoConfig } from '#platform';
import { startWorker } from './worker.js';

const SHUTDOWN_LIMIT_MS = 9_500;

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

function readConfig(): LatidoConfig {
  try {
    return loadConfig();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    say(error.message);
    process.exit(78); // EX_CONFIG of sysexits.h
  }
}

const config = readConfig();
const log = createLogger(config.log.level);
let stopping = false;

async function stop(signal: string): Promise<void> {
  if (stopping) return;
  stopping = true;
  log.info({ signal }, 'stopping');
  setTimeout(() => {
    log.fatal('shutdown took too long');
    log.flush();
    process.exit(1);
  }, SHUTDOWN_LIMIT_MS).unref();
  await (await starting).close();
  log.flush();
  process.exit(0);
}

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
  process.on(signal, () => {
    stop(signal).catch((error: unknown) => {
      log.fatal({ err: error }, 'shutdown failed');
      log.flush();
      process.exit(1);
    });
  });
}

const starting = startWorker(config, log);
try {
  await starting;
  say('Latido’s worker is up.');
} catch (error) {
  log.fatal({ err: error }, 'the worker did not start');
  log.flush();
  say(`The worker did not start: ${(error as Error).message}`);
  process.exit(stopping ? 0 : 1);
}

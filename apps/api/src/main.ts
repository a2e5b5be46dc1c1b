/** The server's process: configuration, start, signals. */
import 'reflect-metadata';
import { ConfigError, createLogger, loadConfig, type LatidoConfig } from '#platform';
import { startServer, type RunningServer } from './server.js';
import { explainStartFailure } from './start-failures.js';

/** A shutdown that takes longer is cut short. */
const SHUTDOWN_LIMIT_MS = 9_500;

function say(...lines: string[]): void {
  process.stderr.write(`${lines.join('\n')}\n`);
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

function announce(server: RunningServer): void {
  const { administrator } = server;
  const password =
    administrator.password && process.stderr.isTTY
      ? [`  password:  ${administrator.password}   (shown once; also in ${administrator.passwordFile})`]
      : [];
  say(
    'Latido is up.',
    `  API:       ${server.url}/v1`,
    `  Try it:    ${server.url}/docs`,
    `  Data:      ${server.dataPlace}`,
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
const log = createLogger(config.log.level);

let stopping = false;
async function stop(signal: string): Promise<void> {
  if (stopping) return;
  stopping = true;
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

const starting = startServer(config, log);
try {
  const server = await starting;
  if (!stopping) announce(server);
} catch (error) {
  if (!stopping) {
    const explanation = explainStartFailure(error, config);
    if (explanation === undefined) log.fatal({ err: error }, 'Latido did not start');
    say(`Latido did not start: ${explanation ?? (error as Error).message}`);
  }
  log.flush();
  // An interrupted start fails in its own way (initdb hears Ctrl-C too): it was asked to stop, and it did.
  process.exit(stopping ? 0 : 1);
}

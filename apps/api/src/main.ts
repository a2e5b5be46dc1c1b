/** The server's process: configuration, start, signals. */
import 'reflect-metadata';
import { ConfigError, createLogger, DataFolderInUseError, DataFolderVersionError, loadConfig, type LatidoConfig } from '#platform';
import { startServer, type RunningServer } from './server.js';

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
  const password = administrator.password && process.stderr.isTTY ? [`  password:  ${administrator.password}   (shown once; also in ${administrator.passwordFile})`] : [];
  say(
    'Latido is up.',
    `  API:       ${server.url}/v1`,
    `  Try it:    ${server.url}/docs`,
    `  Data:      ${server.dataPlace}`,
    ...(administrator.passwordFile ? [`  Admin:     user name admin, first password in ${administrator.passwordFile}`] : []),
    ...password,
    ...(server.recordProtected ? [] : ['  Warning:   one database role does everything, so the record is not write-protected; set DATABASE_OWNER_URL.']),
  );
}

const config = readConfig();
const log = createLogger(config.log.level);
let server: RunningServer;
try {
  server = await startServer(config, log);
} catch (error) {
  if (error instanceof DataFolderInUseError || error instanceof DataFolderVersionError) say(error.message);
  else {
    log.fatal({ err: error }, 'Latido did not start');
    say(`Latido did not start: ${(error as Error).message}`);
  }
  log.flush();
  process.exit(1);
}

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
  await server.close();
  log.flush();
  process.exit(0);
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    stop(signal).catch((error: unknown) => {
      log.fatal({ err: error }, 'shutdown failed');
      log.flush();
      process.exit(1);
    });
  });
}
announce(server);

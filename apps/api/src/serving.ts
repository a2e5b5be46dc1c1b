/** The application on its port: what every process that answers requests runs. */
import type { AddressInfo } from 'node:net';
import type { Logger as Pino } from 'pino';
import { RequestLog } from '#audit';
import { HotFolder } from '#models';
import type { LatidoConfig } from '#platform';
import { createApplication, SERVER_TIMEOUTS, type Application } from './app.js';
import { isConsoleBuilt } from './console.js';
import { LegacyPorts } from './legacy-ports.js';

/** While it stops. */
const SWEEP_EVERY_MS = 200;
/** Whoever has not taken an answer by then holds it up no longer: time is left to write what waits and to stop the database in order. */
const CUT_AFTER_MS = 5_000;

export class Serving {
  private readonly legacyPorts: LegacyPorts;

  private constructor(
    private readonly config: LatidoConfig,
    private readonly log: Pino,
    readonly application: Application,
  ) {
    this.legacyPorts = new LegacyPorts(config.http, config.legacy.ports, application.fastify, SERVER_TIMEOUTS);
  }

  /** Composes the application; nothing answers before `listen`. */
  static async create(config: LatidoConfig, databaseUrl: string, log: Pino): Promise<Serving> {
    const access = { url: databaseUrl, poolSize: config.database.poolSize };
    return new Serving(config, log, await createApplication(config, access, log));
  }

  /**
   * Answers the port it listens on, which the system chose where the configuration leaves it to it.
   * @param stop what interrupts it, with its reason
   */
  async listen(stop: AbortSignal): Promise<number> {
    const { app, fastify } = this.application;
    stop.throwIfAborted();
    // Verifying the models that came with the installation is what takes long.
    stop.addEventListener('abort', () => app.get(HotFolder, { strict: false }).interrupt(), { once: true });
    // Their requests are routed, which needs all routes; before the server's own port, which tells that all of it answers.
    await app.init();
    stop.throwIfAborted();
    await fastify.ready();
    await this.legacyPorts.listen();
    await app.listen({ port: this.config.http.port, host: this.config.http.host });
    return (fastify.server.address() as AddressInfo).port;
  }

  /** Stops accepting, finishes what is in flight, writes what waits. */
  async close(): Promise<void> {
    const { app, fastify } = this.application;
    // Connections whose answer ends only now are idle after it, and would be waited for. Not by `Connection: close` on long answers:
    // some clients then take one that was cut off for whole.
    const sweep = (): void => {
      fastify.server.closeIdleConnections();
      this.legacyPorts.closeIdleConnections();
    };
    const sweeping = setInterval(sweep, SWEEP_EVERY_MS);
    const cutting = setTimeout(() => {
      this.log.warn('answers that nobody has taken are cut off');
      fastify.server.closeAllConnections();
      this.legacyPorts.closeAllConnections();
    }, CUT_AFTER_MS);
    await Promise.all([this.legacyPorts.close(), fastify.close()]).finally(() => {
      clearInterval(sweeping);
      clearTimeout(cutting);
    });
    await app
      .get(RequestLog)
      .flush()
      .catch((error: unknown) => this.log.error({ err: error }, 'the request log could not be written'));
    await app.close();
  }

  /** Undoes a start that failed, whose reason is more worth telling than what may fail here. */
  async abandon(): Promise<void> {
    this.legacyPorts.closeIdleConnections();
    await this.legacyPorts.close();
    await this.application.app
      .close()
      .catch((fault: unknown) => this.log.error({ err: fault }, 'the application could not be closed'));
  }
}

/** Where people reach the web console, or why they do not. */
export function consolePlace(config: LatidoConfig, url: string): string {
  if (!config.console) return 'off (CONSOLE=off)';
  return isConsoleBuilt() ? url : 'not built (npm ci --include=dev, then npm run build)';
}

/** Where clients of older services reach theirs, for people. */
export function legacyPlaces(config: LatidoConfig, url: string): string[] {
  const { apis, ports } = config.legacy;
  return apis.map((name) => {
    const own = ports.filter((place) => place.name === name).map(({ port }) => urlOf(config, port));
    return [`${url}/legacy/${name}`, ...own].join(', ');
  });
}

/** Where clients reach a server that listens on the port. */
export function urlOf({ http }: LatidoConfig, port: number): string {
  const host = ['0.0.0.0', '::', '127.0.0.1'].includes(http.host) ? 'localhost' : http.host;
  return `${http.tls ? 'https' : 'http'}://${host}:${port}`;
}

/**
 * A line for each answer in the log: request id, user, route pattern (never the URL), status and duration. Written by hand, to
 * the byte as pino writes it, and handed to the log's destination many at a time: by pino they took a tenth of an answer's time.
 */
import type { FastifyInstance } from 'fastify';
import { pino, type DestinationStream, type Logger as Pino } from 'pino';
import { WHOLE_WRITE_BYTES } from './logging.js';
import { isoTime, milliseconds } from './texts.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answered without a line: a file that is anybody's, and of which a page needs many. */
    unlogged?: boolean;
  }
}

/** A kill -9 may forget lines at most this old. */
const WRITE_EVERY_MS = 50;

/** Lines that wait to be written together, at most as many as stay whole. They are ASCII: a character is a byte. */
class AccessLines {
  private text = '';
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly destination: DestinationStream) {}

  append(line: string): void {
    if (this.text.length + line.length > WHOLE_WRITE_BYTES) this.write();
    this.text += line;
    this.timer ??= setTimeout(this.write, WRITE_EVERY_MS).unref();
  }

  readonly write = (): void => {
    clearTimeout(this.timer);
    this.timer = undefined;
    const { text } = this;
    this.text = '';
    if (text !== '') this.destination.write(text);
  };
}

/** Adds the hook; nothing where the log's level leaves such lines out. What waits is written when the server closes. */
export function registerAccessLog(fastify: FastifyInstance, log: Pino): void {
  if (!log.isLevelEnabled('info')) return;
  const { [pino.symbols.streamSym]: destination } = log as unknown as Record<symbol, DestinationStream>;
  const lines = new AccessLines(destination!);
  const bindings = JSON.stringify(log.bindings()).slice(1, -1);
  const ofProcess = bindings === '' ? '' : `${bindings},`;
  /** Route patterns as JSON: they are the application's own and few. */
  const routes = new Map<string, string>();
  const routeText = (route: string): string => {
    const text = JSON.stringify(route);
    routes.set(route, text);
    return text;
  };
  fastify.addHook('onResponse', (request, reply, done) => {
    const { id, method, state } = request;
    const { url: route = 'unknown', config } = state?.route ?? request.routeOptions;
    if (config?.unlogged && reply.statusCode < 400) {
      done();
      return;
    }
    const user = state?.principal ? `"userId":"${state.principal.userId}",` : '';
    // Ids and methods are of letters, digits and a few marks, none of which JSON escapes.
    lines.append(
      `{"level":"info","time":"${isoTime(Date.now())}",${ofProcess}"requestId":"${id}",${user}"method":"${method}",` +
        `"route":${routes.get(route) ?? routeText(route)},"status":${reply.statusCode},` +
        `"durationMs":${milliseconds(state?.tookMs ?? reply.elapsedTime)},"msg":"request"}\n`,
    );
    done();
  });
  fastify.addHook('onClose', (_, done) => {
    lines.write();
    done();
  });
}

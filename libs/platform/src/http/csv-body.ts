/** Bodies of text/csv, for the routes that read them: handed over as they come, never gathered. */
import type { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { DomainError, platformErrors } from '../errors.js';
import { takesItsTime } from './body-deadline.js';
import { extendRouteConfig } from './route-config.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    acceptsCsv?: boolean;
  }
}

/** Without a byte for so long the sender is gone. */
const SILENCE_MS = 60_000;
/** At a stop, what is still coming in may go on so long. */
const FINISH_WITHIN_MS = 4_000;

export class CsvBody {
  constructor(
    private readonly stream: Readable,
    /** As the client names it; undefined: it does not. */
    readonly charset?: string,
    /** Bytes that will come, where the client says how many. */
    readonly length?: number,
  ) {}

  /** The bytes as they come. Leaving off does not end the connection, on which there is still something to be said. */
  async *bytes(): AsyncGenerator<Buffer> {
    const { stream } = this;
    const iterator = stream.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer>;
    for (;;) {
      const silence = setTimeout(() => stream.destroy(new Error('the client stopped sending')), SILENCE_MS);
      const { done, value } = await iterator.next().finally(() => clearTimeout(silence));
      if (!done) {
        yield value;
        continue;
      }
      // What was destroyed without a reason ends like what has come to its end.
      if (!stream.readableEnded) throw new Error('the file was cut off');
      return;
    }
  }

  /** Nobody wants the rest: it is read and forgotten, so that the sender gets to the answer. */
  discard(): void {
    this.stream.removeAllListeners('readable');
    this.stream.resume();
  }
}

/** The route also reads text/csv: its body is then a `CsvBody`, which is not held to the time that other bodies have. */
export function AcceptsCsv(): MethodDecorator {
  return extendRouteConfig(() => ({ acceptsCsv: true }));
}

export function registerCsvParser(fastify: FastifyInstance): void {
  const coming = new Set<Readable>();
  fastify.addHook('preClose', (done) => {
    setTimeout(() => {
      for (const payload of coming) payload.destroy(new Error('the server is being stopped'));
    }, FINISH_WITHIN_MS).unref();
    done();
  });
  fastify.addContentTypeParser('text/csv', (request, payload, done) => {
    if (!request.routeOptions.config.acceptsCsv)
      return done(new DomainError(platformErrors.UNSUPPORTED_MEDIA_TYPE, 'This route does not read text/csv.'));
    takesItsTime(request.raw);
    coming.add(payload);
    payload.once('close', () => coming.delete(payload));
    const { 'content-type': type, 'content-length': length } = request.headers;
    done(null, new CsvBody(payload, charsetOf(type), length === undefined ? undefined : Number(length)));
  });
}

function charsetOf(contentType = ''): string | undefined {
  return /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType)?.[1];
}

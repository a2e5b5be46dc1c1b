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
export const SILENCE_MS = 60_000;
/** At a stop, what is still coming in may go on so long. */
const FINISH_WITHIN_MS = 4_000;

export class CsvBody {
  constructor(
    private readonly stream: Readable,
    /** As the client names it; undefined: it does not. */
    readonly charset?: string,
    /** Bytes that will come, where the client says how many. */
    readonly length?: number,
    private readonly silenceMs = SILENCE_MS,
  ) {}

  /**
   * The bytes as they come. Leaving off does not end the connection, on which there is still something to be said.
   * @throws MALFORMED_REQUEST when the file is cut off, REQUEST_TIMEOUT when the client stops sending
   */
  async *bytes(): AsyncGenerator<Buffer> {
    const { stream } = this;
    const iterator = stream.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer>;
    for (;;) {
      const { done, value } = await this.next(iterator);
      if (!done) {
        yield value;
        continue;
      }
      // What was destroyed without a reason ends like what has come to its end.
      if (!stream.readableEnded) throw cutOff();
      return;
    }
  }

  private async next(iterator: AsyncIterator<Buffer>): Promise<IteratorResult<Buffer>> {
    let silence: NodeJS.Timeout | undefined;
    const silent = new Promise<never>((_, reject) => {
      silence = setTimeout(() => reject(silentFor(this.silenceMs)), this.silenceMs);
    });
    const next = iterator.next();
    next.catch(() => undefined); // told here, unless the client has been silent before
    try {
      return await Promise.race([next, silent]);
    } catch (error) {
      throw error instanceof DomainError ? error : cutOff(error);
    } finally {
      clearTimeout(silence);
    }
  }

  /** Nobody wants the rest: it is read and forgotten, so that the sender gets to the answer. */
  discard(): void {
    this.stream.removeAllListeners('readable');
    this.stream.resume();
  }
}

function cutOff(cause?: unknown): DomainError {
  return new DomainError(platformErrors.MALFORMED_REQUEST, 'The file was cut off.', { cause });
}

/** The answer is the last one on its connection, on which the rest of the request may still be wanting. */
function silentFor(ms: number): DomainError {
  return new DomainError(platformErrors.REQUEST_TIMEOUT, `The client sent nothing for ${ms / 1_000} s.`, {
    headers: { connection: 'close' },
  });
}

/** The route also reads text/csv: its body is then a `CsvBody`, which is not held to the time that other bodies have. */
export function AcceptsCsv(): MethodDecorator {
  return extendRouteConfig(() => ({ acceptsCsv: true }));
}

export function registerCsvParser(fastify: FastifyInstance): void {
  const coming = new Set<Readable>();
  fastify.addHook('preClose', (done) => {
    setTimeout(() => {
      for (const payload of coming) payload.destroy(stopping());
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

/** No fault of anybody's. */
function stopping(): DomainError {
  const kind = { ...platformErrors.REQUEST_REFUSED, status: 503, title: 'Service unavailable' };
  return new DomainError(kind, 'The server is being stopped.');
}

function charsetOf(contentType = ''): string | undefined {
  return /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType)?.[1];
}

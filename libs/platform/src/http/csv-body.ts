/** Bodies of text/csv, for the routes that read them: handed over as they come, never gathered. */
import type { IncomingMessage } from 'node:http';
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

/** What Node's connection has and its types do not tell. */
interface WithParser {
  readonly parser?: { remove?(): void };
}

export class CsvBody {
  constructor(
    private readonly stream: IncomingMessage,
    /** As the client names it; undefined: it does not. */
    readonly charset: string | undefined,
  ) {}

  /** Bytes that will come, where the client says how many. */
  get length(): number | undefined {
    const length = this.stream.headers['content-length'];
    return length === undefined ? undefined : Number(length);
  }

  /** The bytes as they come. Leaving off does not end the connection, on which there is still something to be said. */
  async *bytes(): AsyncGenerator<Buffer> {
    const { stream } = this;
    // A file may take longer than Node gives a request to arrive as a whole; silence is watched for here instead.
    (stream.socket as unknown as WithParser | null)?.parser?.remove?.();
    const iterator = stream.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer>;
    for (;;) {
      const silence = setTimeout(() => stream.destroy(new Error('the client stopped sending')), SILENCE_MS);
      const { done, value } = await iterator.next().finally(() => clearTimeout(silence));
      if (done) return;
      yield value;
    }
  }

  /** Nobody wants the rest: it is read and forgotten, so that the sender gets to the answer. */
  discard(): void {
    this.stream.removeAllListeners('readable');
    this.stream.resume();
  }
}

/** The route also reads text/csv: its body is then a `CsvBody`. */
export function AcceptsCsv(): MethodDecorator {
  return extendRouteConfig(() => ({ acceptsCsv: true }));
}

export function registerCsvParser(fastify: FastifyInstance): void {
  fastify.addContentTypeParser('text/csv', (request, payload, done) => {
    if (!request.routeOptions.config.acceptsCsv)
      return done(new DomainError(platformErrors.UNSUPPORTED_MEDIA_TYPE, 'This route reads application/json.'));
    takesItsTime(request.raw);
    done(null, new CsvBody(payload, charsetOf(request.headers['content-type'])));
  });
}

function charsetOf(contentType = ''): string | undefined {
  return /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType)?.[1];
}

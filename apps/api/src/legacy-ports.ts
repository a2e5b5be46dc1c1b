/**
 * The ports at whose root older services are served, as their clients know them. Each is a server of its own before the one
 * application: it puts `/legacy/<name>` before the path of a request, and hands it to the application's router.
 */
import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { FastifyInstance } from 'fastify';
import {
  LeanResponse,
  refuseUnreadable,
  registerBodyDeadline,
  type LatidoConfig,
  type LegacyName,
  type LegacyPort,
} from '#platform';

/** What Node asks of a server's options, as of the application's own. */
export interface ServerTimeouts {
  readonly requestTimeout: number;
  readonly keepAliveTimeout: number;
}

/** The scheme and authority of a target in absolute form (RFC 9112 §3.2.2), which a server must accept. */
const SCHEME_AND_AUTHORITY = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i;

/** Where a request's target is in the application: below the service's prefix, in whatever form it was sent. */
function targetBelow(prefix: string, target: string): string {
  const path = target.replace(SCHEME_AND_AUTHORITY, '');
  return path.startsWith('/') ? `${prefix}${path}` : `${prefix}/${path}`;
}

export class LegacyPorts {
  private readonly servers: readonly { readonly server: Server; readonly port: number }[];

  constructor(
    private readonly http: LatidoConfig['http'],
    ports: readonly LegacyPort[],
    fastify: FastifyInstance,
    timeouts: ServerTimeouts,
  ) {
    this.servers = ports.map(({ name, port }) => ({ server: this.serverOf(name, fastify, timeouts), port }));
  }

  /** @throws what keeps one of them from listening: none does then */
  async listen(): Promise<void> {
    try {
      for (const { server, port } of this.servers) {
        server.listen({ port, host: this.http.host });
        await once(server, 'listening');
      }
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** Accepts no more; resolves when every connection has ended, for which `closeIdleConnections` is to be called meanwhile. */
  async close(): Promise<void> {
    const open = this.servers.filter(({ server }) => server.listening);
    await Promise.all(open.map(({ server }) => new Promise((closed) => server.close(closed))));
  }

  closeIdleConnections(): void {
    for (const { server } of this.servers) server.closeIdleConnections();
  }

  closeAllConnections(): void {
    for (const { server } of this.servers) server.closeAllConnections();
  }

  private serverOf(name: LegacyName, fastify: FastifyInstance, timeouts: ServerTimeouts): Server {
    const answer: RequestListener = (request, response) => {
      // Whatever it is: what went on without the prefix would be a route of the whole application.
      request.url = targetBelow(`/legacy/${name}`, request.url ?? '');
      fastify.routing(request, response);
    };
    const options = { ...timeouts, ServerResponse: LeanResponse as never };
    const { tls } = this.http;
    const server = tls ? createHttpsServer({ ...tls, ...options }, answer) : createHttpServer(options, answer);
    server.on('clientError', refuseUnreadable as never);
    registerBodyDeadline(server);
    return server;
  }
}

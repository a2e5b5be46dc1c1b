/**
 * A body must be here after 30 s, but for files that people send over slow lines: Node's own deadline knows no routes. Connections are
 * looked at every few seconds, so that a request costs nothing.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { refuseUnreadable } from './problem.filter.js';

const LOOK_EVERY_MS = 5_000;
const BODY_WITHIN_MS = 30_000;

const unhurried = new WeakSet<IncomingMessage>();

/** This request's body may take as long as the server's own deadline allows. */
export function takesItsTime(request: IncomingMessage): void {
  unhurried.add(request);
}

/** @param withinMs how long a body may take */
export function registerBodyDeadline(server: Server, withinMs = BODY_WITHIN_MS, everyMs = LOOK_EVERY_MS): void {
  const sockets = new Set<Socket>();
  const waitingSince = new WeakMap<IncomingMessage, number>();
  for (const event of ['connection', 'secureConnection'] as const)
    server.on(event, (socket: Socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    });
  const look = (): void => {
    const now = performance.now();
    for (const socket of sockets) {
      // The response under way on this connection, which Node keeps there.
      const request = (socket as Socket & { _httpMessage?: ServerResponse | null })._httpMessage?.req;
      if (!request || request.complete || unhurried.has(request)) continue;
      const since = waitingSince.get(request);
      if (since === undefined) waitingSince.set(request, now);
      else if (now - since > withinMs)
        refuseUnreadable(Object.assign(new Error('body too slow'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' }), socket);
    }
  };
  const timer = setInterval(look, everyMs).unref();
  server.once('close', () => clearInterval(timer));
}

/** HEAD of what is answered as a stream: its headers are told, and what nobody is sent is not made either. */
import { Readable } from 'node:stream';
import type { FastifyInstance, onSendHookHandler } from 'fastify';

/** Before the routes are registered. */
export function registerHeadOfStreams(fastify: FastifyInstance): void {
  fastify.addHook('onRoute', (route) => {
    // Fastify adds the HEAD of a GET by itself, and reads its stream to the end.
    if (route.method === 'HEAD') route.onSend = [letGo, route.onSend ?? []].flat();
  });
}

const letGo: onSendHookHandler = (_request, _reply, payload, done) => {
  if (payload instanceof Readable) payload.destroy();
  done(null, payload);
};

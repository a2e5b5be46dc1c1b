import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import fastify from 'fastify';
import { expect, it } from 'vitest';
import { registerHeadOfStreams } from './head-of-streams.js';

it('of a stream the headers are answered, and the stream is closed without being read', async () => {
  let [made, closed] = [0, false];
  function* lines(): Generator<string> {
    while (made < 1_000) {
      made += 1;
      yield 'a line\n';
    }
  }
  const server = fastify();
  registerHeadOfStreams(server);
  server.get('/file', (_request, reply) =>
    reply.type('text/csv').send(Readable.from(lines(), { objectMode: false }).once('close', () => (closed = true))),
  );
  server.get('/text', () => 'three');

  const head = await server.inject({ method: 'HEAD', url: '/file' });
  expect([head.statusCode, head.headers['content-type'], head.body]).toEqual([200, 'text/csv', '']);
  await sleep(10);
  expect([made, closed]).toEqual([0, true]);

  expect((await server.inject({ method: 'HEAD', url: '/text' })).headers['content-length']).toBe('5');
  expect((await server.inject({ method: 'GET', url: '/file' })).body).toHaveLength(7_000);
  await server.close();
});

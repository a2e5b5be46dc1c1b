import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registerBodyParsers } from './body.js';
import { toProblem } from './problem.filter.js';

const LIMIT = 4_096;
const server = fastify({ bodyLimit: LIMIT });

beforeAll(async () => {
  registerBodyParsers(server);
  server.setErrorHandler((error, request, reply) => {
    const { status, body } = toProblem(error, request.id);
    void reply.status(status).send(body);
  });
  server.post('/bytes', { config: { readsBytes: true } }, (request, reply) =>
    reply.send({ read: (request.body as Buffer).toString('latin1') }),
  );
  server.post('/json', (request, reply) => reply.send({ read: request.body }));
  await server.ready();
});
afterAll(() => server.close());

async function post(payload: Buffer | string | undefined, headers: Record<string, string> = {}, url = '/bytes') {
  const answer = await server.inject({ method: 'POST', url, payload, headers });
  return [answer.statusCode, answer.json<{ read?: unknown }>().read];
}

describe('a route that reads bytes', () => {
  it.each(['application/json', 'application/octet-stream', 'no media type', 'application/x-www-form-urlencoded', ''])(
    'reads a body of type "%s"',
    async (type) => {
      expect(await post('{"a":1}\xff', { 'content-type': type })).toEqual([200, '{"a":1}\xc3\xbf']);
    },
  );

  it('reads a body without a type, and none', async () => {
    expect(await post(Buffer.from([1, 2, 255]))).toEqual([200, '\x01\x02\xff']);
    expect(await post(undefined)).toEqual([200, '']);
  });

  it.each([
    ['gzip', gzipSync('{"a":1}')],
    ['GZIP', gzipSync('{"a":1}')],
    ['x-gzip', gzipSync('{"a":1}')],
    ['deflate', deflateSync('{"a":1}')],
    ['deflate', deflateRawSync('{"a":1}')],
    ['identity', Buffer.from('{"a":1}')],
  ])('inflates %s', async (encoding, payload) => {
    expect(await post(payload, { 'content-encoding': encoding })).toEqual([200, '{"a":1}']);
  });

  it.each([
    ['gzip', gzipSync(Buffer.alloc(50_000_000))],
    ['deflate', deflateSync(Buffer.alloc(2_000_000))],
    ['deflate', deflateRawSync(Buffer.alloc(LIMIT + 1))],
    ['identity', Buffer.alloc(LIMIT + 1)],
  ])('refuses more than it reads, inflated from %s', async (encoding, payload) => {
    expect(await post(payload.subarray(0, 60_000), { 'content-encoding': encoding })).toEqual([413, undefined]);
  });

  it.each([
    ['gzip', 'no gzip at all', 400],
    ['gzip', gzipSync('{"a":1}').subarray(0, 15), 400],
    ['gzip', '', 400],
    ['deflate', 'x', 400],
    ['br', '{}', 415],
    ['gzip, gzip', '{}', 415],
    ['constructor', '{}', 415],
  ])('refuses %s of what is not', async (encoding, payload, status) => {
    expect(await post(payload, { 'content-encoding': encoding })).toEqual([status, undefined]);
  });
});

it('leaves every other route as it is', async () => {
  expect(await post('{"a":1}', { 'content-type': 'application/json' }, '/json')).toEqual([200, { a: 1 }]);
  expect(await post('{}', { 'content-type': 'application/x-latido-bytes' }, '/json')).toEqual([415, undefined]);
  expect(await post('{}', {}, '/json')).toEqual([415, undefined]);
});

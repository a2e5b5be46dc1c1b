import { once } from 'node:events';
import { Agent, request as send } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import fastify from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { registerBodyParsers } from './body.js';
import { toProblem } from './problem.filter.js';

const LIMIT = 4_096;
const server = fastify({ bodyLimit: 1_024 });
const failures: number[] = [];
let port: number;

beforeAll(async () => {
  registerBodyParsers(server);
  server.setErrorHandler((error, request, reply) => {
    const { status, body } = toProblem(error, request.id);
    failures.push(status);
    void reply.status(status).send(body);
  });
  const config = { readsBodyOfGet: true, largestBodyBytes: LIMIT };
  server.get('/reads', { config }, (request, reply) => reply.send({ read: request.body ?? 'nothing' }));
  server.get('/closed', { config, onRequest: async (_, reply) => reply.status(401).send({}) }, () => 'never');
  server.get('/plain', (request, reply) => reply.send({ read: request.body ?? 'nothing' }));
  await server.listen({ port: 0, host: '127.0.0.1' });
  port = (server.server.address() as AddressInfo).port;
});
afterAll(() => server.close());
beforeEach(() => void failures.splice(0));

const agent = new Agent({ keepAlive: true, maxSockets: 1 });
afterAll(() => agent.destroy());

interface Answered {
  readonly status: number;
  readonly read: unknown;
  readonly localPort: number;
}

/** A GET with a body, over one connection that is kept. @param chunks sent one after the other, without a length */
async function get(path: string, body?: string | string[], headers: Record<string, string> = {}): Promise<Answered> {
  const lengths: Record<string, string> =
    typeof body === 'string'
      ? { 'content-length': String(Buffer.byteLength(body)) }
      : body
        ? { 'transfer-encoding': 'chunked' }
        : {};
  const request = send({ agent, port, path, method: 'GET', headers: { ...lengths, ...headers } });
  const responded = once(request, 'response');
  for (const chunk of [body ?? []].flat()) {
    request.write(chunk);
    if (Array.isArray(body)) await sleep(5);
  }
  request.end();
  const [response] = await responded;
  const localPort = (request.socket as Socket).localPort!;
  const parts: Buffer[] = [];
  for await (const part of response) parts.push(part as Buffer);
  const { read } = JSON.parse(Buffer.concat(parts).toString()) as { read?: unknown };
  return { status: response.statusCode as number, read, localPort };
}

const JSON_TYPE = { 'content-type': 'application/json' };

describe('a GET route that reads a body', () => {
  it.each([JSON_TYPE, {}, { 'content-type': 'text/plain' }])('reads JSON with %j', async (headers) => {
    expect(await get('/reads', '{"edad":72,"nombre":"Ñ"}', headers)).toMatchObject({
      status: 200,
      read: { edad: 72, nombre: 'Ñ' },
    });
  });

  it('reads a body without a length, in parts that cut a letter in two', async () => {
    const parts = ['{"nombre":"', 'Peña', '"}'];
    expect(await get('/reads', parts)).toMatchObject({ status: 200, read: { nombre: 'Peña' } });
    const bytes = Buffer.from('{"nombre":"ñ"}');
    const socket = connect(port, '127.0.0.1');
    socket.write('GET /reads HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n');
    for (const part of [bytes.subarray(0, 12), bytes.subarray(12)]) {
      socket.write(`${part.length.toString(16)}\r\n`);
      socket.write(part);
      socket.write('\r\n');
      await sleep(5);
    }
    socket.write('0\r\n\r\n');
    expect(await textOf(socket)).toContain('{"read":{"nombre":"ñ"}}');
  });

  it('has none where none was sent', async () => {
    expect(await get('/reads')).toMatchObject({ status: 200, read: 'nothing' });
    expect(await get('/reads', '')).toMatchObject({ status: 200, read: 'nothing' });
  });

  it.each([
    ['no JSON', '{"edad":', 400],
    ['NaN', '{"edad":NaN}', 400],
    ['spaces', '   ', 400],
    ['__proto__', '{"__proto__":{"edad":72}}', 400],
    ['an escaped __proto__', '{"\\u005f_proto__":{"edad":72}}', 400],
    ['a constructor with a prototype', '{"constructor":{"prototype":{"edad":72}}}', 400],
    ['too much', `"${'a'.repeat(LIMIT)}"`, 413],
    ['far too much', `"${'a'.repeat(4 * 1024 * 1024)}"`, 413],
  ])('refuses %s, and the connection goes on', async (_, body, status) => {
    const refused = await get('/reads', body, JSON_TYPE);
    expect(refused.status).toBe(status);
    const next = await get('/reads', '{"edad":72}', JSON_TYPE);
    expect(next).toEqual({ status: 200, read: { edad: 72 }, localPort: refused.localPort });
  });

  it('refuses too much that comes without a length, and the connection goes on', async () => {
    const refused = await get(
      '/reads',
      Array.from({ length: 40 }, () => 'a'.repeat(1_000)),
    );
    expect(refused.status).toBe(413);
    expect(await get('/reads', '7')).toEqual({ status: 200, read: 7, localPort: refused.localPort });
  });

  it('takes as much as it reads, to the byte', async () => {
    const text = 'a'.repeat(LIMIT - 2);
    expect(await get('/reads', `"${text}"`)).toMatchObject({ status: 200, read: text });
    expect((await get('/reads', `"${text}a"`)).status).toBe(413);
  });

  it('reads nothing of a request that was refused before, and the connection goes on', async () => {
    const refused = await get('/closed', `"${'a'.repeat(100_000)}"`);
    expect(refused.status).toBe(401);
    expect(await get('/reads', '7')).toEqual({ status: 200, read: 7, localPort: refused.localPort });
  });

  it('takes a client that hangs up for no fault of the server', async () => {
    const socket = connect(port, '127.0.0.1');
    socket.write('GET /reads HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"edad":');
    await sleep(50);
    socket.destroy();
    await expect.poll(() => failures).toEqual([400]);
  });

  it('reads what comes by HEAD as well', async () => {
    const answer = await server.inject({ method: 'HEAD', url: '/reads', payload: '{"edad":' });
    expect(answer.statusCode).toBe(400);
  });
});

it('other GET routes leave bodies alone', async () => {
  expect(await get('/plain', '{"edad":')).toMatchObject({ status: 200, read: 'nothing' });
  expect(await get('/plain', '{"edad":72}', JSON_TYPE)).toMatchObject({ status: 200, read: 'nothing' });
});

async function textOf(socket: Socket): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of socket) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

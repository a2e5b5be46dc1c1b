/** A form over a real connection, as it comes: slowly, with too much, cut off. */
import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import type { ArgumentsHost } from '@nestjs/common';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { registerBodyParsers } from '#platform';
import { formOf, type Form } from '../../../../../test/setup/form.js';
import { LegacyErrorFilter } from '../shared/refusal.js';
import { glmRefusal } from './glm.refusals.js';
import { LARGEST_FILE_BYTES, receiveFile } from './uploaded-file.js';

const WITHIN_MS = 150;
const server = fastify();
let port: number;

function hostOf(request: FastifyRequest, reply: FastifyReply): ArgumentsHost {
  const http = { getRequest: () => request, getResponse: () => reply };
  return { switchToHttp: () => http } as unknown as ArgumentsHost;
}

beforeAll(async () => {
  registerBodyParsers(server);
  const filter = new LegacyErrorFilter(glmRefusal);
  server.setErrorHandler((error, request, reply) => filter.catch(error, hostOf(request, reply)));
  server.post('/', { config: { acceptsMultipart: true } }, async (request) => {
    const { name, bytes } = await receiveFile(request, WITHIN_MS);
    return { name, bytes: bytes.length };
  });
  await server.listen({ port: 0, host: '127.0.0.1' });
  port = (server.server.address() as AddressInfo).port;
});
afterAll(() => server.close());

async function send({ payload, headers }: Form): Promise<[number, unknown]> {
  const { statusCode, body } = await server.inject({ method: 'POST', url: '/', payload, headers });
  return [statusCode, JSON.parse(body)];
}

const file = (bytes: number): { fileName: string; content: string } => ({
  fileName: 'a.csv',
  content: 'x'.repeat(bytes),
});

it('takes a file of the largest size, and says where longer ones go', async () => {
  expect(await send(formOf({ file: file(LARGEST_FILE_BYTES) }))).toEqual([
    200,
    { name: 'a.csv', bytes: LARGEST_FILE_BYTES },
  ]);
  for (const bytes of [LARGEST_FILE_BYTES + 1, 3 * LARGEST_FILE_BYTES])
    expect(await send(formOf({ file: file(bytes) }))).toEqual([
      413,
      { error: expect.stringMatching(/2097152 bytes.*\/batches\.$/) as string },
    ]);
});

it('names no other place where it is not the file that is too long', async () => {
  const many = Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`part${index}`, 'x']));
  for (const form of [formOf(many), formOf({ note: 'x'.repeat(70_000) }), formOf({ other: file(5_000_000) })]) {
    const [status, body] = await send(form);
    expect([status, body]).toEqual([413, { error: expect.any(String) as string }]);
    expect(JSON.stringify(body)).not.toContain('batches');
  }
});

it.each([
  ['within its file', 200],
  ['before its file', 30],
])('answers a form that stops %s, and closes the connection', async (_, sent) => {
  const { payload, headers } = formOf({ file: file(10_000) });
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
  socket.write(
    `POST / HTTP/1.1\r\nHost: x\r\nContent-Type: ${String(headers['content-type'])}\r\nContent-Length: ${payload.length}\r\n\r\n`,
  );
  socket.write(payload.subarray(0, sent));
  await once(socket, 'close');
  expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  expect(answer).toMatch(/\{"error":"The form must be here within 0\.15 s\."\}$/);
});

/** The ports of older services before an application: where their requests' targets are in it, over TLS too. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, expect, it } from 'vitest';
import { freePort, type LatidoConfig } from '#platform';
import { LegacyPorts } from './legacy-ports.js';

const TIMEOUTS = { requestTimeout: 10_000, keepAliveTimeout: 5_000 };
const openssl = spawnSync('openssl', ['version']).status === 0;
if (!openssl) console.warn('openssl is not installed: the test of ports with TLS is skipped.');

const toClose: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const close of toClose) await close();
});

/** An application that has more than the older service, with a port for that one. */
async function listen(tls?: LatidoConfig['http']['tls']): Promise<number> {
  const fastify: FastifyInstance = Fastify({ exposeHeadRoutes: false });
  for (const path of ['/v1/plans', '/', '/metrics']) fastify.get(path, () => 'everything');
  fastify.get('/legacy/glm/', () => 'home');
  fastify.get('/legacy/glm/echo', ({ query }) => query);
  fastify.all('/legacy/glm/*', (_, reply) => reply.status(404).send('not of glm'));
  await fastify.ready();
  const port = await freePort();
  const http = { host: '127.0.0.1', tls } as LatidoConfig['http'];
  const ports = new LegacyPorts(http, [{ name: 'glm', port }], fastify, TIMEOUTS);
  await ports.listen();
  toClose.push(async () => {
    const closed = ports.close();
    ports.closeIdleConnections();
    await closed;
    await fastify.close();
  });
  return port;
}

/** Any target, as it is: Node sends a request's path unchanged. */
function ask(port: number, path: string, ca?: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const options: RequestOptions = { host: '127.0.0.1', port, path, agent: false };
    const read = (response: IncomingMessage): void => {
      text(response).then((body) => resolve({ status: response.statusCode!, body }), reject);
    };
    const request = ca ? httpsRequest({ ...options, ca, servername: 'localhost' }, read) : httpRequest(options, read);
    request.on('error', reject).end();
  });
}

it.each<[string, number, string]>([
  ['/echo?a=1', 200, '{"a":"1"}'],
  ['http://other.example/echo?a=1', 200, '{"a":"1"}'],
  ['http://other.example', 200, 'home'],
  ['http://other.example/v1/plans', 404, 'not of glm'],
  ['http:///v1/plans', 404, 'not of glm'],
  ['HTTP://user:word@[::1]:80/metrics', 404, 'not of glm'],
  ['ftp://other.example/v1/plans', 404, 'not of glm'],
  ['http://http://other.example/v1/plans', 404, 'not of glm'],
  ['//v1/plans', 404, 'not of glm'],
  ['*', 404, 'not of glm'],
])('a target %s stays below the service', async (target, status, body) => {
  expect(await ask(await listen(), target)).toEqual({ status, body });
});

it.skipIf(!openssl)('speaks TLS where the server does, and nothing else then', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'latido-tls-'));
  toClose.push(async () => rmSync(folder, { recursive: true }));
  const [key, cert] = [join(folder, 'tls.key'), join(folder, 'tls.crt')];
  const wanted = '-x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=localhost';
  const names = ['-addext', 'subjectAltName=DNS:localhost'];
  const made = spawnSync('openssl', ['req', ...wanted.split(' '), ...names, '-keyout', key, '-out', cert]);
  expect(made.status, made.stderr.toString()).toBe(0);
  const certificate = readFileSync(cert, 'utf8');
  const port = await listen({ cert: certificate, key: readFileSync(key, 'utf8') });
  expect(await ask(port, '/echo?a=1', certificate)).toEqual({ status: 200, body: '{"a":"1"}' });
  const absolute = await ask(port, 'https://localhost/v1/plans', certificate);
  expect(absolute).toEqual({ status: 404, body: 'not of glm' });
  await expect(ask(port, '/echo')).rejects.toThrow();
});

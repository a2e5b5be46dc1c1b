/** Older services at the root of ports of their own, where their clients look for them. */
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { freePort } from '#platform';
import { redisInstalled, RedisServer } from '../setup/redis.js';
import { ADMIN_PASSWORD, Server } from './server.js';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 180_000 });

const PASSWORD = 'three small green boats';
const servers: Server[] = [];
afterAll(() => Promise.all(servers.map((server) => server.remove())));

async function start(environment: Record<string, string>, options: readonly string[] = []): Promise<Server> {
  const server = new Server({ ADMIN_PASSWORD, ...environment }, undefined, options);
  servers.push(server);
  await server.start();
  return server;
}

/** What comes back on a connection of its own for these bytes. */
function exchange(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.end(bytes));
    socket.on('data', (part: Buffer) => (answer += part.toString()));
    socket.on('error', reject);
    socket.on('close', () => resolve(answer));
  });
}

describe('a port of its own', () => {
  let server: Server;
  let cardiac: string;
  let shock: string;

  beforeAll(async () => {
    const [cardiacPort, shockPort] = [await freePort(), await freePort()];
    cardiac = `http://127.0.0.1:${cardiacPort}`;
    shock = `http://127.0.0.1:${shockPort}`;
    server = await start({ LEGACY_APIS: 'cardiac,shock', LEGACY_PORTS: `cardiac:${cardiacPort},shock:${shockPort}` });
  });

  it('has the routes of its service at its root, which are those below /legacy', async () => {
    const account = { username: 'older', password: PASSWORD, email: 'older@hospital.example' };
    expect((await server.request('POST', `${cardiac}/register`, { body: account })).status).toBe(201);
    expect((await server.request('POST', '/legacy/cardiac/register', { body: account })).status).toBe(400);
    const { status, body } = await server.request('POST', `${cardiac}/login`, { body: account });
    expect(status).toBe(200);
    expect(body).toMatchObject({ access_token: expect.any(String), refresh_token: expect.any(String) });
  });

  it('has nothing else: what it does not know it refuses as its service did', async () => {
    for (const path of ['/v1/plans', '/health/live', '/openapi.json', '/../v1/plans', '//v1/plans']) {
      const { status, body } = await server.request('GET', cardiac + path);
      expect([status, body], path).toEqual([404, expect.objectContaining({ code: 404, status: 'Not Found' })]);
    }
    expect((await server.request('GET', `${shock}/register`)).body).toEqual({ detail: expect.any(String) });
    const whole = await exchange(
      Number(new URL(cardiac).port),
      'GET http://other.example/v1/plans HTTP/1.1\r\nhost: other.example\r\nconnection: close\r\n\r\n',
    );
    expect(whole).toMatch(/^HTTP\/1\.1 404 /);
  });

  it('refuses what is no HTTP', async () => {
    expect(await exchange(Number(new URL(shock).port), 'hello\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
  });

  it('counts against the one quota there is', async () => {
    const { token } = await server.newUser('counted');
    const patient = { presionArterial: 1.4, colesterol: 2.4, azucar: 1.8, edad: 72, sobrepeso: 0, tabaquismo: 0 };
    const statuses: number[] = [];
    for (const place of [cardiac, `${server.url}/legacy/cardiac`, cardiac])
      statuses.push((await server.request('POST', `${place}/freemium/predict`, { token, body: patient })).status);
    for (let more = 0; more < 3; more += 1) statuses.push((await server.predict(token)).status);
    expect(statuses.slice(0, 3).every((status) => status < 300)).toBe(true);
    expect(statuses.slice(3)).toEqual([201, 201, 429]);
    const { headers } = await server.request('POST', `${cardiac}/freemium/predict`, { token, body: patient });
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('is announced, and closed when the server stops, whatever connections are open', async () => {
    expect(server.output).toContain(
      `Older:     ${server.url}/legacy/cardiac, ${cardiac.replace('127.0.0.1', 'localhost')}`,
    );
    const idle = connect(Number(new URL(cardiac).port), '127.0.0.1');
    idle.write('GET /nothing HTTP/1.1\r\nhost: x\r\n\r\n');
    await new Promise((answered) => idle.once('data', answered));
    const ended = new Promise((closed) => idle.once('close', closed));
    expect(await server.stop()).toBe(0);
    await ended;
    await expect(fetch(`${cardiac}/login`)).rejects.toThrow();
  });
});

it('stops the start when a port is in use, and says which', async () => {
  const first = servers[0]!;
  await first.start();
  const server = new Server({ ADMIN_PASSWORD, LEGACY_APIS: 'glm', LEGACY_PORTS: `glm:${first.port}` });
  servers.push(server);
  await expect(server.start()).rejects.toThrow('the server ended with 1');
  expect(server.output).toContain(`LEGACY_PORTS gives glm the port ${first.port}, which is in use by another program`);
});

it('tries all of them with --legacy, below /legacy alone', async () => {
  const server = await start({}, ['--legacy']);
  for (const name of ['cardiac', 'shock', 'penguins', 'lab', 'glm'])
    expect(server.output).toContain(`Older:     ${server.url.replace('127.0.0.1', 'localhost')}/legacy/${name}\n`);
  const { body } = await server.request<{ tags: { name: string }[]; paths: object }>('GET', '/openapi.json');
  expect(body.tags.map(({ name }) => name)).toEqual(expect.arrayContaining(['legacy: cardiac', 'legacy: glm']));
  expect(Object.keys(body.paths)).toEqual(expect.arrayContaining(['/legacy/cardiac/register', '/legacy/glm/predict']));
});

it.skipIf(!redisInstalled)('is answered by every worker', async () => {
  const redis = await RedisServer.start();
  const port = await freePort();
  const server = await start({
    LEGACY_APIS: 'cardiac',
    LEGACY_PORTS: `cardiac:${port}`,
    CLUSTER_WORKERS: '2',
    REDIS_URL: redis.url,
  });
  const place = `http://127.0.0.1:${port}`;
  const account = { username: 'older', password: PASSWORD, email: 'older@hospital.example' };
  expect((await server.request('POST', `${place}/register`, { body: account })).status).toBe(201);
  const headers = { connection: 'close' };
  const answers = await Promise.all(
    Array.from({ length: 6 }, () => server.request('GET', `${place}/nothing`, { headers })),
  );
  expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(404));
  expect(await server.stop()).toBe(0);
});

/** Older services at the root of ports of their own, where their clients look for them. */
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { freePort } from '#platform';
import { redisInstalled, RedisServer } from '../setup/redis.js';
import { ADMIN_PASSWORD, Server } from './server.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 });

const PASSWORD = 'three small green boats';
const servers: Server[] = [];
afterAll(() => Promise.all(servers.map((server) => server.remove())));

async function start(environment: Record<string, string>, options: readonly string[] = []): Promise<Server> {
  const server = new Server({ ADMIN_PASSWORD, ...environment }, undefined, options);
  servers.push(server);
  await server.start();
  return server;
}

/** What is answered on a connection of its own to these bytes: as many answers as are asked for, or those until it is closed. */
function exchange(port: number, bytes: string, count = 1): Promise<{ status: number; body: string }[]> {
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (part: Buffer) => {
      received = Buffer.concat([received, part]);
      if (wholeAnswers(received).length >= count) socket.destroy();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(wholeAnswers(received)));
  });
}

/** Answers of a known length, those that are there to their ends. */
function wholeAnswers(received: Buffer): { status: number; body: string }[] {
  const answers = [];
  for (let from = 0; ;) {
    const headEnd = received.indexOf('\r\n\r\n', from);
    if (headEnd < 0) return answers;
    const head = received.toString('latin1', from, headEnd);
    const end = headEnd + 4 + Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? 0);
    if (received.length < end) return answers;
    answers.push({
      status: Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1]),
      body: received.toString('utf8', headEnd + 4, end),
    });
    from = end;
  }
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}

function requestOf(method: string, target: string, body?: string): string {
  const length = body === undefined ? '' : `content-type: application/json\r\ncontent-length: ${body.length}\r\n`;
  return `${method} ${target} HTTP/1.1\r\nhost: other.example\r\n${length}\r\n${body ?? ''}`;
}

/** As the older service answers what it does not know. */
const UNKNOWN_TO_CARDIAC = { code: 404, status: 'Not Found' };

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
    const login = { username: account.username, password: PASSWORD };
    const { status, body } = await server.request('POST', `${cardiac}/login`, { body: login });
    expect(status).toBe(200);
    expect(body).toMatchObject({ access_token: expect.any(String), refresh_token: expect.any(String) });
  });

  it('has nothing else: what it does not know it refuses as its service did', async () => {
    for (const path of ['/v1/plans', '/health/live', '/openapi.json', '/../v1/plans', '//v1/plans']) {
      const { status, body } = await server.request('GET', cardiac + path);
      expect([status, body], path).toEqual([404, expect.objectContaining(UNKNOWN_TO_CARDIAC)]);
    }
    expect((await server.request('GET', `${shock}/register`)).body).toEqual({ detail: expect.any(String) });
  });

  it.each([
    'http://other.example/v1/plans',
    'HTTPS://other.example:8443/v1/plans',
    'ftp://user@other.example/v1/plans',
    'http:///v1/plans',
    'http://other.example/metrics',
    'http://other.example/health/live',
    'http://other.example/legacy/shock/home',
    'http://other.example',
    'http://other.example?/v1/plans',
    'http://http://other.example/v1/plans',
    '/http://other.example/v1/plans',
  ])('has nothing else by a target in absolute form: %s', async (target) => {
    const [answer, ...more] = await exchange(portOf(cardiac), requestOf('GET', target));
    expect([answer!.status, JSON.parse(answer!.body), more]).toEqual([
      404,
      expect.objectContaining(UNKNOWN_TO_CARDIAC),
      [],
    ]);
  });

  it('has no route of another server in what is no path', async () => {
    for (const [method, target] of [
      ['OPTIONS', '*'],
      ['GET', '*'],
    ] as const) {
      const [answer] = await exchange(portOf(cardiac), requestOf(method, target));
      expect([answer!.status, JSON.parse(answer!.body)], `${method} ${target}`).toEqual([
        404,
        expect.objectContaining(UNKNOWN_TO_CARDIAC),
      ]);
    }
  });

  it('has its own routes in absolute form too, and on a connection that is kept, in order', async () => {
    const login = JSON.stringify({ username: 'older', password: PASSWORD });
    const answers = await exchange(
      portOf(cardiac),
      [
        requestOf('POST', 'http://other.example/login', login),
        requestOf('GET', 'http://other.example/v1/plans'),
        requestOf('POST', '/login', login),
        requestOf('GET', '/v1/plans'),
      ].join(''),
      4,
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 404, 200, 404]);
    const bodies = answers.map(({ body }) => JSON.parse(body) as object);
    for (const session of [bodies[0], bodies[2]]) expect(session).toHaveProperty('access_token');
    for (const refusal of [bodies[1], bodies[3]]) expect(refusal).toMatchObject(UNKNOWN_TO_CARDIAC);
  });

  it('refuses what is no HTTP', async () => {
    expect(await exchange(portOf(shock), 'hello\r\n\r\n')).toMatchObject([{ status: 400 }]);
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
    const date = new Date().toISOString().slice(0, 10);
    await expect
      .poll(async () => (await server.request<{ data: object[] }>('GET', '/v1/me/usage', { token })).body.data)
      .toEqual([{ date, requests: 7, predictions: 5, refusals: 2 }]);
  });

  it('is announced, and closed when the server stops, whatever connections are open', async () => {
    expect(server.output).toContain(
      `Older:     ${server.url}/legacy/cardiac, ${cardiac}\n`.replaceAll('127.0.0.1', 'localhost'),
    );
    const idle = connect(portOf(cardiac), '127.0.0.1');
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
    LEGACY_APIS: 'cardiac,penguins',
    LEGACY_PORTS: `cardiac:${port}`,
    LEGACY_ANONYMOUS_USER: 'older-clients',
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
  // Made by the process that started them.
  expect((await server.request('GET', '/legacy/penguins/models')).status).toBe(200);
  const taken = { username: 'older-clients', password: PASSWORD };
  expect((await server.request('POST', `${place}/register`, { body: taken })).status).toBe(400);
  expect((await server.request('POST', '/v1/users', { body: taken })).status).toBe(409);
  expect(await server.stop()).toBe(0);
});

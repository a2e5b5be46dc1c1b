/** Several processes that answer: the workers of one server, and two servers on one database; with a Redis that comes and goes. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { freePort } from '#platform';
import { redisInstalled, RedisServer } from '../setup/redis.js';
import { keepPredicting, recordedIds, WIDE_PLAN } from './clients.js';
import { ADMIN_PASSWORD, Server, type Answer } from './server.js';

// Processes are started again and again here, each of which loads all there is.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const servers: Server[] = [];
afterAll(() => Promise.all(servers.map((server) => server.remove())));

function newServer(environment: Record<string, string>): Server {
  const server = new Server({ ADMIN_PASSWORD, ...environment });
  servers.push(server);
  return server;
}

let users = 0;

/** Somebody new whose plan admits fifty in a minute. */
async function newPremiumUser(server: Server): Promise<string> {
  const { id, token } = await server.newUser(`premium${(users += 1)}`);
  const path = `/v1/users/${id}/subscription`;
  const { status } = await server.request('PUT', path, { token: await server.admin(), body: { plan: 'PREMIUM' } });
  expect(status).toBe(200);
  await sleep(200); // announced to the other processes
  return token;
}

function send(server: Server, token: string, times: number): Promise<Answer[]> {
  return Promise.all(Array.from({ length: times }, () => server.predict(token)));
}

function admitted(answers: readonly Answer[]): number {
  for (const { status } of answers) if (status !== 201 && status !== 429) throw new Error(`answered ${status}`);
  return answers.filter(({ status }) => status === 201).length;
}

/** Which processes there are is read from there. */
const procfs = existsSync('/proc/self/cmdline');

/** Whether it runs the server. Where nobody collects them, processes that have ended stay in the table, without a command line. */
function isServer(pid: number): boolean {
  const path = `/proc/${pid}/cmdline`;
  return existsSync(path) && readFileSync(path, 'utf8').includes('main.js');
}

/** The process ids of a server's workers. */
function workersOf(server: Server): number[] {
  return readFileSync(`/proc/${server.pid}/task/${server.pid}/children`, 'utf8')
    .split(' ')
    .map(Number)
    .filter((pid) => pid > 0 && isServer(pid));
}

/** The first worker answers at once; the start is over when the other one does. */
async function startAll(server: Server): Promise<void> {
  const from = server.output.length;
  await server.start();
  for (let attempt = 0; !server.output.slice(from).includes('Latido is up'); attempt += 1) {
    if (attempt > 600) throw new Error(`not all workers answer: ${server.output.slice(-2000)}`);
    await sleep(50);
  }
}

/** By worker, how often it answered the status on the route of predictions since the output had that length. */
function answersByWorker(server: Server, status: number, from: number): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const line of server.output.slice(from).split('\n')) {
    if (!line.includes('"request"') || !line.includes(`"status":${status}`)) continue;
    const { worker, route } = JSON.parse(line) as { worker: number; route: string };
    if (route === '/v1/models/:model/predictions') counts[worker] = (counts[worker] ?? 0) + 1;
  }
  return counts;
}

async function metric(server: Server, line: string): Promise<number> {
  const { body } = await server.request<string>('GET', '/metrics');
  return Number(new RegExp(`^${line.replace(/[{}]/g, '\\$&')} (\\S+)$`, 'm').exec(body)?.[1]);
}

describe.skipIf(!redisInstalled || !procfs)('two workers on one port', () => {
  let redis: RedisServer;
  let server: Server;

  beforeAll(async () => {
    redis = await RedisServer.start();
    server = newServer({ REDIS_URL: redis.url, CLUSTER_WORKERS: '2' });
    server.startsAnew = true;
    await startAll(server);
  });

  it('are announced once, by the process that started them', () => {
    expect(server.output.match(/Latido is up\./g)).toHaveLength(1);
    expect(server.output).toContain('  Workers:   2');
    expect(workersOf(server)).toHaveLength(2);
    expect(server.output.match(/the version is verified and registered/g)).toHaveLength(6); // of six versions, once each
  });

  it('admit exactly fifty of five hundred requests that come at once, and share them', async () => {
    const token = await newPremiumUser(server);
    const from = server.output.length;
    const before = await metric(server, 'latido_quota_refusals_total{plan="PREMIUM"}').catch(() => 0);
    const answers = await send(server, token, 500);
    expect(admitted(answers)).toBe(50);
    expect(answers.every(({ headers }) => headers.get('ratelimit-scope') === null)).toBe(true);
    const { body } = await server.request<{ data: unknown[] }>('GET', '/v1/predictions?limit=200', { token });
    expect(body.data).toHaveLength(50);
    await expect
      .poll(() => Object.values(answersByWorker(server, 429, from)).reduce((sum, count) => sum + count, 0))
      .toBe(450);
    expect(Object.keys(answersByWorker(server, 429, from))).toHaveLength(2);
    for (let scrape = 0; scrape < 4; scrape += 1)
      expect(await metric(server, 'latido_quota_refusals_total{plan="PREMIUM"}')).toBe((before || 0) + 450);
    expect(await metric(server, 'latido_workers')).toBe(2);
    expect(await metric(server, 'latido_quota_shared')).toBe(1);
  });

  it('admit half of it each while Redis is away, say so, and count together again when it is back', async () => {
    const token = await newPremiumUser(server);
    expect(admitted(await send(server, token, 10))).toBe(10);
    await redis.kill();
    await expect.poll(() => metric(server, 'latido_quota_shared')).toBe(0);
    const alone = await newPremiumUser(server);
    await sleep(200); // the lines of earlier answers are written by then
    const from = server.output.length;
    const answers = await send(server, alone, 300);
    expect(admitted(answers)).toBe(50);
    expect(answers.every(({ headers }) => headers.get('ratelimit-scope') === 'replica')).toBe(true);
    await expect.poll(() => Object.values(answersByWorker(server, 201, from))).toEqual([25, 25]);
    expect(admitted(await send(server, token, 300))).toBe(40); // each one's half, with what it admitted before
    expect(await metric(server, 'latido_quota_local_decisions_total')).toBeGreaterThanOrEqual(600);

    await redis.start();
    await expect.poll(() => metric(server, 'latido_quota_shared')).toBe(1);
    for (const used of [alone, token]) {
      const refused = await server.predict(used);
      expect(refused.status).toBe(429);
      expect(refused.headers.get('ratelimit-scope')).toBeNull();
    }
    expect(admitted(await send(server, await newPremiumUser(server), 100))).toBe(50);
    expect(server.output.match(/Redis is away/g)).toHaveLength(2); // each worker once
  });

  it('go on when one of them is killed, and another one takes its place', async () => {
    const token = await newPremiumUser(server);
    const [killed, other] = workersOf(server) as [number, number];
    process.kill(killed, 'SIGKILL');
    // Connections that the killed one had are found broken first.
    const statuses: number[] = [];
    const status = async (): Promise<number> => {
      const answered = await server.predict(token).then(
        (answer) => answer.status,
        () => 0,
      );
      statuses.push(answered);
      return answered;
    };
    await expect.poll(status).toBe(201);
    const workers = (): Promise<number> => metric(server, 'latido_workers').catch(() => 0);
    await expect.poll(workers).toBe(2);
    expect(await metric(server, 'latido_worker_restarts_total')).toBe(1);
    const now = workersOf(server);
    expect(now).toContain(other);
    expect(now).not.toContain(killed);
    // What was admitted counts, whatever it was answered.
    const used = statuses.filter((answered) => answered !== 0).length;
    expect(admitted(await send(server, token, 100))).toBe(50 - used);
  });

  it('are stopped with their server, which answers what is in flight, records it and leaves nothing running', async () => {
    const token = await newPremiumUser(server);
    const admin = await server.admin();
    await server.request('PUT', '/v1/plans/PREMIUM', { token: admin, body: WIDE_PLAN });
    await sleep(200);
    const clients = keepPredicting(server, token);
    await sleep(500);
    const workers = workersOf(server);
    const startedAt = performance.now();
    expect(await server.stop('SIGTERM')).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(9_500);
    await clients.stop();
    const answered = clients.ids;
    expect(workers.filter(isServer)).toEqual([]);
    expect(server.postgresPid()).toBeUndefined();

    await startAll(server);
    const recorded = await recordedIds(server, token);
    expect(answered.length).toBeGreaterThan(16);
    expect([...recorded].sort()).toEqual(answered.sort());
  });

  it('end their server, as a failure, when none of them can be started any more', async () => {
    const from = server.output.length;
    const key = join(server.folder, 'data/secrets/token-signing-key.pem');
    const intact = readFileSync(key);
    writeFileSync(key, 'no key');
    for (const pid of workersOf(server)) process.kill(pid, 'SIGKILL');
    await expect.poll(() => server.exitCode, { timeout: 90_000 }).toBe(1);
    expect(server.output.slice(from)).toContain('Latido cannot go on: a worker ended with 1 before it answered');
    expect(server.postgresPid()).toBeUndefined();
    writeFileSync(key, intact);
    await startAll(server);
  });

  it('end with the process that started them when that is killed', async () => {
    const workers = workersOf(server);
    await server.stop('SIGKILL');
    await expect.poll(() => workers.filter(isServer)).toEqual([]);
  });
});

describe('a start of several workers that cannot succeed', () => {
  afterEach(() => {
    expect(servers.at(-1)!.postgresPid()).toBeUndefined();
  });

  async function failure(server: Server): Promise<{ code: number | null; text: string }> {
    server.port ||= await freePort();
    server.spawn();
    await expect.poll(() => server.exitCode).not.toBeNull();
    await sleep(50);
    return { code: server.exitCode, text: server.output.replace(/^\{.*\n/gm, '') };
  }

  it('names both variables when there is no Redis', async () => {
    const { code, text } = await failure(newServer({ CLUSTER_WORKERS: '2' }));
    expect(code).toBe(78);
    expect(text).toMatch(/CLUSTER_WORKERS asks for 2 processes, and REDIS_URL is missing/);
  });

  it.skipIf(!redisInstalled)('names REDIS_URL when it does not let it in, once, and stops its Postgres', async () => {
    const redis = await RedisServer.start('--requirepass', 'open-sesame');
    const { code, text } = await failure(newServer({ CLUSTER_WORKERS: '2', REDIS_URL: redis.url }));
    expect(code).toBe(1);
    expect(text).toMatch(/^Latido did not start: REDIS_URL \(127\.0\.0\.1:\d+\) cannot be used: NOAUTH.*\n$/);
  });

  it('names PORT when it is in use, once', async () => {
    const first = newServer({});
    await first.start();
    const second = newServer({ CLUSTER_WORKERS: '2', REDIS_URL: `redis://127.0.0.1:${await freePort()}` });
    second.port = first.port;
    const { code, text } = await failure(second);
    expect(code).toBe(1);
    expect(text).toMatch(
      new RegExp(`^Latido did not start: PORT ${first.port} on 127\\.0\\.0\\.1 is in use by another program\\..*\\n$`),
    );
  });

  it.skipIf(!procfs).each(['SIGTERM', 'SIGINT'] as const)('because of %s leaves nothing running', async (signal) => {
    const server = newServer({ CLUSTER_WORKERS: '2', REDIS_URL: `redis://127.0.0.1:${await freePort()}` });
    server.port = await freePort();
    server.spawn();
    await expect.poll(() => (server.exitCode === null ? workersOf(server).length : 1)).toBe(1);
    const workers = workersOf(server);
    expect(await server.stop(signal)).toBe(0);
    expect(workers.filter(isServer)).toEqual([]);
    expect(server.output).not.toContain('Latido is up');
  });
});

describe.skipIf(!redisInstalled)('two servers on one database', () => {
  it('admit exactly fifty of five hundred requests between them, whatever they were told', async () => {
    const redis = await RedisServer.start();
    const first = newServer({ REDIS_URL: redis.url });
    await first.start();
    const data = join(first.folder, 'data');
    const port = readFileSync(join(data, 'postgres/postmaster.pid'), 'utf8').split('\n')[3];
    const urlOf = (role: string): string => {
      const password = readFileSync(join(data, `secrets/database-${role}`), 'utf8');
      return `postgres://${role}:${password}@127.0.0.1:${port}/latido`;
    };
    const second = newServer({
      REDIS_URL: redis.url,
      DATABASE_URL: urlOf('latido_app'),
      DATABASE_OWNER_URL: urlOf('latido_owner'),
      TOKEN_SIGNING_KEY: join(data, 'secrets/token-signing-key.pem'),
    });
    await second.start();
    const token = await newPremiumUser(first);
    const answers = await Promise.all([send(first, token, 250), send(second, token, 250)]);
    expect(admitted(answers.flat())).toBe(50);
    expect(await second.stop()).toBe(0);
  });
});

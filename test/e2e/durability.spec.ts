/** What was acknowledged is there: after kill -9 of the server, and while the database comes and goes. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN_PASSWORD, Server } from './server.js';

const server = new Server();
let token: string;
let adminToken: string;

beforeAll(async () => {
  await server.start();
  adminToken = await server.admin();
  const user = await server.newUser('durable');
  token = user.token;
  await server.request('PUT', `/v1/users/${user.id}/subscription`, { token: adminToken, body: { plan: 'PREMIUM' } });
  await server.request('PUT', '/v1/plans/PREMIUM', {
    token: adminToken,
    body: { requestsPerMinute: 100_000, rowsPerRequest: 1000, rowsPerDay: 5000000, concurrentStreams: 4 },
  });
});
afterAll(() => server.remove());

async function recordedIds(): Promise<Set<string>> {
  const ids = new Set<string>();
  for (let cursor: string | null = ''; cursor !== null;) {
    const query: string = cursor ? `&cursor=${cursor}` : '';
    const page = await server.request<{ data: { id: string }[]; nextCursor: string | null }>(
      'GET',
      `/v1/predictions?limit=200${query}`,
      { token },
    );
    for (const { id } of page.body.data) ids.add(id);
    cursor = page.body.nextCursor;
  }
  return ids;
}

describe('kill -9 between acknowledgements', () => {
  it('loses no acknowledged prediction and records none twice', async () => {
    const acknowledged: string[] = [];
    for (let kill = 0; kill < 3; kill += 1) {
      let killed = false;
      const clients = Array.from({ length: 16 }, async () => {
        while (!killed) {
          const answer = await server.predict<{ id: string }>(token).catch(() => undefined); // the connection dies with the server
          if (answer?.status === 201) acknowledged.push(answer.body.id);
        }
      });
      await sleep(400);
      const ended = server.stop('SIGKILL');
      await ended;
      killed = true;
      await Promise.all(clients);
      await server.start();
    }
    expect(acknowledged.length).toBeGreaterThan(100);
    expect(new Set(acknowledged).size).toBe(acknowledged.length);
    const recorded = await recordedIds();
    expect(acknowledged.filter((id) => !recorded.has(id))).toEqual([]);
  });

  it('adopts the Postgres that outlived it and refuses a second instance on the folder', async () => {
    const postgres = server.postgresPid();
    await server.stop('SIGKILL');
    await server.start();
    expect(server.postgresPid()).toBe(postgres);
    const second = new Server({ ADMIN_PASSWORD }, server.folder);
    await expect(second.start()).rejects.toThrow('in use by another Latido');
    expect((await server.predict(token)).status).toBe(201);
  });
});

describe('SIGTERM under load', () => {
  it('answers all that it recorded, writes the request log and leaves no Postgres', async () => {
    type Usage = { data: { predictions: number }[] };
    const logged = async (): Promise<number> => {
      const { body } = await server.request<Usage>('GET', '/v1/me/usage', { token });
      return body.data.reduce((sum, day) => sum + day.predictions, 0);
    };
    await sleep(300); // the log of earlier requests is written by then
    const before = await recordedIds();
    const loggedBefore = await logged();
    const answered: string[] = [];
    let stopped = false;
    const clients = Array.from({ length: 16 }, async () => {
      while (!stopped) {
        const answer = await server.predict<{ id: string }>(token).catch(() => undefined); // not accepted any more
        if (answer?.status === 201) answered.push(answer.body.id);
      }
    });
    await sleep(300);
    expect(await server.stop('SIGTERM')).toBe(0);
    stopped = true;
    await Promise.all(clients);
    expect(server.postgresPid()).toBeUndefined();
    await server.start();
    const recorded = [...(await recordedIds())].filter((id) => !before.has(id));
    expect(recorded.sort()).toEqual(answered.sort());
    expect((await logged()) - loggedBefore).toBe(answered.length);
  });
});

describe('while the database is away', () => {
  it('answers 503 with Retry-After, never an unrecorded prediction, and recovers by itself', async () => {
    const before = await recordedIds();
    const accepted: string[] = [];
    process.kill(server.postgresPid()!, 'SIGKILL');
    const statuses = new Set<number>();
    await expect
      .poll(
        async () => {
          const answer = await server.predict<{ id: string }>(token);
          statuses.add(answer.status);
          if (answer.status === 201) accepted.push(answer.body.id);
          if (answer.status === 503) expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
          return statuses.has(503) && answer.status === 201;
        },
        { timeout: 20_000, interval: 5 },
      )
      .toBe(true);
    expect([...statuses].sort()).toEqual([201, 503]);
    const after = await recordedIds();
    expect([...after].filter((id) => !before.has(id)).sort()).toEqual(expect.arrayContaining(accepted.sort()));
    await expect.poll(async () => (await server.request('GET', '/health/ready')).status, { timeout: 5_000 }).toBe(200);
  });
});

/** What was acknowledged is there: after kill -9 of the server, and while the database comes and goes. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keepPredicting, newBusyUser, recordedIds } from './clients.js';
import { ADMIN_PASSWORD, Server } from './server.js';

const server = new Server();
let token: string;

beforeAll(async () => {
  await server.start();
  token = await newBusyUser(server, 'durable');
});
afterAll(() => server.remove());

describe('kill -9 between acknowledgements', () => {
  it('loses no acknowledged prediction and records none twice', async () => {
    const acknowledged: string[] = [];
    for (let kill = 0; kill < 3; kill += 1) {
      const clients = keepPredicting(server, token);
      await expect.poll(() => clients.ids.length).toBeGreaterThan(40);
      await server.stop('SIGKILL');
      await clients.stop();
      acknowledged.push(...clients.ids);
      await server.start();
    }
    expect(acknowledged.length).toBeGreaterThan(100);
    expect(new Set(acknowledged).size).toBe(acknowledged.length);
    const recorded = await recordedIds(server, token);
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
    const before = await recordedIds(server, token);
    const loggedBefore = await logged();
    const clients = keepPredicting(server, token);
    await sleep(300);
    expect(await server.stop('SIGTERM')).toBe(0);
    await clients.stop();
    const answered = clients.ids;
    expect(server.postgresPid()).toBeUndefined();
    await server.start();
    const recorded = [...(await recordedIds(server, token))].filter((id) => !before.has(id));
    expect(recorded.sort()).toEqual(answered.sort());
    expect((await logged()) - loggedBefore).toBe(answered.length);
  });
});

describe('SIGTERM while somebody takes no answer', () => {
  it('cuts them off and stops in order', async () => {
    const client = connect(server.port, '127.0.0.1');
    await once(client, 'connect');
    client.pause();
    // More than the system's buffers between the two hold.
    const page = 'GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n';
    client.write(page.repeat(100));
    client.on('error', () => undefined); // it will be cut off
    await sleep(1000);
    expect(await server.stop('SIGTERM')).toBe(0);
    expect(server.postgresPid()).toBeUndefined();
    client.destroy();
    await server.start();
  });
});

describe('while the database is away', () => {
  it('answers 503 with Retry-After, never an unrecorded prediction, and recovers by itself', async () => {
    const before = await recordedIds(server, token);
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
        { timeout: 60_000, interval: 5 },
      )
      .toBe(true);
    expect([...statuses].sort()).toEqual([201, 503]);
    const after = await recordedIds(server, token);
    expect([...after].filter((id) => !before.has(id)).sort()).toEqual(expect.arrayContaining(accepted.sort()));
    await expect.poll(async () => (await server.request('GET', '/health/ready')).status).toBe(200);
  });
});

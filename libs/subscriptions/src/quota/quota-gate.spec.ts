import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { beforeEach, describe, expect, it } from 'vitest';
import { Metrics, newId, RequestState, type Principal } from '#platform';
import { ownDatabase } from '../../../../test/setup/database.js';
import {
  callerHeaders,
  SubscriptionsServer,
  type Answer,
  type Caller,
} from '../../../../test/setup/subscriptions-server.js';
import { PlanThrottlerGuard } from './plan-throttler.guard.js';

const database = await ownDatabase();
const server = await SubscriptionsServer.start(database.url);

interface LogRow {
  id: string;
  api_key_id: string | null;
  method: string;
  route: string;
  status: number;
  counted: boolean;
  admitted_at: Date;
  auth_ms: number | null;
  quota_ms: number | null;
  total_ms: number;
}

/** The user's rows once there are as many as expected; the log is written after the answers. */
async function logOf(user: Caller, expected: number): Promise<LogRow[]> {
  for (let attempt = 0; ; attempt += 1) {
    const rows = await server.query<LogRow>('SELECT * FROM request_log WHERE user_id = $1 ORDER BY admitted_at, id', [
      user.id,
    ]);
    if (rows.length >= expected || attempt === 100) return rows;
    await sleep(20);
  }
}

describe('the quota gate', () => {
  let ana: Caller;
  const count = (caller = ana, body: object | string = {}): Promise<Answer> =>
    server.call('POST', '/counted/1', caller, body);
  const useUp = async (): Promise<void> => {
    for (let used = 0; used < 5; used += 1) await count();
  };

  beforeEach(async () => {
    ana = await server.createUser();
  });

  it('admits five of six requests of a FREEMIUM user in a minute', async () => {
    const statuses: number[] = [];
    for (let sent = 0; sent < 6; sent += 1) statuses.push((await count()).status);
    expect(statuses).toEqual([201, 201, 201, 201, 201, 429]);
  });

  it('says in headers what is left, and to the second when the oldest request leaves the window', async () => {
    const first = await count();
    expect(first.headers).toMatchObject({
      'ratelimit-policy': '"freemium";q=5;w=60',
      ratelimit: '"freemium";r=4;t=60',
    });
    server.clock.moveSeconds(22.4);
    expect((await count()).headers.ratelimit).toBe('"freemium";r=3;t=38');
    server.clock.moveSeconds(37.6);
    expect((await count()).headers.ratelimit).toBe('"freemium";r=3;t=23');
  });

  it('refuses with a problem, the same headers and the whole seconds after which a retry passes, not one earlier', async () => {
    await count();
    server.clock.moveSeconds(10.2);
    for (let used = 0; used < 4; used += 1) await count();
    server.clock.moveSeconds(0.3);
    const refused = await count();
    expect(refused).toMatchObject({
      status: 429,
      body: { code: 'QUOTA_EXCEEDED', status: 429, detail: 'The plan FREEMIUM admits 5 requests in any 60 seconds.' },
    });
    expect(refused.headers).toMatchObject({
      'retry-after': '50',
      'ratelimit-policy': '"freemium";q=5;w=60',
      ratelimit: '"freemium";r=0;t=50',
      'content-type': expect.stringContaining('application/problem+json'),
    });
    server.clock.moveSeconds(49);
    expect((await count()).status).toBe(429);
    server.clock.moveSeconds(1);
    expect((await count()).status).toBe(201);
  });

  it('counts a refused request for nothing: hammering does not prolong the wait', async () => {
    await useUp();
    for (let hit = 0; hit < 100; hit += 1) {
      server.clock.moveSeconds(0.5);
      expect((await count()).status).toBe(429);
    }
    server.clock.moveSeconds(10);
    expect((await count()).headers.ratelimit).toBe('"freemium";r=4;t=60');
  });

  it('counts a request that fails validation, with the headers on its answer', async () => {
    expect(await count(ana, { bad: true })).toMatchObject({
      status: 422,
      headers: { ratelimit: '"freemium";r=4;t=60' },
    });
    expect(await count(ana, '{"broken":')).toMatchObject({
      status: 400,
      headers: { ratelimit: '"freemium";r=3;t=60' },
    });
  });

  it('decides before the body is read', async () => {
    await useUp();
    expect((await count(ana, '{"broken":')).status).toBe(429);
  });

  it('counts all tokens and keys of a user together, over all routes, and users apart', async () => {
    const byKey = { ...ana, apiKeyId: newId() };
    for (const caller of [ana, byKey, ana, byKey]) expect((await count(caller)).status).toBe(201);
    expect((await server.call('POST', '/counted/another', byKey, {})).status).toBe(201);
    expect((await count(byKey)).status).toBe(429);
    expect((await count()).status).toBe(429);
    expect((await count(await server.createUser())).status).toBe(201);
  });

  it('lets an upgrade hold from the next request: 45 more of 60 concurrent ones', async () => {
    const admin = await server.createUser('admin');
    await useUp();
    expect((await count()).status).toBe(429);
    expect((await server.call('PUT', `/v1/users/${ana.id}/subscription`, admin, { plan: 'PREMIUM' })).status).toBe(200);
    const answers = await Promise.all(Array.from({ length: 60 }, () => count()));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(45);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(15);
    expect(answers[0]!.headers).toMatchObject({
      'ratelimit-policy': '"premium";q=50;w=60',
      ratelimit: '"premium";r=44;t=60',
    });
  });

  it('lets a changed plan hold from the next request of everybody who has it', async () => {
    const admin = await server.createUser('admin');
    await useUp();
    expect((await server.call('PUT', '/v1/plans/FREEMIUM', admin, { requestsPerMinute: 7 })).status).toBe(200);
    expect((await count()).headers).toMatchObject({
      'ratelimit-policy': '"freemium";q=7;w=60',
      ratelimit: '"freemium";r=1;t=60',
    });
    expect((await server.call('PUT', '/v1/plans/FREEMIUM', admin, { requestsPerMinute: 5 })).status).toBe(200);
    expect((await count()).status).toBe(429);
  });

  it('gives reads a wide limit of their own, which says nothing until it refuses', async () => {
    await useUp();
    for (let read = 0; read < 600; read += 1) {
      const { status, headers } = await server.call('GET', '/read', ana);
      if (status !== 200 || headers.ratelimit !== undefined) throw new Error(`read ${read}: ${status}`);
    }
    const refused = await server.call('GET', '/read', ana);
    expect(refused).toMatchObject({ status: 429, body: { code: 'READ_LIMIT_EXCEEDED' } });
    expect(refused.headers).toMatchObject({
      'retry-after': '60',
      'ratelimit-policy': '"reads";q=600;w=60',
      ratelimit: '"reads";r=0;t=60',
    });
  });

  it('counts neither public routes nor unknown ones', async () => {
    for (const path of ['/open', '/nowhere']) {
      for (let sent = 0; sent < 7; sent += 1)
        expect((await server.call('POST', path, ana, {})).headers.ratelimit).toBeUndefined();
    }
    expect((await count()).headers.ratelimit).toBe('"freemium";r=4;t=60');
  });

  it('hands on the admission and the time it took', async () => {
    const { body } = await count();
    expect(body.admission).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      admittedAt: server.clock.now().toISOString(),
    });
    expect(body.timings.quota).toBeGreaterThan(0);
  });

  it('decides without a promise once the entitlement is at hand', async () => {
    await count();
    const reply = { header: () => reply } as unknown as FastifyReply;
    const request = {
      state: new RequestState({ url: '/', config: { access: { public: false, cost: 'request' } } as never }),
    } as unknown as FastifyRequest;
    request.state.principal = { userId: ana.id } as Principal;
    expect(server.get(PlanThrottlerGuard).decide(request, reply)).toBeUndefined();
    expect(request.state.admission).not.toBeNull();
  });

  it('counts refusals by plan in the metrics', async () => {
    const refusals = async (): Promise<number> => {
      const { values } = await server.get(Metrics).registry.getSingleMetric('latido_quota_refusals_total')!.get();
      return values.find(({ labels }) => labels.plan === 'FREEMIUM')?.value ?? 0;
    };
    await useUp();
    const before = await refusals();
    await count();
    expect(await refusals()).toBe(before + 1);
  });
});

describe('the request log', () => {
  it('holds every authenticated request on a counted route, however it ended, and no other', async () => {
    const ana = await server.createUser();
    const byKey = { ...ana, apiKeyId: newId() };
    const post = (body: object | string, caller: Caller = ana, headers = {}): Promise<Answer> =>
      server.call('POST', '/counted/secret-name', caller, body, headers);
    await server.call('GET', '/read', ana);
    await server.call('POST', '/counted/1', null, {});
    const first = await post({});
    server.clock.moveSeconds(1);
    await post({ bad: true });
    server.clock.moveSeconds(1);
    await post('{"broken":');
    server.clock.moveSeconds(1);
    await post({}, byKey);
    await post({}, byKey);
    server.clock.moveSeconds(1);
    await post({}, byKey);

    const rows = await logOf(ana, 6);
    expect(rows.map(({ status, counted }) => [status, counted])).toEqual([
      [201, true],
      [422, true],
      [400, true],
      [201, true],
      [201, true],
      [429, false],
    ]);
    expect(rows[0]).toMatchObject({
      id: first.body.admission.id,
      admitted_at: new Date(first.body.admission.admittedAt),
      method: 'POST',
      route: '/counted/:thing',
      api_key_id: null,
      auth_ms: 0.25,
    });
    expect(rows[5]).toMatchObject({ api_key_id: byKey.apiKeyId, admitted_at: server.clock.now() });
    for (const row of rows) {
      expect(row.quota_ms).toBeGreaterThan(0);
      expect(row.total_ms).toBeGreaterThan(0);
    }
  });

  it('holds a request that was refused before the quota could decide, uncounted', async () => {
    const ana = await server.createUser();
    expect((await server.call('POST', '/counted/1', ana, {}, { 'x-refused': 'yes' })).status).toBe(403);
    expect(await logOf(ana, 1)).toMatchObject([{ status: 403, counted: false, quota_ms: null }]);
  });

  it('holds a request whose client hung up before the answer, and counts it', async () => {
    const ana = await server.createUser();
    const headers = Object.entries({
      host: 'localhost',
      'content-type': 'application/json',
      'content-length': '2',
      ...callerHeaders(ana),
    });
    const socket = connect(server.port, '127.0.0.1');
    socket.write(`POST /slow HTTP/1.1\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n{}`);
    await sleep(100);
    socket.destroy();
    expect(await logOf(ana, 1)).toMatchObject([{ status: 499, counted: true, route: '/slow' }]);
    await sleep(300);
    expect(await logOf(ana, 1)).toHaveLength(1);
    expect((await server.call('POST', '/counted/1', ana, {})).headers.ratelimit).toBe('"freemium";r=3;t=60');
  });
});

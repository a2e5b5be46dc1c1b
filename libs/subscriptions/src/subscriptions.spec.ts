import { describe, expect, it } from 'vitest';
import { createDataSource, newId } from '#platform';
import { User } from '#users';
import { ownDatabase } from '../../../test/setup/database.js';
import { SubscriptionsServer, type Answer, type Caller } from '../../../test/setup/subscriptions-server.js';
import { EntitlementService } from './entitlement.service.js';
import { Plan } from './plan.entity.js';
import { Subscription } from './subscription.entity.js';

const database = await ownDatabase();
const server = await SubscriptionsServer.start(database.url);
const admin = await server.createUser('admin');

function events(
  action: string,
  targetId: string,
): Promise<{ actor_id: string; details: object; request_id: string }[]> {
  return server.query(
    'SELECT actor_id, details, request_id FROM audit_events WHERE action = $1 AND target_id = $2 ORDER BY id',
    [action, targetId],
  );
}

describe('plans', () => {
  it('are listed for everybody, the smallest first', async () => {
    const { status, body } = await server.call('GET', '/v1/plans', null);
    expect(status).toBe(200);
    expect(body.data).toMatchObject([
      { name: 'FREEMIUM', requestsPerMinute: 5, rowsPerRequest: 1000, rowsPerDay: 50_000, concurrentStreams: 1 },
      { name: 'PREMIUM', requestsPerMinute: 50, rowsPerRequest: 1000, rowsPerDay: 5_000_000, concurrentStreams: 4 },
    ]);
  });

  it('change in what is given and stay in the rest, seen at once in the list and by those who have them', async () => {
    const ana = await server.createUser();
    await server.call('GET', '/v1/plans', null);
    await server.get(EntitlementService).of(ana.id);
    const changed = await server.call(
      'PUT',
      '/v1/plans/FREEMIUM',
      admin,
      { rowsPerRequest: 500, rowsPerDay: 40_000 },
      { 'x-request-id': 'plan-1' },
    );
    expect(changed).toMatchObject({
      status: 200,
      body: { name: 'FREEMIUM', requestsPerMinute: 5, rowsPerRequest: 500, rowsPerDay: 40_000, concurrentStreams: 1 },
    });
    expect((await server.call('GET', '/v1/plans', null)).body.data[0]).toEqual(changed.body);
    expect(await server.get(EntitlementService).of(ana.id)).toMatchObject({
      plan: 'FREEMIUM',
      rowsPerRequest: 500,
      rowsPerDay: 40_000,
    });
    expect(await events('plan.changed', 'FREEMIUM')).toMatchObject([
      {
        actor_id: admin.id,
        details: { rowsPerRequest: { from: 1000, to: 500 }, rowsPerDay: { from: 50_000, to: 40_000 } },
      },
    ]);
    await server.call('PUT', '/v1/plans/FREEMIUM', admin, { rowsPerRequest: 1000, rowsPerDay: 50_000 });
  });

  it('leave no event when nothing changes', async () => {
    const before = await events('plan.changed', 'PREMIUM');
    expect((await server.call('PUT', '/v1/plans/PREMIUM', admin, { requestsPerMinute: 50 })).status).toBe(200);
    expect(await events('plan.changed', 'PREMIUM')).toEqual(before);
  });

  it('refuse bounds that are not sensible whole numbers, all at once, and fields they do not have', async () => {
    const { status, body } = await server.call('PUT', '/v1/plans/FREEMIUM', admin, {
      requestsPerMinute: 0,
      rowsPerRequest: '5',
      rowsPerDay: 1.5,
      concurrentStreams: -1,
      price: 3,
    });
    expect(status).toBe(422);
    expect(new Set(body.errors.map(({ pointer }: { pointer: string }) => pointer))).toEqual(
      new Set(['/requestsPerMinute', '/rowsPerRequest', '/rowsPerDay', '/concurrentStreams', '/price']),
    );
    expect((await server.call('PUT', '/v1/plans/FREEMIUM', admin, { requestsPerMinute: 100_001 })).status).toBe(422);
    expect((await server.call('PUT', '/v1/plans/FREEMIUM', admin, { requestsPerMinute: null })).status).toBe(422);
  });

  it('cannot be made by naming one that is not there', async () => {
    expect(await server.call('PUT', '/v1/plans/GOLD', admin, { requestsPerMinute: 500 })).toMatchObject({
      status: 404,
      body: { code: 'PLAN_NOT_FOUND' },
    });
  });
});

describe('subscriptions', () => {
  const subscribe = (id: string, plan: unknown): Promise<Answer> =>
    server.call('PUT', `/v1/users/${id}/subscription`, admin, { plan });

  it('give a user a plan and take it away again, each change with its audit event', async () => {
    const ana = await server.createUser();
    const upgraded = await subscribe(ana.id, 'PREMIUM');
    expect(upgraded).toMatchObject({
      status: 200,
      body: { userId: ana.id, plan: 'PREMIUM', grantedBy: admin.id, since: expect.any(String) },
    });
    expect(await server.get(EntitlementService).of(ana.id)).toEqual({
      plan: 'PREMIUM',
      requestsPerMinute: 50,
      rowsPerRequest: 1000,
      rowsPerDay: 5_000_000,
      concurrentStreams: 4,
    });
    expect((await subscribe(ana.id, 'FREEMIUM')).status).toBe(200);
    expect(await server.get(EntitlementService).of(ana.id)).toMatchObject({ plan: 'FREEMIUM', requestsPerMinute: 5 });
    expect(await events('subscription.changed', ana.id)).toMatchObject([
      { actor_id: admin.id, details: { from: 'FREEMIUM', to: 'PREMIUM' } },
      { actor_id: admin.id, details: { from: 'PREMIUM', to: 'FREEMIUM' } },
    ]);
  });

  it('stay as they are when the same plan is given again, without another event', async () => {
    const ana = await server.createUser();
    const first = await subscribe(ana.id, 'PREMIUM');
    expect((await subscribe(ana.id, 'PREMIUM')).body).toEqual(first.body);
    expect(await events('subscription.changed', ana.id)).toHaveLength(1);
  });

  it('end in one of the plans when several administrators change at once', async () => {
    const ana = await server.createUser();
    const answers = await Promise.all(
      ['PREMIUM', 'FREEMIUM', 'PREMIUM', 'FREEMIUM'].map((plan) => subscribe(ana.id, plan)),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const [row] = await server.query<{ plan_name: string }>('SELECT plan_name FROM subscriptions WHERE user_id = $1', [
      ana.id,
    ]);
    expect((await server.get(EntitlementService).of(ana.id)).plan).toBe(row!.plan_name);
  });

  it('need a user and a plan that are there', async () => {
    const ana = await server.createUser();
    expect(await subscribe(newId(), 'PREMIUM')).toMatchObject({ status: 404, body: { code: 'USER_NOT_FOUND' } });
    expect((await subscribe('nobody', 'PREMIUM')).status).toBe(404);
    expect(await subscribe(ana.id, 'GOLD')).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/plan', detail: 'is not a plan; there are FREEMIUM, PREMIUM' }] },
    });
    expect(await subscribe(ana.id, 7)).toMatchObject({
      status: 422,
      body: { errors: expect.arrayContaining([expect.objectContaining({ pointer: '/plan' })]) },
    });
  });
});

describe('what users see of themselves', () => {
  const me = (caller: Caller): Promise<Answer> => server.call('GET', '/v1/me', caller);

  it('is the profile, the plan and what is left of it, which asking does not change', async () => {
    const ana = await server.createUser();
    const quota = {
      limit: 5,
      remaining: 5,
      windowSeconds: 60,
      resetSeconds: 0,
      rowsPerRequest: 1000,
      rowsPerDay: 50_000,
      rowsToday: 0,
      concurrentStreams: 1,
    };
    const { status, body } = await me(ana);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: ana.id,
      role: 'user',
      status: 'active',
      email: null,
      displayName: null,
      mustChangePassword: false,
      plan: 'FREEMIUM',
      quota,
    });
    await server.call('POST', '/counted/1', ana, {});
    server.clock.moveSeconds(12.5);
    expect((await me(ana)).body.quota).toMatchObject({ remaining: 4, resetSeconds: 48 });
    expect((await me(ana)).body.quota).toMatchObject({ remaining: 4, resetSeconds: 48 });
    server.clock.moveSeconds(47.5);
    expect((await me(ana)).body.quota).toEqual(quota);
  });

  it('is their use per day: requests, predictions and refusals, newest first', async () => {
    const ana = await server.createUser();
    for (let sent = 0; sent < 6; sent += 1) await server.call('POST', '/counted/1', ana, {});
    await server.call('POST', '/counted/1', await server.createUser(), {});
    const day = (ago: number): string =>
      new Date(server.clock.now().getTime() - ago * 86_400_000).toISOString().slice(0, 10);
    await server.query(
      `INSERT INTO request_log (id, user_id, request_id, method, route, status, counted, admitted_at, total_ms)
       SELECT record_id_floor($2::timestamptz - days * interval '1 day' + status * interval '1 ms'), $1, 'r', 'POST', '/counted', status, true, $2::timestamptz - days * interval '1 day', 1 FROM (VALUES (3, 201), (3, 422), (29, 201), (30, 201), (365, 201)) AS past (days, status)`,
      [ana.id, server.clock.now()],
    );
    const usage = async (query = ''): Promise<Answer> => server.call('GET', `/v1/me/usage${query}`, ana);
    let answer = await usage();
    for (let attempt = 0; attempt < 100 && answer.body.data[0]?.requests !== 6; attempt += 1) answer = await usage();
    expect(answer).toMatchObject({ status: 200, body: { from: day(29), to: day(0) } });
    expect(answer.body.data).toEqual([
      { date: day(0), requests: 6, predictions: 5, refusals: 1 },
      { date: day(3), requests: 2, predictions: 1, refusals: 0 },
      { date: day(29), requests: 1, predictions: 1, refusals: 0 },
    ]);
    expect((await usage('?days=1')).body.data).toHaveLength(1);
    expect((await usage('?days=366')).body.data).toHaveLength(5);
    for (const days of ['0', '367', '1.5', 'all']) expect((await usage(`?days=${days}`)).status).toBe(422);
    expect((await server.call('GET', `/v1/users/${ana.id}/usage?days=30`, admin)).body).toEqual(answer.body);
    expect((await server.call('GET', `/v1/users/${newId()}/usage`, admin)).status).toBe(404);

    const nobody = newId();
    const several = (query: string): Promise<Answer> => server.call('GET', `/v1/usage?${query}`, admin);
    expect((await several(`userId=${nobody}&userId=${ana.id.toUpperCase()}&days=30`)).body).toEqual({
      from: day(29),
      to: day(0),
      data: [
        { userId: nobody, data: [] },
        { userId: ana.id, data: answer.body.data },
      ],
    });
    expect((await several(`userId=${ana.id}&userId=${ana.id}&days=1`)).body.data).toEqual([
      { userId: ana.id, data: answer.body.data.slice(0, 1) },
    ]);
    const ids = (count: number): string => Array.from({ length: count }, () => `userId=${newId()}`).join('&');
    expect((await several(ids(100))).body.data).toHaveLength(100);
    for (const query of [ids(101), 'days=1', 'userId=', 'userId=nobody', `userId=${ana.id}&userId=x`])
      expect(await several(query)).toMatchObject({
        status: 422,
        body: { errors: expect.arrayContaining([expect.objectContaining({ pointer: '?userId' })]) },
      });
  });
});

describe('the tables', () => {
  it('are what the entities say', async () => {
    const dataSource = createDataSource(
      { url: database.ownerUrl, poolSize: 1 },
      { entities: [User, Plan, Subscription] },
    );
    await dataSource.initialize();
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    await dataSource.destroy();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });
});

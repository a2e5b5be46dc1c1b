import { beforeAll, describe, expect, it } from 'vitest';
import { accountsDatabase, AccountsServer, type Session } from '../../../../test/setup/accounts-server.js';

const database = await accountsDatabase();
let server: AccountsServer;
let admin: Session;

beforeAll(async () => {
  server = await AccountsServer.start(database);
  admin = await server.administrator();
});

describe('looking up', () => {
  it('lists accounts newest first, a page at a time', async () => {
    await server.register('lola');
    await server.register('lolo');
    const first = await server.get('/v1/users?q=LOL&limit=1', admin.accessToken);
    expect(first.body.data.map(({ username }: { username: string }) => username)).toEqual(['lolo']);
    const second = await server.get(`/v1/users?q=lol&limit=1&cursor=${first.body.nextCursor}`, admin.accessToken);
    expect(second.body.data.map(({ username }: { username: string }) => username)).toEqual(['lola']);
    expect(second.body.nextCursor).toBeNull();
  });

  it('filters by role and status', async () => {
    const { body } = await server.get('/v1/users?role=admin&status=active', admin.accessToken);
    expect(body.data.map(({ id }: { id: string }) => id)).toEqual([admin.userId]);
  });

  it('takes the signs of LIKE in a search for what they are', async () => {
    expect((await server.get('/v1/users?q=%25', admin.accessToken)).body.data).toEqual([]);
    expect((await server.get('/v1/users?q=_', admin.accessToken)).body.data).toEqual([]);
  });

  it('answers an account without its keys and credentials', async () => {
    const { status, body } = await server.get(`/v1/users/${admin.userId}`, admin.accessToken);
    expect(status).toBe(200);
    expect(Object.keys(body).sort()).toEqual([
      'createdAt',
      'displayName',
      'email',
      'id',
      'plan',
      'planSince',
      'role',
      'status',
      'updatedAt',
      'username',
    ]);
  });

  it.each(['0198c2b4-6a52-7c3e-9a41-0c1f5d1d8a11', 'nobody', '%00'])('answers 404 for the id %s', async (id) => {
    expect(await server.get(`/v1/users/${id}`, admin.accessToken)).toMatchObject({
      status: 404,
      body: { code: 'USER_NOT_FOUND' },
    });
    expect((await server.patch(`/v1/users/${id}`, { status: 'suspended' }, admin.accessToken)).status).toBe(404);
  });

  it('refuses unknown and malformed query parameters, all at once', async () => {
    const { status, body } = await server.get('/v1/users?role=king&limit=0&colour=red&q=%00', admin.accessToken);
    expect(status).toBe(422);
    expect(body.errors.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual([
      '?colour',
      '?limit',
      '?q',
      '?role',
    ]);
  });

  it('is for administrators alone', async () => {
    const user = await server.register('curious');
    expect((await server.get('/v1/users', user.accessToken)).status).toBe(403);
    expect((await server.get(`/v1/users/${user.userId}`, user.accessToken)).status).toBe(403);
    expect((await server.patch(`/v1/users/${user.userId}`, { role: 'admin' }, user.accessToken)).status).toBe(403);
  });
});

describe('the plan', () => {
  const give = async ({ userId }: Session, plan: string): Promise<string> => {
    const { body } = await server.request({
      method: 'PUT',
      url: `/v1/users/${userId}/subscription`,
      payload: { plan },
      token: admin.accessToken,
    });
    return body.since as string;
  };

  it('is the default one since no time, or the one that was given since then', async () => {
    const { userId } = await server.register('unplanned');
    const url = `/v1/users/${userId}`;
    expect((await server.get(url, admin.accessToken)).body).toMatchObject({ plan: 'FREEMIUM', planSince: null });
    const planned = await server.register('planned');
    const since = await give(planned, 'PREMIUM');
    const account = { id: planned.userId, username: 'planned', plan: 'PREMIUM', planSince: since };
    expect((await server.get(`/v1/users/${planned.userId}`, admin.accessToken)).body).toMatchObject(account);
    const listed = (await server.get('/v1/users?q=planned', admin.accessToken)).body.data;
    expect(listed).toMatchObject([account, { id: userId, plan: 'FREEMIUM', planSince: null }]);
    const changed = await server.patch(`/v1/users/${planned.userId}`, { displayName: 'P' }, admin.accessToken);
    expect(changed.body).toMatchObject({ ...account, displayName: 'P' });
  });

  it('filters beside all else, over whole pages', async () => {
    const members: Session[] = [];
    for (const name of ['page-a', 'page-b', 'page-c', 'page-d', 'page-e']) members.push(await server.register(name));
    for (const [index, plan] of [
      [0, 'PREMIUM'],
      [2, 'FREEMIUM'],
      [3, 'PREMIUM'],
    ] as const)
      await give(members[index]!, plan);
    const names = async (query: string): Promise<[string[], string | null]> => {
      const { body } = await server.get(`/v1/users?q=page-&${query}`, admin.accessToken);
      return [body.data.map(({ username }: { username: string }) => username), body.nextCursor];
    };
    const [first, cursor] = await names('plan=FREEMIUM&limit=2');
    expect(first).toEqual(['page-e', 'page-c']);
    expect(await names(`plan=FREEMIUM&limit=2&cursor=${cursor}`)).toEqual([['page-b'], null]);
    expect(await names('plan=PREMIUM&limit=2&role=user&status=active')).toEqual([['page-d', 'page-a'], null]);
    expect(await names('plan=PREMIUM&role=admin')).toEqual([[], null]);
    expect(await names('plan=GOLD')).toEqual([[], null]);
  });
});

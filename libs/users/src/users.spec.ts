import { beforeAll, describe, expect, it } from 'vitest';
import { accountsDatabase, AccountsServer, type Session } from '../../../test/setup/accounts-server.js';

const database = await accountsDatabase();
let server: AccountsServer;
let admin: Session;

beforeAll(async () => {
  server = await AccountsServer.start(database);
  admin = await server.administrator();
});

it('mirrors the migrations: the entities give no drift', async () => {
  const { upQueries } = await server.dataSource.driver.createSchemaBuilder().log();
  const own = upQueries
    .map(({ query }) => query)
    .filter((query) => /"(users|credentials|refresh_tokens|api_keys|invitations)"/.test(query));
  expect(own).toEqual([]);
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

describe('changing', () => {
  it('changes role, status and display name, and leaves an event for each', async () => {
    const user = await server.register('changed');
    const { status, body } = await server.patch(
      `/v1/users/${user.userId}`,
      { role: 'auditor', status: 'suspended', displayName: ' Ana García ' },
      admin.accessToken,
    );
    expect(status).toBe(200);
    expect(body).toMatchObject({ role: 'auditor', status: 'suspended', displayName: 'Ana García' });
    const events = await server.dataSource.query(
      'SELECT action, actor_id, details FROM audit_events WHERE target_id = $1 AND actor_id IS NOT NULL ORDER BY id',
      [user.userId],
    );
    expect(events).toEqual([
      { action: 'user.role-changed', actor_id: admin.userId, details: { from: 'user', to: 'auditor' } },
      { action: 'user.status-changed', actor_id: admin.userId, details: { from: 'active', to: 'suspended' } },
      { action: 'user.updated', actor_id: admin.userId, details: { fields: ['displayName'] } },
    ]);
  });

  it('takes a display name away with null, and leaves alone what is not named', async () => {
    const user = await server.register('renamed');
    await server.patch(`/v1/users/${user.userId}`, { displayName: 'R' }, admin.accessToken);
    const { body } = await server.patch(`/v1/users/${user.userId}`, { displayName: null }, admin.accessToken);
    expect(body).toMatchObject({ displayName: null, role: 'user', status: 'active', username: 'renamed' });
  });

  it('refuses values out of range and unknown fields', async () => {
    const { status, body } = await server.patch(
      `/v1/users/${admin.userId}`,
      { role: 'king', status: 1, plan: 'PREMIUM' },
      admin.accessToken,
    );
    expect(status).toBe(422);
    expect(body.errors.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual([
      '/plan',
      '/role',
      '/status',
    ]);
  });

  it('keeps the last active administrator', async () => {
    for (const change of [{ role: 'user' }, { status: 'suspended' }]) {
      expect(await server.patch(`/v1/users/${admin.userId}`, change, admin.accessToken)).toMatchObject({
        status: 409,
        body: { code: 'LAST_ADMINISTRATOR' },
      });
    }
  });

  it('lets nobody change their own role, even beside another administrator', async () => {
    const second = await server.register('second');
    await server.patch(`/v1/users/${second.userId}`, { role: 'admin' }, admin.accessToken);
    expect(await server.patch(`/v1/users/${admin.userId}`, { role: 'user' }, admin.accessToken)).toMatchObject({
      status: 403,
      body: { code: 'OWN_ROLE' },
    });
    expect((await server.patch(`/v1/users/${second.userId}`, { role: 'user' }, admin.accessToken)).status).toBe(200);
  });

  it('keeps one of two administrators who demote each other at the same time', async () => {
    const rival = await server.register('rival');
    await server.patch(`/v1/users/${rival.userId}`, { role: 'admin' }, admin.accessToken);
    const answers = await Promise.all([
      server.patch(`/v1/users/${rival.userId}`, { role: 'user' }, admin.accessToken),
      server.patch(`/v1/users/${admin.userId}`, { role: 'user' }, rival.accessToken),
    ]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const [{ count }] = await server.dataSource.query(
      `SELECT count(*)::int FROM users WHERE role = 'admin' AND status = 'active'`,
    );
    expect(count).toBe(1);
  });
});

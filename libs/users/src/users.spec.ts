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

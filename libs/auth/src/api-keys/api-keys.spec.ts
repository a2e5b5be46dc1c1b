import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, it, vi } from 'vitest';
import { accountsDatabase, AccountsServer, type Session } from '../../../../test/setup/accounts-server.js';
import { ApiKeyRepository } from './api-key.repository.js';

const database = await accountsDatabase();
let server: AccountsServer;
let user: Session;
let admin: Session;

beforeAll(async () => {
  server = await AccountsServer.start(database);
  admin = await server.administrator();
  user = await server.register('keyholder');
});

/** 403 says that the key is known (the route takes no keys), 401 that it is not. */
async function statusWith(key: string): Promise<number> {
  return (await server.get('/v1/me/api-keys', key)).status;
}

it('shows a key once, stores it hashed, and lists what is left to show', async () => {
  const { status, headers, body } = await server.post(
    '/v1/me/api-keys',
    { name: ' ward tablet ', expiresAt: '2101-01-31T00:00:00Z' },
    user.accessToken,
  );
  expect(status).toBe(201);
  expect(headers.location).toBe(`/v1/me/api-keys/${body.id}`);
  const { key, ...shown } = body;
  expect(key.startsWith(`${shown.prefix}_`)).toBe(true);
  expect(shown).toMatchObject({
    name: 'ward tablet',
    scopes: [],
    expiresAt: '2101-01-31T00:00:00.000Z',
    lastUsedAt: null,
  });
  expect((await server.get('/v1/me/api-keys', user.accessToken)).body).toEqual({ data: [shown], nextCursor: null });
  expect(JSON.stringify(await server.dataSource.query('SELECT * FROM api_keys'))).not.toContain(key);
});

it('is refused at once and for good when it is revoked', async () => {
  const { body } = await server.post('/v1/me/api-keys', { name: 'revoked' }, user.accessToken);
  expect(await statusWith(body.key)).toBe(403);
  expect((await server.delete(`/v1/me/api-keys/${body.id}`, user.accessToken)).status).toBe(204);
  expect(await statusWith(body.key)).toBe(401);
  expect(await server.delete(`/v1/me/api-keys/${body.id}`, user.accessToken)).toMatchObject({
    status: 404,
    body: { code: 'API_KEY_NOT_FOUND' },
  });
  expect(await server.auditActions()).toEqual(expect.arrayContaining(['api-key.created', 'api-key.revoked']));
});

it('is refused once it has expired, cached or not', async () => {
  const expiresAt = new Date(Date.now() + 700).toISOString();
  const { body } = await server.post('/v1/me/api-keys', { name: 'short', expiresAt }, user.accessToken);
  expect(await statusWith(body.key)).toBe(403);
  await sleep(750);
  expect(await statusWith(body.key)).toBe(401);
});

it('is refused while its owner is suspended', async () => {
  const owner = await server.register('suspended-owner');
  const { body } = await server.post('/v1/me/api-keys', { name: 'x' }, owner.accessToken);
  expect(await statusWith(body.key)).toBe(403);
  await server.patch(`/v1/users/${owner.userId}`, { status: 'suspended' }, admin.accessToken);
  expect(await statusWith(body.key)).toBe(401);
});

it('is looked up only when it is well-formed, and then once', async () => {
  const { body } = await server.post('/v1/me/api-keys', { name: 'counted' }, user.accessToken);
  const findByHashes = vi.spyOn(server.app.get(ApiKeyRepository), 'findByHashes');
  expect(await statusWith(`${body.key.slice(0, -1)}${body.key.endsWith('A') ? 'B' : 'A'}`)).toBe(401);
  expect(await statusWith('lat_nonsense')).toBe(401);
  expect(findByHashes).not.toHaveBeenCalled();
  for (let use = 0; use < 3; use += 1) expect(await statusWith(body.key)).toBe(403);
  expect(findByHashes).toHaveBeenCalledTimes(1);
  findByHashes.mockRestore();
});

it('writes down its last use, at most once a minute', async () => {
  const { body } = await server.post('/v1/me/api-keys', { name: 'used' }, user.accessToken);
  const touch = vi.spyOn(server.app.get(ApiKeyRepository), 'touch');
  for (let use = 0; use < 5; use += 1) await statusWith(body.key);
  const lastUsedAt = async (): Promise<Date | null> =>
    (await server.dataSource.query('SELECT last_used_at FROM api_keys WHERE id = $1', [body.id]))[0].last_used_at;
  expect(await lastUsedAt()).toBeNull();
  await vi.waitFor(async () => expect(await lastUsedAt()).not.toBeNull(), { timeout: 60_000 });
  await statusWith(body.key);
  await sleep(700);
  expect(touch.mock.calls.flatMap(([ids]) => ids).filter((id) => id === body.id)).toHaveLength(1);
  touch.mockRestore();
});

it('gets the scope admin from administrators alone', async () => {
  expect(await server.post('/v1/me/api-keys', { name: 'x', scopes: ['admin'] }, user.accessToken)).toMatchObject({
    status: 403,
    body: { code: 'FORBIDDEN' },
  });
  expect(
    (await server.post('/v1/me/api-keys', { name: 'x', scopes: ['admin'] }, admin.accessToken)).body.scopes,
  ).toEqual(['admin']);
});

it('with the scope admin follows its owner when the owner is an administrator no more', async () => {
  const demoted = await server.register('demoted');
  await server.patch(`/v1/users/${demoted.userId}`, { role: 'admin' }, admin.accessToken);
  const { body } = await server.post('/v1/me/api-keys', { name: 'x', scopes: ['admin'] }, demoted.accessToken);
  expect((await server.get('/v1/users', body.key)).status).toBe(200);
  await server.patch(`/v1/users/${demoted.userId}`, { role: 'user' }, admin.accessToken);
  expect((await server.get('/v1/users', body.key)).status).toBe(403);
});

it('refuses a past end, unknown scopes and unknown fields', async () => {
  const create = (wanted: object) => server.post('/v1/me/api-keys', wanted, user.accessToken);
  const pointers = async (wanted: object): Promise<string[]> => {
    const { status, body } = await create(wanted);
    expect(status).toBe(422);
    return [...new Set<string>(body.errors.map(({ pointer }: { pointer: string }) => pointer))].sort();
  };
  expect(await pointers({ name: 'x', expiresAt: '2001-01-01T00:00:00Z' })).toEqual(['/expiresAt']);
  expect(await pointers({ name: '', scopes: ['root'], expiresAt: 'soon', colour: 'red' })).toEqual([
    '/colour',
    '/expiresAt',
    '/name',
    '/scopes',
  ]);
  expect(await pointers({ name: 'a\u0000b' })).toEqual(['/name']);
});

it('is not found by anybody else, nor under an id that is none', async () => {
  const { body } = await server.post('/v1/me/api-keys', { name: 'mine' }, user.accessToken);
  expect((await server.delete(`/v1/me/api-keys/${body.id}`, admin.accessToken)).status).toBe(404);
  expect((await server.delete('/v1/me/api-keys/nonsense', user.accessToken)).status).toBe(404);
  expect(await statusWith(body.key)).toBe(403);
});

it('is one of at most a hundred', async () => {
  const hoarder = await server.register('hoarder');
  const statuses: number[] = [];
  for (let made = 0; made < 101; made += 1)
    statuses.push((await server.post('/v1/me/api-keys', { name: `key ${made}` }, hoarder.accessToken)).status);
  expect(statuses.filter((status) => status === 201)).toHaveLength(100);
  expect(statuses[100]).toBe(409);
});

import { setTimeout as sleep } from 'node:timers/promises';
import { Controller, Get } from '@nestjs/common';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  Authenticated,
  LoopbackOrAdmin,
  NoApiKeys,
  Public,
  PUBLIC_RULE,
  registerRequestState,
  Roles,
  toProblem,
  type AccessRule,
} from '#platform';
import { accountsDatabase, AccountsServer, type Session } from '../../../test/setup/accounts-server.js';
import { AccessGuard } from './access.guard.js';
import { Authenticator } from './authenticator.js';

@Controller('probe')
class ProbeController {
  @Get('public') @Public() public(): string {
    return 'open';
  }
  @Get('signed-in') @Authenticated() signedIn(): string {
    return 'open';
  }
  @Get('auditors') @Roles('auditor') auditors(): string {
    return 'open';
  }
  @Get('no-keys') @Authenticated() @NoApiKeys() noKeys(): string {
    return 'open';
  }
  @Get('operations') @LoopbackOrAdmin() operations(): string {
    return 'open';
  }
  @Get('forgotten') forgotten(): string {
    return 'open';
  }
}

const database = await accountsDatabase();
let server: AccountsServer;
let admin: Session;
let user: Session;

beforeAll(async () => {
  server = await AccountsServer.start(database, {}, [ProbeController]);
  admin = await server.administrator();
  user = await server.register('ordinary');
});

async function keyOf(session: Session, scopes: string[] = []): Promise<string> {
  return (await server.post('/v1/me/api-keys', { name: 'probe', scopes }, session.accessToken)).body.key;
}

describe('access rules', () => {
  it('let anybody into a public route, whatever token they show', async () => {
    expect((await server.get('/probe/public')).status).toBe(200);
    expect((await server.get('/probe/public', 'nonsense')).status).toBe(200);
  });

  it('ask for a token with a challenge', async () => {
    const { status, headers, body } = await server.get('/probe/signed-in');
    expect(status).toBe(401);
    expect(headers['www-authenticate']).toBe('Bearer realm="latido"');
    expect(headers['content-type']).toContain('application/problem+json');
    expect(body).toMatchObject({ status: 401, code: 'AUTHENTICATION_REQUIRED', requestId: headers['x-request-id'] });
  });

  it('say that a bad token is one', async () => {
    const { status, headers, body } = await server.get('/probe/signed-in', 'nonsense');
    expect([status, body.code]).toEqual([401, 'INVALID_TOKEN']);
    expect(headers['www-authenticate']).toContain('error="invalid_token"');
  });

  it('let an administrator in wherever a narrower role may, and nobody else', async () => {
    expect((await server.get('/probe/auditors', admin.accessToken)).status).toBe(200);
    expect(await server.get('/probe/auditors', user.accessToken)).toMatchObject({
      status: 403,
      body: { code: 'FORBIDDEN' },
    });
  });

  it('refuse without a token before the body is read', async () => {
    const { status } = await server.request({
      method: 'PATCH',
      url: '/v1/me',
      payload: '{ not json',
      headers: { 'content-type': 'application/json' },
    });
    expect(status).toBe(401);
  });

  it('keep a route without a rule closed, even to administrators', async () => {
    expect(await server.get('/probe/forgotten', admin.accessToken)).toMatchObject({
      status: 403,
      body: { code: 'ROUTE_CLOSED' },
    });
  });

  it('leave what does not exist to be 404', async () => {
    expect((await server.get('/v1/nothing-here')).status).toBe(404);
  });

  it('open operations to this machine alone, and to administrators from elsewhere', async () => {
    const ask = async (remoteAddress: string, headers: Record<string, string> = {}): Promise<number> =>
      (await server.request({ method: 'GET', url: '/probe/operations', remoteAddress, headers })).status;
    expect(await ask('127.0.0.1')).toBe(200);
    expect(await ask('::1')).toBe(200);
    expect(await ask('::ffff:127.0.0.1')).toBe(200);
    expect(await ask('192.0.2.1')).toBe(401);
    expect(await ask('127.0.0.1', { 'x-forwarded-for': '192.0.2.1' })).toBe(401);
    expect(await ask('127.0.0.1', { forwarded: 'for=192.0.2.1' })).toBe(401);
    expect(await ask('127.0.0.1', { 'x-real-ip': '192.0.2.1' })).toBe(401);
    expect(await ask('127.0.0.1', { via: '1.1 proxy' })).toBe(401);
    expect(await ask('192.0.2.1', { authorization: `Bearer ${admin.accessToken}` })).toBe(200);
    expect(await ask('192.0.2.1', { authorization: `Bearer ${user.accessToken}` })).toBe(403);
  });
});

it('has a guard that keeps a route closed when the hook did not run', () => {
  const context = (state: unknown): never => ({ switchToHttp: () => ({ getRequest: () => ({ state }) }) }) as never;
  const guard = new AccessGuard();
  expect(() => guard.canActivate(context(undefined))).toThrow(expect.objectContaining({ name: 'ROUTE_CLOSED' }));
  expect(() => guard.canActivate(context({ ruleApplied: false }))).toThrow(
    expect.objectContaining({ name: 'ROUTE_CLOSED' }),
  );
  expect(guard.canActivate(context({ ruleApplied: true }))).toBe(true);
});

describe('API keys', () => {
  it('are read from each of the three headers', async () => {
    const key = await keyOf(user);
    for (const headers of [{ authorization: `Bearer ${key}` }, { 'x-api-key': key }, { authorization: key }]) {
      expect((await server.request({ method: 'GET', url: '/probe/signed-in', headers })).status).toBe(200);
    }
  });

  it('act as a user unless made with the scope admin', async () => {
    expect((await server.get('/probe/auditors', await keyOf(admin))).status).toBe(403);
    expect((await server.get('/probe/auditors', await keyOf(admin, ['admin']))).status).toBe(200);
  });

  it('never manage keys, passwords or sessions, not even with the scope admin', async () => {
    const key = await keyOf(admin, ['admin']);
    expect(await server.get('/probe/no-keys', key)).toMatchObject({
      status: 403,
      body: { code: 'API_KEY_NOT_ALLOWED' },
    });
    expect((await server.get('/v1/me/api-keys', key)).status).toBe(403);
    expect((await server.post('/v1/me/api-keys', { name: 'x' }, key)).status).toBe(403);
    expect((await server.patch('/v1/me', { displayName: 'x' }, key)).status).toBe(403);
    expect((await server.delete('/v1/me/sessions', key)).status).toBe(403);
  });
});

describe('the hook on another Fastify', () => {
  let fastify: FastifyInstance;
  /** Whether anything was awaited between the hook before and the hook after authentication. */
  let awaited: boolean | undefined;

  const open: AccessRule = { ...PUBLIC_RULE, public: false };
  beforeAll(async () => {
    fastify = Fastify();
    registerRequestState(fastify);
    let microtaskRan = false;
    fastify.addHook('onRequest', (_request, _reply, done) => {
      microtaskRan = false;
      queueMicrotask(() => {
        microtaskRan = true;
      });
      done();
    });
    server.app.get(Authenticator).register(fastify);
    fastify.addHook('onRequest', (_request, _reply, done) => {
      awaited = microtaskRan;
      done();
    });
    fastify.setErrorHandler((error, request, reply) => {
      const { status, body, headers } = toProblem(error, request.id);
      void reply.status(status).headers(headers).send(body);
    });
    fastify.get('/open', { config: { access: open } }, (request) => ({
      principal: request.state.principal,
      timings: request.state.timings,
    }));
    await fastify.ready();
  });
  afterAll(() => fastify.close());

  const call = async (token: string): Promise<{ principal: object; timings: { auth: number } }> =>
    (await fastify.inject({ method: 'GET', url: '/open', headers: { authorization: `Bearer ${token}` } })).json();

  it('awaits nothing for a token that is cached', async () => {
    await call(user.accessToken);
    awaited = undefined;
    const startedAt = performance.now();
    const { principal, timings } = await call(user.accessToken);
    expect(awaited).toBe(false);
    expect(principal).toMatchObject({ userId: user.userId, role: 'user', apiKeyId: null, mustChangePassword: false });
    expect(timings.auth).toBeGreaterThan(0);
    expect(timings.auth).toBeLessThanOrEqual(performance.now() - startedAt);
  });

  it('awaits nothing for an API key that is cached, or mistyped', async () => {
    const key = await keyOf(user);
    await call(key);
    awaited = undefined;
    expect((await call(key)).principal).toMatchObject({ userId: user.userId, apiKeyId: expect.any(String) });
    expect(awaited).toBe(false);
    awaited = undefined;
    const mistyped = `${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`;
    expect(await call(mistyped)).toMatchObject({ code: 'INVALID_TOKEN' });
    expect(awaited).toBeUndefined();
  });
});

describe('two replicas', () => {
  it('refuse a suspended user, a changed role and a changed password within a second', async () => {
    const other = await AccountsServer.start(database, {}, [ProbeController], server.dataFolder);
    const statusOn = async (replica: AccountsServer, url: string, token: string): Promise<number> =>
      (await replica.get(url, token)).status;
    const within = async (url: string, token: string, expected: number): Promise<void> => {
      const deadline = Date.now() + 1_000;
      while ((await statusOn(other, url, token)) !== expected) {
        if (Date.now() > deadline) throw new Error(`the other replica does not answer ${expected} within a second`);
        // An injected request touches no socket: without a pause, no notification would get in between.
        await sleep(20);
      }
    };
    const member = await server.register('member');
    expect(await statusOn(other, '/probe/signed-in', member.accessToken)).toBe(200);
    expect(await statusOn(other, '/probe/auditors', member.accessToken)).toBe(403);

    await server.patch(`/v1/users/${member.userId}`, { role: 'auditor' }, admin.accessToken);
    expect(await statusOn(server, '/probe/auditors', member.accessToken)).toBe(200);
    await within('/probe/auditors', member.accessToken, 200);

    await server.patch(`/v1/users/${member.userId}`, { status: 'suspended' }, admin.accessToken);
    expect(await statusOn(server, '/probe/signed-in', member.accessToken)).toBe(401);
    await within('/probe/signed-in', member.accessToken, 401);

    await server.patch(`/v1/users/${member.userId}`, { status: 'active' }, admin.accessToken);
    expect(await statusOn(server, '/probe/signed-in', member.accessToken)).toBe(200);
    await within('/probe/signed-in', member.accessToken, 200);

    await server.patch(
      '/v1/me',
      { currentPassword: 'three small green boats', newPassword: 'four small green boats' },
      member.accessToken,
    );
    expect(await statusOn(server, '/probe/signed-in', member.accessToken)).toBe(401);
    await within('/probe/signed-in', member.accessToken, 401);
  });
});

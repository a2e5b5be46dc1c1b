/** Calls without a token, for the account that the operator named; and tokens that came from a password. */
import { Controller, Get } from '@nestjs/common';
import { beforeAll, describe, expect, it } from 'vitest';
import { Authenticated, Caller, FreshTokens, OrAnonymous, type Principal } from '#platform';
import { accountsDatabase, AccountsServer, PASSWORD, type Session } from '../../../test/setup/accounts-server.js';
import { SessionsService } from './tokens/sessions.service.js';

@Controller('probe')
class ProbeController {
  @Get('open') @Authenticated() @OrAnonymous() open(@Caller() caller: Principal): Principal {
    return caller;
  }
  @Get('closed') @Authenticated() closed(): string {
    return 'in';
  }
  @Get('fresh') @Authenticated() @FreshTokens() fresh(): string {
    return 'in';
  }
}

const database = await accountsDatabase();
const ORIGIN = { requestId: 'test', address: '127.0.0.1' };

describe('a call without a token', () => {
  let server: AccountsServer;
  let admin: Session;

  beforeAll(async () => {
    server = await AccountsServer.start(database, { LEGACY_ANONYMOUS_USER: 'Older-Clients' }, [ProbeController]);
    admin = await server.administrator();
  });

  it('is refused until the account is there', async () => {
    const { status, body } = await server.get('/probe/open');
    expect([status, body.code]).toEqual([401, 'AUTHENTICATION_REQUIRED']);
    expect(body.detail).toContain('LEGACY_ANONYMOUS_USER');
  });

  it('counts for the account as a plain user, whatever its role, where the route allows it', async () => {
    const { userId } = await server.register('older-clients');
    const promotion = { role: 'admin' };
    expect((await server.patch(`/v1/users/${userId}`, promotion, admin.accessToken)).status).toBe(200);
    const { status, body } = await server.get('/probe/open');
    expect(status).toBe(200);
    expect(body).toMatchObject({ userId, role: 'user', apiKeyId: null, anonymous: true });
    expect((await server.get('/probe/closed')).status).toBe(401);
  });

  it('is not one that shows something that does not hold', async () => {
    expect((await server.get('/probe/open', 'nonsense')).status).toBe(401);
    for (const headers of [{ authorization: 'Basic abc' }, { authorization: '' }, { 'x-api-key': '' }])
      expect((await server.request({ method: 'GET', url: '/probe/open', headers })).status).toBe(401);
  });

  it("with a token is its user's", async () => {
    const session = await server.register('somebody');
    const { body } = await server.get('/probe/open', session.accessToken);
    expect(body).toMatchObject({ userId: session.userId });
    expect(body).not.toHaveProperty('anonymous');
  });

  it('is refused while the account is suspended', async () => {
    const { userId } = await server.signIn('older-clients');
    await server.patch(`/v1/users/${userId}`, { status: 'suspended' }, admin.accessToken);
    expect((await server.get('/probe/open')).status).toBe(401);
    await server.patch(`/v1/users/${userId}`, { status: 'active' }, admin.accessToken);
    expect((await server.get('/probe/open')).status).toBe(200);
  });

  it('is refused where no account was named', async () => {
    const other = await AccountsServer.start(database, {}, [ProbeController]);
    const { status, body } = await other.get('/probe/open');
    expect([status, body.code, body.detail]).toEqual([
      401,
      'AUTHENTICATION_REQUIRED',
      'This route needs an access token or an API key. Whoever runs this server may set LEGACY_ANONYMOUS_USER, for calls without one.',
    ]);
  });
});

describe('a route that wants fresh tokens', () => {
  let server: AccountsServer;
  beforeAll(async () => {
    server = await AccountsServer.start(database, {}, [ProbeController]);
  });

  it('takes one that came from a password, and an API key', async () => {
    const { accessToken } = await server.register('fresh');
    expect((await server.get('/probe/fresh', accessToken)).status).toBe(200);
    const { body } = await server.post('/v1/me/api-keys', { name: 'probe' }, accessToken);
    expect((await server.get('/probe/fresh', body.key)).status).toBe(200);
  });

  it('refuses one that came from a refresh token', async () => {
    const { refreshToken } = await server.signIn('fresh');
    const { body: session } = await server.refresh(refreshToken);
    const { status, headers, body } = await server.get('/probe/fresh', session.access_token);
    expect([status, body.code]).toEqual([401, 'FRESH_TOKEN_REQUIRED']);
    expect(headers['www-authenticate']).toContain('error="invalid_token"');
    expect((await server.get('/probe/closed', session.access_token)).status).toBe(200);
  });

  it('refuses one of a session whose refresh token is used again and again', async () => {
    const sessions = server.app.get(SessionsService);
    const { accessToken, refreshToken } = await sessions.signInReusably('fresh', PASSWORD, ORIGIN);
    expect((await server.get('/probe/fresh', accessToken)).status).toBe(200);
    for (let use = 0; use < 3; use += 1) {
      const renewed = await sessions.renew(refreshToken, ORIGIN);
      expect((await server.get('/probe/fresh', renewed)).body.code).toBe('FRESH_TOKEN_REQUIRED');
      expect((await server.get('/probe/closed', renewed)).status).toBe(200);
    }
  });
});

describe('a refresh token that is used again and again', () => {
  let server: AccountsServer;
  let sessions: SessionsService;
  beforeAll(async () => {
    server = await AccountsServer.start(database);
    sessions = server.app.get(SessionsService);
    await server.register('reuser');
  });

  it('is no refresh token of /v1, nor is one of /v1 such a token', async () => {
    const { refreshToken } = await sessions.signInReusably('reuser', PASSWORD, ORIGIN);
    expect((await server.refresh(refreshToken)).body.error).toBe('invalid_grant');
    await expect(sessions.renew(refreshToken, ORIGIN)).resolves.toEqual(expect.any(String));
    const { refreshToken: rotating } = await server.signIn('reuser');
    await expect(sessions.renew(rotating, ORIGIN)).rejects.toThrow('The refresh token is unknown');
    expect((await server.refresh(rotating)).status).toBe(200);
  });

  it('ends when it is revoked, when its user signs out everywhere, and while the user is suspended', async () => {
    const first = await sessions.signInReusably('reuser', PASSWORD, ORIGIN);
    await server.post('/v1/auth/revoke', { token: first.refreshToken });
    await expect(sessions.renew(first.refreshToken, ORIGIN)).rejects.toThrow('The refresh token is unknown');

    const second = await sessions.signInReusably('reuser', PASSWORD, ORIGIN);
    const admin = await server.administrator();
    const { userId } = await server.signIn('reuser');
    await server.patch(`/v1/users/${userId}`, { status: 'suspended' }, admin.accessToken);
    await expect(sessions.renew(second.refreshToken, ORIGIN)).rejects.toThrow('The refresh token is unknown');
    await server.patch(`/v1/users/${userId}`, { status: 'active' }, admin.accessToken);

    const third = await sessions.signInReusably('reuser', PASSWORD, ORIGIN);
    await server.delete('/v1/me/sessions', third.accessToken);
    await expect(sessions.renew(third.refreshToken, ORIGIN)).rejects.toThrow('The refresh token is unknown');
  });
});

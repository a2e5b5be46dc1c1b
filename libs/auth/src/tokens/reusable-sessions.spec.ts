/** Tokens that came from a password are told from those that did not; and refresh tokens that are used again and again. */
import { Controller, Get } from '@nestjs/common';
import { beforeAll, describe, expect, it } from 'vitest';
import { Authenticated, FreshTokens } from '#platform';
import { accountsDatabase, AccountsServer, PASSWORD } from '../../../../test/setup/accounts-server.js';
import { SessionsService } from './sessions.service.js';

@Controller('probe')
class ProbeController {
  @Get('any') @Authenticated() any(): string {
    return 'in';
  }
  @Get('fresh') @Authenticated() @FreshTokens() fresh(): string {
    return 'in';
  }
}

const database = await accountsDatabase();
const ORIGIN = { requestId: 'test', address: '127.0.0.1' };

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
    expect((await server.get('/probe/any', session.access_token)).status).toBe(200);
  });

  it('refuses one of a session whose refresh token is used again and again', async () => {
    const sessions = server.app.get(SessionsService);
    const { accessToken, refreshToken } = await sessions.signInReusably('fresh', PASSWORD, ORIGIN);
    expect((await server.get('/probe/fresh', accessToken)).status).toBe(200);
    for (let use = 0; use < 3; use += 1) {
      const renewed = await sessions.renew(refreshToken, ORIGIN);
      expect((await server.get('/probe/fresh', renewed)).body.code).toBe('FRESH_TOKEN_REQUIRED');
      expect((await server.get('/probe/any', renewed)).status).toBe(200);
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

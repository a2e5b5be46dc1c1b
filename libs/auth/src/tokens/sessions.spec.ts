import { beforeAll, describe, expect, it, vi } from 'vitest';
import { Housekeeping } from '#platform';
import {
  accountsDatabase,
  AccountsServer,
  PASSWORD,
  type Answer,
  type Session,
} from '../../../../test/setup/accounts-server.js';
import { PasswordHashing } from '../passwords/password-hashing.js';
import { secretHash } from '../secret-hash.js';
import { SessionsService } from './sessions.service.js';

const database = await accountsDatabase();
let server: AccountsServer;
let admin: Session;

beforeAll(async () => {
  server = await AccountsServer.start(database);
  admin = await server.administrator();
});

/** Makes it look as if the token had been used this many seconds ago. */
async function ageUse(refreshToken: string, seconds: number): Promise<void> {
  await server.dataSource.query(
    `UPDATE refresh_tokens SET used_at = now() - make_interval(secs => $2) WHERE token_hash = $1`,
    [secretHash(refreshToken), seconds],
  );
}

function form(fields: Record<string, string> | string): Promise<Answer> {
  const payload = typeof fields === 'string' ? fields : new URLSearchParams(fields).toString();
  return server.request({
    method: 'POST',
    url: '/v1/auth/token',
    payload,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
}

describe('signing in', () => {
  it('answers as RFC 6749 asks, to a form and to JSON, by user name and by e-mail address in any case', async () => {
    await server.post('/v1/users', { username: 'Ana', email: 'Ana.Ruiz@Hospital.example', password: PASSWORD });
    for (const username of ['Ana', 'ANA', 'ana.ruiz@hospital.example', ' ana ']) {
      const { status, headers, body } = await server.grant(username, PASSWORD);
      expect(status).toBe(200);
      expect(headers).toMatchObject({ 'cache-control': 'no-store', pragma: 'no-cache' });
      expect(body).toEqual({
        access_token: expect.any(String),
        token_type: 'Bearer',
        expires_in: 1200,
        refresh_token: expect.any(String),
      });
    }
    expect((await form({ grant_type: 'password', username: 'ana', password: PASSWORD, scope: 'ignored' })).status).toBe(
      200,
    );
  });

  it('can leave no refresh token behind, for clients that know none: the session is over with its access token', async () => {
    const { userId } = await server.register('brief');
    const tokens = () => server.dataSource.query('SELECT id FROM refresh_tokens WHERE user_id = $1', [userId]);
    const before = (await tokens()).length;
    const sessions = server.app.get(SessionsService);
    const origin = { requestId: 'r', address: '192.0.2.1' };
    const token = await sessions.signInOnce('brief', PASSWORD, origin);
    expect((await server.get('/v1/me/api-keys', token)).status).toBe(200);
    expect(await tokens()).toHaveLength(before);
    expect((await server.auditActions()).at(-1)).toBe('session.started');
    await expect(sessions.signInOnce('brief', 'five small green boats', origin)).rejects.toThrow(/not right/);
    await server.delete('/v1/me/sessions', token);
    expect((await server.get('/v1/me/api-keys', token)).status).toBe(401);
  });

  it('gives an unknown user and a wrong password the same answer after the same work', async () => {
    await server.register('known');
    const verify = vi.spyOn(server.app.get(PasswordHashing), 'verify');
    const wrong = await server.grant('known', 'five small green boats');
    const unknown = await server.grant('unknown', 'five small green boats');
    const unthinkable = await server.grant('no\u0000body', 'five small green boats');
    expect(verify).toHaveBeenCalledTimes(3);
    verify.mockRestore();
    expect(wrong).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    for (const answer of [unknown, unthinkable]) {
      expect(answer.status).toBe(wrong.status);
      expect(answer.body).toEqual(wrong.body);
      expect(Object.keys(answer.headers).sort()).toEqual(Object.keys(wrong.headers).sort());
    }
  });

  it('gives a suspended user with the right password that answer too', async () => {
    const { userId } = await server.register('gone');
    await server.patch(`/v1/users/${userId}`, { status: 'suspended' }, admin.accessToken);
    expect(await server.grant('gone', PASSWORD)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });

  it.each<[string, object | string, string]>([
    ['no grant type', { username: 'ana', password: PASSWORD }, 'invalid_request'],
    ['another grant type', { grant_type: 'client_credentials' }, 'unsupported_grant_type'],
    ['no password', { grant_type: 'password', username: 'ana' }, 'invalid_request'],
    [
      'a password that is no text',
      { grant_type: 'password', username: 'ana', password: { $ne: '' } },
      'invalid_request',
    ],
    ['a body that is no object', [], 'invalid_request'],
    ['a field given twice', 'grant_type=password&grant_type=password', 'invalid_request'],
    ['no refresh token', { grant_type: 'refresh_token' }, 'invalid_request'],
    ['an unknown refresh token', { grant_type: 'refresh_token', refresh_token: 'unknown' }, 'invalid_grant'],
  ])('refuses %s in the shape of RFC 6749', async (_, body, error) => {
    const answer = typeof body === 'string' ? await form(body) : await server.post('/v1/auth/token', body);
    expect(answer).toMatchObject({
      status: 400,
      headers: { 'cache-control': 'no-store' },
      body: { error, error_description: expect.any(String) },
    });
  });

  it('refuses a request without a body', async () => {
    expect(await server.request({ method: 'POST', url: '/v1/auth/token' })).toMatchObject({
      status: 400,
      body: { error: 'invalid_request' },
    });
  });

  it('makes guessing wait, and lets the owner in from elsewhere meanwhile and here afterwards', async () => {
    await server.register('guessed');
    const guesses: Answer[] = [];
    for (let guess = 0; guess < 6; guess += 1)
      guesses.push(await server.grant('guessed', `guess number ${guess}`, '192.0.2.66'));
    expect(guesses.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400, 429]);
    expect(guesses[5]).toMatchObject({ body: { error: 'slow_down' }, headers: { 'retry-after': '1' } });
    expect((await server.grant('guessed', PASSWORD, '192.0.2.66')).status).toBe(429);
    expect((await server.grant('guessed', PASSWORD, '192.0.2.67')).status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect((await server.grant('guessed', PASSWORD, '192.0.2.66')).status).toBe(200);
  });

  it('leaves an event of who signed in and of who did not, with no name and no password in it', async () => {
    const { userId } = await server.register('audited');
    await server.grant('audited', 'five small green boats');
    await server.grant('nobody@hospital.example', 'five small green boats');
    const events = await server.dataSource.query(
      `SELECT action, actor_kind, actor_id, target_type, target_id, details FROM audit_events ORDER BY id DESC LIMIT 3`,
    );
    expect(events).toEqual([
      {
        action: 'session.refused',
        actor_kind: 'anonymous',
        actor_id: null,
        target_type: 'user',
        target_id: 'unknown',
        details: { reason: 'unknown-account' },
      },
      {
        action: 'session.refused',
        actor_kind: 'anonymous',
        actor_id: null,
        target_type: 'user',
        target_id: userId,
        details: { reason: 'wrong-password' },
      },
      expect.objectContaining({
        action: 'session.started',
        actor_kind: 'user',
        actor_id: userId,
        target_type: 'session',
        details: {},
      }),
    ]);
  });
});

describe('refresh tokens', () => {
  it('are stored hashed', async () => {
    const { refreshToken } = await server.register('hashed');
    const rows = await server.dataSource.query('SELECT * FROM refresh_tokens');
    expect(JSON.stringify(rows)).not.toContain(refreshToken);
    expect(rows.some(({ token_hash }: { token_hash: string }) => token_hash === secretHash(refreshToken))).toBe(true);
  });

  it('are good for one use, and followed by another', async () => {
    const { refreshToken } = await server.register('rotating');
    const next = await server.refresh(refreshToken);
    expect(next.status).toBe(200);
    expect(next.body.refresh_token).not.toBe(refreshToken);
    expect((await server.get('/v1/me/api-keys', next.body.access_token)).status).toBe(200);
    expect((await server.refresh(next.body.refresh_token)).status).toBe(200);
  });

  it('shown again within ten seconds get a sibling', async () => {
    const { refreshToken } = await server.register('twotabs');
    const [first, second] = [await server.refresh(refreshToken), await server.refresh(refreshToken)];
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(second.body.refresh_token).not.toBe(first.body.refresh_token);
    expect((await server.refresh(first.body.refresh_token)).status).toBe(200);
    expect((await server.refresh(second.body.refresh_token)).status).toBe(200);
  });

  it('used by ten tabs at the same time all get one', async () => {
    const { refreshToken } = await server.register('tentabs');
    const answers = await Promise.all(Array.from({ length: 10 }, () => server.refresh(refreshToken)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
    expect(new Set(answers.map(({ body }) => body.refresh_token)).size).toBe(10);
  });

  it('shown again later end their whole family, and leave an event', async () => {
    const { refreshToken, userId } = await server.register('stolen');
    const elsewhere = await server.signIn('stolen');
    const next = await server.refresh(refreshToken);
    await ageUse(refreshToken, 11);
    expect(await server.refresh(refreshToken)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect((await server.refresh(next.body.refresh_token)).status).toBe(400);
    expect((await server.refresh(elsewhere.refreshToken)).status).toBe(200); // another session of the same user
    const [family] = await server.dataSource.query(
      'SELECT family_id FROM refresh_tokens WHERE token_hash = $1 AND user_id = $2',
      [secretHash(refreshToken), userId],
    );
    const events = await server.dataSource.query(
      `SELECT target_id FROM audit_events WHERE action = 'session.refresh-reused'`,
    );
    expect(events).toEqual([{ target_id: family.family_id }]);
  });

  it('do not slip through when their family ends at the same time', async () => {
    const { refreshToken } = await server.register('racing');
    let current: string = (await server.refresh(refreshToken)).body.refresh_token;
    await ageUse(refreshToken, 11);
    const [, racing] = await Promise.all([server.refresh(refreshToken), server.refresh(current)]);
    if (racing.status === 200) current = racing.body.refresh_token;
    expect((await server.refresh(current)).status).toBe(400);
  });

  it('expire after 30 days', async () => {
    const { refreshToken } = await server.register('patient1');
    const [{ days }] = await server.dataSource.query(
      `SELECT extract(epoch FROM expires_at - issued_at) / 86400 AS days FROM refresh_tokens WHERE token_hash = $1`,
      [secretHash(refreshToken)],
    );
    expect(Number(days)).toBeCloseTo(30, 2);
    await server.dataSource.query(
      `UPDATE refresh_tokens SET expires_at = now() - interval '1 second' WHERE token_hash = $1`,
      [secretHash(refreshToken)],
    );
    expect((await server.refresh(refreshToken)).status).toBe(400);
    await server.app.get(Housekeeping).run();
    expect(
      await server.dataSource.query('SELECT 1 FROM refresh_tokens WHERE token_hash = $1', [secretHash(refreshToken)]),
    ).toEqual([]);
  });

  it('are refused while their user is suspended', async () => {
    const { refreshToken, userId } = await server.register('paused');
    await server.patch(`/v1/users/${userId}`, { status: 'suspended' }, admin.accessToken);
    expect((await server.refresh(refreshToken)).status).toBe(400);
    await server.patch(`/v1/users/${userId}`, { status: 'active' }, admin.accessToken);
    expect((await server.refresh(refreshToken)).status).toBe(200);
  });
});

describe('revocation', () => {
  it('ends the session of a refresh token, siblings and successors included', async () => {
    const { refreshToken } = await server.register('leaving');
    const next = await server.refresh(refreshToken);
    expect(
      (await server.post('/v1/auth/revoke', { token: refreshToken, token_type_hint: 'refresh_token' })).status,
    ).toBe(200);
    expect((await server.refresh(next.body.refresh_token)).status).toBe(400);
  });

  it('answers 200 for a token that is unknown or revoked already', async () => {
    const { refreshToken } = await server.register('leaving2');
    for (const token of ['unknown', refreshToken, refreshToken])
      expect((await server.post('/v1/auth/revoke', { token })).status).toBe(200);
  });

  it('says of an access token that it cannot be revoked', async () => {
    const { accessToken } = await server.register('leaving3');
    expect(await server.post('/v1/auth/revoke', { token: accessToken })).toMatchObject({
      status: 400,
      body: { error: 'unsupported_token_type' },
    });
    expect(await server.post('/v1/auth/revoke', {})).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
  });

  it('of all sessions ends access and refresh tokens everywhere, and leaves API keys', async () => {
    const here = await server.register('everywhere');
    const there = await server.signIn('everywhere');
    const { key } = (await server.post('/v1/me/api-keys', { name: 'robot' }, here.accessToken)).body;
    expect((await server.delete('/v1/me/sessions', here.accessToken)).status).toBe(204);
    for (const { accessToken, refreshToken } of [here, there]) {
      expect((await server.get('/v1/me/api-keys', accessToken)).status).toBe(401);
      expect((await server.refresh(refreshToken)).status).toBe(400);
    }
    expect(await server.get('/v1/me/api-keys', key)).toMatchObject({
      status: 403,
      body: { code: 'API_KEY_NOT_ALLOWED' },
    }); // known, but not for this
    expect((await server.signIn('everywhere')).userId).toBe(here.userId);
    expect(await server.auditActions()).toContain('session.revoked-everywhere');
  });
});

describe('a refresh token delivered as a cookie', () => {
  const DELIVERY = { 'x-token-delivery': 'cookie' };

  async function signInWithCookie(username: string, url = '/v1/auth/token'): Promise<Answer> {
    return server.request({
      method: 'POST',
      url,
      payload: { grant_type: 'password', username, password: PASSWORD },
      headers: DELIVERY,
    });
  }

  function cookieOf({ headers }: Answer): string {
    return String(headers['set-cookie']).split(';')[0] ?? '';
  }

  it('is out of reach of scripts and other sites, and not in the body', async () => {
    await server.register('browser');
    const answer = await signInWithCookie('browser');
    expect(answer.body).not.toHaveProperty('refresh_token');
    expect(answer.headers['set-cookie']).toMatch(
      /^latido_refresh=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/v1\/auth; Max-Age=2592000$/,
    );
  });

  it('continues the session when the header comes along, and only then', async () => {
    await server.register('browser2');
    const cookie = cookieOf(await signInWithCookie('browser2'));
    const grant = { grant_type: 'refresh_token' };
    const forged = await server.request({ method: 'POST', url: '/v1/auth/token', payload: grant, headers: { cookie } });
    expect(forged).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
    const next = await server.request({
      method: 'POST',
      url: '/v1/auth/token',
      payload: grant,
      headers: { ...DELIVERY, cookie: `theme=dark; ${cookie}` },
    });
    expect(next.status).toBe(200);
    expect(next.body).not.toHaveProperty('refresh_token');
    expect(cookieOf(next)).not.toBe(cookie);
  });

  it('is revoked and taken away by signing out', async () => {
    await server.register('browser3');
    const cookie = cookieOf(await signInWithCookie('browser3'));
    const out = await server.request({ method: 'POST', url: '/v1/auth/revoke', headers: { ...DELIVERY, cookie } });
    expect(out.status).toBe(200);
    expect(out.headers['set-cookie']).toMatch(
      /^latido_refresh=; HttpOnly; SameSite=Strict; Path=\/v1\/auth; Max-Age=0$/,
    );
    const again = await server.request({
      method: 'POST',
      url: '/v1/auth/token',
      payload: { grant_type: 'refresh_token' },
      headers: { ...DELIVERY, cookie },
    });
    expect(again.status).toBe(400);
  });
});

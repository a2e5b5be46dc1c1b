import { beforeAll, describe, expect, it } from 'vitest';
import {
  accountsDatabase,
  PASSWORD,
  type AccountsServer,
  type Answer,
} from '../../../../../test/setup/accounts-server.js';
import { AT_RISK, CARDIAC, CardiacClient } from '../../../../../test/setup/cardiac-client.js';
import { startLegacyServer } from '../../../../../test/setup/legacy-server.js';
import { recordedSession, replaySession } from '../../../../../test/setup/recorded-session.js';

const database = await accountsDatabase();
let strict: AccountsServer;
let lenient: AccountsServer;

beforeAll(async () => {
  strict = await startLegacyServer(database, ['cardiac']);
  lenient = await startLegacyServer(database, ['cardiac'], {
    LEGACY_WEAK_PASSWORDS: 'true',
    LEGACY_SELF_SERVICE_PLAN: 'true',
  });
});

let calls = 0;

/** From an address of its own, so that no limit on attempts is met by chance. */
function post(server: AccountsServer, path: string, payload: unknown): Promise<Answer> {
  calls += 1;
  return server.request({
    method: 'POST',
    url: `${CARDIAC}${path}`,
    payload: JSON.stringify(payload),
    headers: { 'content-type': 'application/json' },
    remoteAddress: `10.1.${calls >> 8}.${calls & 255}`,
  });
}

describe('POST /register', () => {
  it('makes an account of /v1, and shows no password', async () => {
    const answer = await post(strict, '/register', {
      username: 'ana',
      password: PASSWORD,
      email: 'ana@clinic.example',
    });
    expect(answer).toMatchObject({ status: 201, body: { username: 'ana', email: 'ana@clinic.example' } });
    expect(Object.keys(answer.body)).toEqual(['id', 'username', 'email']);
    const { userId, accessToken } = await strict.signIn('ana');
    expect(userId).toBe(answer.body.id);
    expect((await strict.get('/v1/me', accessToken)).body).toMatchObject({ plan: 'FREEMIUM', role: 'user' });
  });

  it('refuses a name or an address that is taken with 400', async () => {
    await post(strict, '/register', { username: 'eva', password: PASSWORD, email: 'eva@clinic.example' });
    expect(await post(strict, '/register', { username: 'EVA', password: PASSWORD })).toMatchObject({
      status: 400,
      body: { code: 400, status: 'Bad Request', message: 'An account with this user name exists.' },
    });
    expect(
      await post(strict, '/register', { username: 'eva2', password: PASSWORD, email: 'eva@clinic.example' }),
    ).toMatchObject({ status: 400, body: { code: 400, status: 'Bad Request' } });
  });

  it('refuses a weak password with 400 and says whom to ask, unless the operator lets old clients have theirs', async () => {
    const weak = { username: 'weak', password: 'test', email: 'weak@clinic.example' };
    const { status, body } = await post(strict, '/register', weak);
    expect({ status, code: body.code }).toEqual({ status: 400, code: 400 });
    expect(body.message).toContain('LEGACY_WEAK_PASSWORDS');
    expect(await post(lenient, '/register', weak)).toMatchObject({ status: 201, body: { username: 'weak' } });
    expect((await post(strict, '/login', { username: 'weak', password: 'test' })).status).toBe(200);
  });

  it.each([
    [{}, { username: ['Missing data for required field.'], password: ['Missing data for required field.'] }],
    [
      { username: 7, password: null },
      { username: ['Not a valid string.'], password: ['Field may not be null.'] },
    ],
    [{ username: 'x', password: PASSWORD, role: 'admin' }, { role: ['Unknown field.'] }],
    [
      { username: 'joe', password: PASSWORD, email: 'joe' },
      { email: [expect.stringContaining('e-mail address') as string] },
    ],
    [
      { username: 'a b', password: PASSWORD },
      { username: [expect.stringContaining('Must be 3 to 64 letters') as string] },
    ],
    [{ username: 'a\0b', password: PASSWORD }, { username: expect.arrayContaining([expect.any(String)]) as string[] }],
    [[], { _schema: ['Invalid input type.'] }],
    ['text', { _schema: ['Invalid input type.'] }],
    [null, { _schema: ['Invalid input type.'] }],
  ])('refuses %j with 422', async (payload, errors) => {
    expect(await post(strict, '/register', payload)).toMatchObject({
      status: 422,
      body: { code: 422, status: 'Unprocessable Entity', errors: { json: errors } },
    });
  });

  it('is limited for one address, in the shape of the older service', async () => {
    const statuses: number[] = [];
    let last: Answer;
    for (let index = 0; index < 31; index += 1) {
      const payload = { username: `many-${index}`, password: 'x' };
      last = await strict.request({ method: 'POST', url: `${CARDIAC}/register`, payload, remoteAddress: '10.9.9.9' });
      statuses.push(last.status);
      if (last.status === 429) break;
      const good = { username: `many-${index}`, password: PASSWORD };
      last = await strict.request({
        method: 'POST',
        url: `${CARDIAC}/register`,
        payload: good,
        remoteAddress: '10.9.9.9',
      });
      statuses.push(last.status);
      if (last.status === 429) break;
    }
    expect(last!).toMatchObject({ status: 429, body: { code: 429, status: 'Too Many Requests' } });
    expect(Number(last!.headers['retry-after'])).toBeGreaterThan(0);
    expect(new Set(statuses)).toEqual(new Set([400, 201, 429]));
  });

  it('is closed where registration is', async () => {
    const closed = await startLegacyServer(database, ['cardiac'], { REGISTRATION: 'closed' });
    expect(await post(closed, '/register', { username: 'late', password: PASSWORD })).toMatchObject({
      status: 403,
      body: { code: 403, status: 'Forbidden', message: expect.any(String) },
    });
  });
});

describe('POST /login', () => {
  it('answers two tokens, and 401 for what is not right', async () => {
    const client = await CardiacClient.registered(strict, 'login-1');
    const { status, body } = await post(strict, '/login', { username: 'login-1', password: PASSWORD });
    expect({ status, body }).toEqual({
      status: 200,
      body: { access_token: expect.any(String), refresh_token: expect.any(String) },
    });
    const claims = JSON.parse(Buffer.from(body.access_token.split('.')[1], 'base64url').toString()) as object;
    expect(claims).toMatchObject({ sub: client.userId, fresh: true });
    for (const [username, password] of [
      ['login-1', 'wrong'],
      ['nobody', PASSWORD],
      ['a\0b', PASSWORD],
      ['login-1', 'a\0b'],
    ])
      expect(await post(strict, '/login', { username, password })).toMatchObject({
        status: 401,
        body: { code: 401, status: 'Unauthorized', message: 'The name or the password is not right.' },
      });
  });

  it.each([
    [{ username: 'login-1' }, { password: ['Missing data for required field.'] }],
    [
      { username: ['login-1'], password: {} },
      { username: ['Not a valid string.'], password: ['Not a valid string.'] },
    ],
    [{ username: '', password: '' }, { username: ['Missing data for required field.'] }],
  ])('refuses %j with 422', async (payload, errors) => {
    expect(await post(strict, '/login', payload)).toMatchObject({ status: 422, body: { errors: { json: errors } } });
  });
});

describe('POST /refresh', () => {
  const refresh = (authorization?: string): Promise<Answer> =>
    strict.request({
      method: 'POST',
      url: `${CARDIAC}/refresh`,
      headers: authorization === undefined ? {} : { authorization },
    });

  it('answers an access token, again and again, that is not fresh', async () => {
    const client = await CardiacClient.registered(strict);
    for (let time = 0; time < 3; time += 1) {
      const { status, body } = await refresh(`Bearer ${client.refreshToken}`);
      expect({ status, body }).toEqual({ status: 200, body: { access_token: expect.any(String) } });
      expect((await strict.get('/v1/me', body.access_token)).status).toBe(200);
    }
  });

  it('says why it refuses, as Flask-JWT-Extended does', async () => {
    const client = await CardiacClient.registered(strict);
    expect(await refresh()).toMatchObject({ status: 401, body: { msg: 'Missing Authorization Header' } });
    const wrongKind = { status: 422, body: { msg: 'Only refresh tokens are allowed' } };
    expect(await refresh(`Bearer ${client.accessToken}`)).toMatchObject(wrongKind);
    expect(await refresh(await client.apiKey())).toMatchObject(wrongKind);
    expect(await refresh('Basic YTpi')).toMatchObject({ status: 401 });
    expect(await refresh('Bearer a b')).toMatchObject({ status: 422 });
    for (const token of ['nobodys', (await strict.grant(client.username, PASSWORD)).body.refresh_token as string])
      expect(await refresh(`Bearer ${token}`)).toMatchObject({
        status: 401,
        body: { msg: 'The refresh token is unknown, used, revoked or expired. Sign in again.' },
      });
  });
});

describe('POST /SwitchToPremium and /SwitchToFreemium', () => {
  it('are refused with 403 and say whom to ask, whoever asks', async () => {
    const client = await CardiacClient.registered(strict);
    for (const username of [client.username, 'nobody']) {
      const { status, body } = await post(strict, '/SwitchToPremium', { username, password: PASSWORD });
      expect({ status, code: body.code, name: body.status }).toEqual({ status: 403, code: 403, name: 'Forbidden' });
      expect(body.message).toContain('LEGACY_SELF_SERVICE_PLAN');
    }
    expect((await client.predict()).status).toBe(200);
  });

  it('switch the user’s own plan where the operator allows it, with tokens that were issued before', async () => {
    const client = await CardiacClient.registered(lenient);
    const { username } = client;
    expect((await client.predict(AT_RISK, 'premium')).status).toBe(403);
    expect(await post(lenient, '/SwitchToPremium', { username, password: PASSWORD })).toMatchObject({
      status: 200,
      body: { message: 'The plan is PREMIUM now.' },
    });
    expect((await client.predict(AT_RISK, 'premium')).status).toBe(200);
    expect((await client.predict()).status).toBe(403);
    expect((await post(lenient, '/SwitchToFreemium', { username, password: PASSWORD })).status).toBe(200);
    expect((await client.predict()).status).toBe(200);
    expect(await post(lenient, '/SwitchToPremium', { username, password: 'wrong' })).toMatchObject({
      status: 401,
      body: { code: 401, status: 'Unauthorized' },
    });
    expect((await post(lenient, '/SwitchToPremium', { username })).status).toBe(422);
  });
});

describe('what there is no route for', () => {
  it.each([
    ['GET', '/nothing', 404],
    ['POST', '/nothing', 404],
    ['DELETE', '/freemium/predictById/1/2', 404],
    ['GET', '', 404],
    ['POST', '/login/', 404],
    ['GET', '/login', 405],
    ['PUT', '/freemium/predict', 405],
    ['DELETE', '/freemium/predictById/1', 405],
    ['PATCH', '/service', 405],
  ] as const)('%s %s is told in the shape of the older service', async (method, path, status) => {
    const { body, headers, ...answer } = await strict.request({ method, url: `${CARDIAC}${path}` });
    expect(answer.status).toBe(status);
    expect(body).toMatchObject({ code: status, status: status === 404 ? 'Not Found' : 'Method Not Allowed' });
    expect(headers.allow !== undefined).toBe(status === 405);
  });

  it('OPTIONS of a known path says which methods it takes', async () => {
    const { status, headers } = await strict.request({ method: 'OPTIONS', url: `${CARDIAC}/service` });
    expect({ status, allow: headers.allow }).toEqual({ status: 200, allow: 'GET, HEAD, POST, OPTIONS' });
    expect((await strict.request({ method: 'OPTIONS', url: `${CARDIAC}/nothing` })).status).toBe(404);
  });
});

it('a recorded session of the original’s client goes through', async () => {
  await replaySession(lenient, recordedSession('cardiac'), CARDIAC, { apiKey: await keyOf('recorded-key') });
});

async function keyOf(username: string): Promise<string> {
  return (await CardiacClient.registered(lenient, username)).apiKey();
}

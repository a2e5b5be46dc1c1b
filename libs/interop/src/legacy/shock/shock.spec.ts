/** The older shock service's accounts and its smaller routes, on a real Postgres: used as its client uses them, and wrongly. */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  accountsDatabase,
  AccountsServer,
  PASSWORD,
  type Answer,
  type Session,
} from '../../../../../test/setup/accounts-server.js';
import { startLegacyServer } from '../../../../../test/setup/legacy-server.js';

const ROOT = '/legacy/shock';

const database = await accountsDatabase();
const noModels = mkdtempSync(join(tmpdir(), 'latido-no-models-'));
let server: AccountsServer;
let admin: Session;
/** Without a model, and with the settings that older services' habits need. */
let lenient: AccountsServer;

beforeAll(async () => {
  // The first to look at the models' folder registers what is there.
  lenient = await startLegacyServer(database, ['shock'], { MODELS_DIR: noModels, LEGACY_WEAK_PASSWORDS: 'true' });
}, 180_000);
afterAll(() => rmSync(noModels, { recursive: true, force: true }));

const create = (body: object, at = server) => at.post(`${ROOT}/auth/create_user`, body);
const form = (fields: Record<string, string> | string, path = '/auth/token'): Promise<Answer> =>
  server.request({
    method: 'POST',
    url: `${ROOT}${path}`,
    payload: typeof fields === 'string' ? fields : new URLSearchParams(fields).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });

describe('while no version is active', () => {
  it.each(['/home', '/status', '/home/'])('says so at %s', async (path) => {
    const { status, body } = await lenient.get(`${ROOT}${path}`);
    expect([status, body]).toEqual([503, { detail: expect.stringContaining('haemodynamic-shock') as string }]);
  });

  it('makes accounts with any password where the operator lets it, and signs them in', async () => {
    const account = { username: 'weak', password: 'test' };
    expect((await create(account, lenient)).status).toBe(201);
    expect((await lenient.post(`${ROOT}/auth`, account)).status).toBe(200);
  });

  it('cannot predict, and says that too', async () => {
    const { body } = await lenient.post(`${ROOT}/auth`, { username: 'weak', password: 'test' });
    const cell = { 0: 1 };
    const table = { idAtencion: 1, idSigno: cell, nomSigno: cell, valor: cell, fecRegistro: cell };
    const answer = await lenient.post(`${ROOT}/predict`, table, body.access_token);
    expect([answer.status, answer.body]).toEqual([503, { detail: expect.any(String) as string }]);
  });
});

describe('with the model that ships', () => {
  beforeAll(async () => {
    server = await startLegacyServer(database, ['shock']);
    admin = await server.administrator();
  }, 180_000);

  describe('an account', () => {
    it('is made once, and answered with null', async () => {
      const account = { username: 'ana', password: PASSWORD };
      const response = await server.fastify.inject({
        method: 'POST',
        url: `${ROOT}/auth/create_user`,
        payload: account,
      });
      expect([response.statusCode, response.headers['content-type'], response.body]).toEqual([
        201,
        'application/json; charset=utf-8',
        'null',
      ]);
      const again = await create({ ...account, username: 'ANA' });
      expect([again.status, again.body]).toEqual([409, { detail: expect.stringContaining('exists') as string }]);
    });

    it('is one of /v1', async () => {
      await create({ username: 'same', password: PASSWORD });
      expect((await server.grant('same', PASSWORD)).status).toBe(200);
      await server.register('other-way');
      expect((await server.post(`${ROOT}/auth`, { username: 'other-way', password: PASSWORD })).status).toBe(200);
    });

    it('needs a password that is not weak, unless the operator says otherwise', async () => {
      const { status, body } = await create({ username: 'weak2', password: 'test' });
      expect(status).toBe(400);
      expect(body).toEqual({ detail: expect.stringMatching(/^The password .*12.*LEGACY_WEAK_PASSWORDS/) as string });
    });

    it.each<[string, object, unknown[][]]>([
      [
        'nothing',
        {},
        [
          ['missing', 'username'],
          ['missing', 'password'],
        ],
      ],
      ['no password', { username: 'x-y-z' }, [['missing', 'password']]],
      [
        'numbers',
        { username: 5, password: 5 },
        [
          ['string_type', 'username'],
          ['string_type', 'password'],
        ],
      ],
      [
        'objects',
        { username: {}, password: [] },
        [
          ['string_type', 'username'],
          ['string_type', 'password'],
        ],
      ],
      ['a name with a space', { username: 'a b', password: PASSWORD }, [['value_error', 'username']]],
      ['a name with a NUL', { username: 'a\0bc', password: PASSWORD }, [['value_error', 'username']]],
      [
        'a list',
        [],
        [
          ['missing', 'username'],
          ['missing', 'password'],
        ],
      ],
    ])('is not made of %s', async (_, wanted, faults) => {
      const { status, body } = await create(wanted);
      expect(status, JSON.stringify(body)).toBe(422);
      expect(body.detail.map(({ type, loc }: { type: string; loc: string[] }) => [type, loc.at(-1)])).toEqual(faults);
      expect(JSON.stringify(body)).not.toContain('input');
    });
  });

  describe('a token', () => {
    const account = { username: 'token', password: PASSWORD };
    beforeAll(() => create(account));

    it.each<[string, () => Promise<Answer>]>([
      ['OAuth’s form', () => form(account)],
      [
        'the whole form of FastAPI’s client',
        () => form({ ...account, grant_type: 'password', scope: '', client_id: 'x' }),
      ],
      ['JSON at /auth/token', () => server.post(`${ROOT}/auth/token`, account)],
      ['JSON at /auth', () => server.post(`${ROOT}/auth`, account)],
      [
        'JSON that says no type',
        () => server.request({ method: 'POST', url: `${ROOT}/auth`, payload: Buffer.from(JSON.stringify(account)) }),
      ],
    ])('comes for %s, for 20 minutes', async (_, ask) => {
      const { status, headers, body } = await ask();
      expect([status, body]).toEqual([200, { access_token: expect.any(String) as string, token_type: 'bearer' }]);
      expect(headers['cache-control']).toBe('no-store');
      const [, claims] = body.access_token.split('.');
      const { iat, exp } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { iat: number; exp: number };
      expect(exp - iat).toBe(20 * 60);
      expect((await server.get(ROOT, body.access_token)).status).toBe(200);
    });

    it('leaves no refresh token behind', async () => {
      const count = () => server.dataSource.query('SELECT count(*) FROM refresh_tokens');
      const before = await count();
      await form(account);
      expect(await count()).toEqual(before);
    });

    it.each<[string, () => Promise<Answer>, number, unknown]>([
      ['a wrong password', () => form({ ...account, password: 'x' }), 401, 'Could not validate user.'],
      [
        'nobody’s name',
        () => server.post(`${ROOT}/auth`, { ...account, username: 'nobody' }),
        401,
        'Could not validate user.',
      ],
      [
        'no password',
        () => form({ username: 'token' }),
        422,
        [{ type: 'missing', loc: ['body', 'password'], msg: 'Field required' }],
      ],
      [
        'a name given twice',
        () => form('username=token&username=token&password=x'),
        422,
        [{ type: 'string_type', loc: ['body', 'username'], msg: 'Input should be a valid string' }],
      ],
      ['a form where JSON is read', () => form(account, '/auth'), 415, expect.any(String)],
      [
        'NaN',
        () =>
          server.request({
            method: 'POST',
            url: `${ROOT}/auth`,
            payload: '{"username":NaN}',
            headers: { 'content-type': 'application/json' },
          }),
        422,
        [expect.objectContaining({ type: 'json_invalid', loc: ['body'] })],
      ],
    ])('does not come for %s', async (_, ask, status, detail) => {
      const answer = await ask();
      expect([answer.status, answer.body]).toEqual([status, { detail }]);
    });

    it('does not come for a suspended user, and those so far end', async () => {
      const { userId } = await server.register('gone');
      const { body } = await form({ username: 'gone', password: PASSWORD });
      await server.patch(`/v1/users/${userId}`, { status: 'suspended' }, admin.accessToken);
      const refused = { status: 401, body: { detail: 'Could not validate user.' } };
      expect(await server.get(ROOT, body.access_token)).toMatchObject(refused);
      expect(await form({ username: 'gone', password: PASSWORD })).toMatchObject(refused);
    });

    it('waits for who guesses', async () => {
      await create({ username: 'guessed', password: PASSWORD });
      const guess = () =>
        server.request({
          method: 'POST',
          url: `${ROOT}/auth`,
          payload: { username: 'guessed', password: 'x' },
          remoteAddress: '192.0.2.77',
        });
      const answers: Answer[] = [];
      for (let index = 0; index < 6; index += 1) answers.push(await guess());
      expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 429]);
      expect(answers[5]).toMatchObject({
        body: { detail: expect.any(String) as string },
        headers: { 'retry-after': expect.any(String) as string },
      });
    });
  });

  describe('who calls', () => {
    it('is told by name and id, with a token and with an API key, with the slash and without', async () => {
      const { accessToken, userId } = await server.register('caller');
      const { body: key } = await server.post('/v1/me/api-keys', { name: 'monitor' }, accessToken);
      for (const url of [ROOT, `${ROOT}/`, `${ROOT}/?x=1`])
        for (const token of [accessToken, key.key as string])
          expect(await server.get(url, token)).toMatchObject({
            status: 200,
            body: { User: { username: 'caller', id: userId } },
          });
    });

    it.each([
      ['no token', undefined, 'Authentication Failed.'],
      ['a forged token', 'x.y.z', 'Could not validate user.'],
      ['a key that is none', 'lat_nothing', 'Could not validate user.'],
    ])('is not known with %s', async (_, token, detail) => {
      for (const answer of [await server.get(`${ROOT}/`, token), await server.post(`${ROOT}/predict`, {}, token)]) {
        expect([answer.status, answer.body]).toEqual([401, { detail }]);
        expect(answer.headers['www-authenticate']).toMatch(/^Bearer/);
      }
    });
  });

  it.each(['/home', '/status'])('is well at %s, and says its version to everybody', async (path) => {
    const { status, body } = await server.get(`${ROOT}${path}`);
    expect([status, body]).toEqual([200, { health_check: 'OK', model_version: '1.0.0' }]);
    expect((await server.fastify.inject({ method: 'HEAD', url: `${ROOT}${path}` })).statusCode).toBe(200);
  });

  it.each<['GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS', string, number, string, string | undefined]>([
    ['GET', '/predict', 405, 'Method Not Allowed', 'POST'],
    ['GET', '/auth/token', 405, 'Method Not Allowed', 'POST'],
    ['POST', '/home', 405, 'Method Not Allowed', 'GET'],
    ['POST', '', 405, 'Method Not Allowed', 'GET'],
    ['PUT', '/', 405, 'Method Not Allowed', 'GET'],
    ['PATCH', '', 405, 'Method Not Allowed', 'GET'],
    ['DELETE', '/', 405, 'Method Not Allowed', 'GET'],
    ['GET', '/nothing?token=secret', 404, 'Not Found', undefined],
    ['POST', '/predict/1', 404, 'Not Found', undefined],
    ['DELETE', '/home/', 405, 'Method Not Allowed', 'GET'],
    ['OPTIONS', '', 405, 'Method Not Allowed', 'GET'],
    ['OPTIONS', '/predict', 405, 'Method Not Allowed', 'POST'],
    ['GET', '/home//', 404, 'Not Found', undefined],
  ])('answers %s %s with %d as FastAPI does', async (method, path, status, detail, allow) => {
    const answer = await server.request({ method, url: `${ROOT}${path}` });
    expect([answer.status, answer.body, answer.headers.allow]).toEqual([status, { detail }, allow]);
  });

  describe('app.log', () => {
    const path = () => join(server.dataFolder, 'legacy/shock/app.log');
    const lines = () => readFileSync(path(), 'utf8').split('\n').slice(0, -1);

    it('has a line for each request of these routes, and of no others', async () => {
      await server.delete(`${ROOT}/auth`);
      const isFirst = (line: string): boolean => line.includes('DELETE');
      await server.get(`${ROOT}/home?patient=secret`);
      await server.get('/v1/models');
      await server.get(`${ROOT}/nothing/secret`);
      await server.post(`${ROOT}/predict`, { idAtencion: 'secret' });
      const since = (): string[] => lines().slice(lines().findLastIndex(isFirst) + 1);
      await expect.poll(since).toHaveLength(3);
      const time = '\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d';
      const line = (url: string, method: string): unknown =>
        expect.stringMatching(
          new RegExp(
            `^${time},\\d{3} , INFO , {'url': '${url}', 'method': '${method}', 'date': '${time}\\.\\d{3}000', 'duration': \\d+\\.\\d+}$`,
          ),
        );
      expect(since()).toEqual([line('/home', 'GET'), line('/\\*', 'GET'), line('/predict', 'POST')]);
      expect(readFileSync(path(), 'utf8')).not.toContain('secret');
    });

    it('is its owner’s alone', () => {
      expect(statSync(path()).mode & 0o777).toBe(0o600);
    });
  });
});

it.each(['/%zz', '/predict/%ff'])('has no path %s, as FastAPI says it', async (path) => {
  const { status, body } = await server.get(`${ROOT}${path}`);
  expect([status, body]).toEqual([404, { detail: 'Not Found' }]);
});

it('loses no line of app.log when it stops', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'latido-shock-log-'));
  const stopping = await startLegacyServer(database, ['shock'], { DATA_DIR: folder });
  try {
    await Promise.all(Array.from({ length: 200 }, () => stopping.get(`${ROOT}/home`)));
  } finally {
    await stopping.application.close();
  }
  expect(readFileSync(join(folder, 'legacy/shock/app.log'), 'utf8').split('\n')).toHaveLength(201);
  rmSync(folder, { recursive: true });
});

/** The one active model of the older service: who moves it, what holds it back, and where it is seen; replicas: lab-replicas.spec.ts. */
import { beforeAll, describe, expect, it } from 'vitest';
import { accountsDatabase, type Answer } from '../../../../../test/setup/accounts-server.js';
import { HEADER, LabActivations, ROW } from '../../../../../test/setup/lab-activations.js';
import { LAB } from '../../../../../test/setup/lab-server.js';
import { tinyRow } from '../../../../../test/setup/version-folder.js';

const lab = await LabActivations.start(await accountsDatabase());
const { server, admin, user, register, call, activate, predict, predictFile, answering, listed, activeIn, chosen } =
  lab;
const { row, probability } = tinyRow();

beforeAll(async () => {
  await register('tiny-a', '1.1.0');
  await register('tiny-a', '1.2.0', { goldenOff: 0.1 });
});

const SENTENCE = { detail: expect.any(String) as string };

describe('before anybody has activated one', () => {
  it('the first model of the list answers that has an active version', async () => {
    expect(await answering()).toBe('tiny-a 1.0.0');
    expect(await listed()).toBe('tiny-a 1.0.0');
    const { body } = await predict();
    expect(body).toEqual({
      prediction: 'no',
      probability: expect.any(Number) as number,
      model: 'tiny-a',
      version: '1.0.0',
    });
    expect(body.probability).toBeCloseTo(1 - probability, 5);
  });

  it('and users see the versions that they may use', async () => {
    const versions = async (token: string | undefined): Promise<string[]> =>
      (await server.get(`${LAB}/models`, token)).body.map(
        (each: { name: string; version: string }) => `${each.name} ${each.version}`,
      );
    expect(await versions(user.accessToken)).toEqual(['tiny-a 1.0.0', 'tiny-b 1.0.0', 'tiny-value 1.0.0']);
    // Not the one that was rejected: nobody can use it.
    expect(await versions(admin.accessToken)).toEqual([
      'tiny-a 1.1.0',
      'tiny-a 1.0.0',
      'tiny-b 1.0.0',
      'tiny-value 1.0.0',
    ]);
    expect(await versions(undefined)).toEqual(['tiny-b 1.0.0']);
  });

  it('and who has no token is refused a model that is not open to such', async () => {
    for (const answer of [await server.post(`${LAB}/predict`, row), await predictFile()])
      expect(answer).toMatchObject({
        status: 401,
        body: { detail: expect.stringContaining('LEGACY_ANONYMOUS_MODELS') as string },
      });
  });
});

describe('activating', () => {
  it('is for administrators, by token or by a key of that scope', async () => {
    const ask = (headers: Record<string, string>): Promise<Answer> =>
      server.request({
        method: 'POST',
        url: `${LAB}/models/activate`,
        payload: { name: 'tiny-a', version: '1.0.0' },
        headers,
      });
    const publisher = await server.register('paul');
    await server.request({
      method: 'PATCH',
      url: `/v1/users/${publisher.userId}`,
      payload: { role: 'publisher' },
      token: admin.accessToken,
    });
    const key = async (payload: object): Promise<string> =>
      (await server.post('/v1/me/api-keys', payload, admin.accessToken)).body.key as string;
    expect(await ask({})).toMatchObject({ status: 401, body: SENTENCE });
    expect(await ask({ authorization: 'Bearer nonsense' })).toMatchObject({ status: 401, body: SENTENCE });
    expect(await ask({ authorization: `Bearer ${user.accessToken}` })).toMatchObject({ status: 403, body: SENTENCE });
    expect(await ask({ authorization: `Bearer ${publisher.accessToken}` })).toMatchObject({
      status: 403,
      body: SENTENCE,
    });
    expect(await ask({ 'x-api-key': await key({ name: 'plain' }) })).toMatchObject({ status: 403, body: SENTENCE });
    expect(await chosen()).toEqual([]);
    expect(await ask({ 'x-api-key': await key({ name: 'admin', scopes: ['admin'] }) })).toMatchObject({ status: 200 });
    // It was the active version of its model: only the choice is new.
    expect(await chosen()).toEqual([
      { target_id: 'tiny-a', details: { from: null, version: '1.0.0' }, actor_kind: 'api-key' },
    ]);
  });

  it('puts the version in service in the registry too, with its reason', async () => {
    const { status, body } = await activate('tiny-a', '1.1.0', { reason: 'for the course' });
    expect([status, body]).toEqual([
      200,
      {
        name: 'tiny-a',
        version: '1.1.0',
        metrics: { accuracy: 0.5 },
        date: expect.any(String) as string,
        active: true,
      },
    ]);
    expect([await answering(), await listed(), await activeIn('tiny-a')]).toEqual([
      'tiny-a 1.1.0',
      'tiny-a 1.1.0',
      '1.1.0',
    ]);
    const history = async (): Promise<object[]> =>
      (await server.get('/v1/models/tiny-a/activations', admin.accessToken)).body.data as object[];
    const before = await history();
    expect(before[0]).toMatchObject({
      version: '1.1.0',
      previousVersion: '1.0.0',
      reason: 'for the course',
      activatedBy: admin.userId,
    });
    // Once more changes nothing.
    expect((await activate('tiny-a', '1.1.0')).status).toBe(200);
    expect(await history()).toEqual(before);
    expect(await chosen()).toHaveLength(1);
  });

  it('elsewhere changes what is served here: there is one active version', async () => {
    expect((await call('PUT', '/v1/models/tiny-a/active', { version: '1.0.0' })).status).toBe(200);
    expect([await answering(), await listed()]).toEqual(['tiny-a 1.0.0', 'tiny-a 1.0.0']);
    // A rollback too.
    expect((await call('POST', '/v1/models/tiny-a/rollback', {})).status).toBe(200);
    expect(await answering()).toBe('tiny-a 1.1.0');
  });

  it('another model moves the service there, and is recorded', async () => {
    expect((await activate('tiny-b', '1.0.0')).body).toMatchObject({ name: 'tiny-b', active: true });
    expect([await answering(), await listed(), await activeIn('tiny-a')]).toEqual([
      'tiny-b 1.0.0',
      'tiny-b 1.0.0',
      '1.1.0',
    ]);
    expect((await chosen()).at(-1)).toEqual({
      target_id: 'tiny-b',
      details: { from: 'tiny-a', version: '1.0.0' },
      actor_kind: 'user',
    });
    // It is open to who has no token.
    expect((await server.post(`${LAB}/predict`, row)).body).toMatchObject({ model: 'tiny-b' });
    expect((await predictFile()).body).toContain('prediccion,probabilidad,error\n');
  });

  it('takes JSON that is not called JSON, as FastAPI does, and a slash at the end', async () => {
    const payload = Buffer.from(JSON.stringify({ name: 'tiny-b', version: '1.0.0' }));
    for (const url of [`${LAB}/models/activate`, `${LAB}/models/activate/`]) {
      const answer = await server.request({ method: 'POST', url, payload, token: admin.accessToken });
      expect(answer).toMatchObject({ status: 200, body: { name: 'tiny-b', active: true } });
    }
  });

  it.each([
    ['a version that is not there', 'tiny-a', '9.0.0', 404, 'There is no version "9.0.0"'],
    ['a model that is not there', 'unknown', '1.0.0', 404, 'There is no model'],
    ["a model that is none of the service's", 'outsider', '1.0.0', 404, 'No model of this name'],
    ['a version that was rejected', 'tiny-a', '1.2.0', 409, 'rejected'],
  ])('%s is refused', async (_, name, version, status, detail) => {
    expect(await activate(name, version)).toMatchObject({
      status,
      body: { detail: expect.stringContaining(detail) as string },
    });
    expect(await answering()).toBe('tiny-b 1.0.0');
  });

  it.each<[string, object, (string | number)[][]]>([
    [
      'nothing',
      {},
      [
        ['body', 'name'],
        ['body', 'version'],
      ],
    ],
    [
      'numbers',
      { name: 1, version: 2 },
      [
        ['body', 'name'],
        ['body', 'version'],
      ],
    ],
    ['an empty version', { name: 'tiny-a', version: '' }, [['body', 'version']]],
    ['a reason without end', { name: 'tiny-a', version: '1.0.0', reason: 'x'.repeat(1_001) }, [['body', 'reason']]],
    ['a list', [], []],
  ])('by %s is refused as FastAPI does', async (_, payload, places) => {
    const { status, body } = await call('POST', `${LAB}/models/activate`, payload);
    expect(status).toBe(422);
    const found = (body.detail as { loc: unknown[] }[]).map(({ loc }) => loc);
    for (const place of places) expect(found).toContainEqual(place);
  });

  it('a text with a NUL character is no fault of the server', async () => {
    for (const body of [
      { name: 'tiny-a\0', version: '1.0.0' },
      { name: 'tiny-a', version: '1.0\0' },
      { name: 'tiny-a', version: '1.0.0', reason: 'a\0b' },
    ]) {
      const { status } = await call('POST', `${LAB}/models/activate`, body);
      expect([404, 422]).toContain(status);
    }
    expect(await answering()).toBe('tiny-b 1.0.0');
  });
});

describe('the policy of a model', () => {
  it('holds a version back, and says what it objects to', async () => {
    await register('tiny-b', '2.0.0');
    const policy = { metrics: [{ name: 'accuracy', dataset: 'held-out', minimum: 0.8 }] };
    expect((await call('PUT', '/v1/models/tiny-b/policy', policy)).status).toBe(200);
    expect(await activate('tiny-b', '2.0.0')).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('accuracy on held-out is 0.5, at least 0.8 is asked for') as string },
    });
    expect([await answering(), await activeIn('tiny-b')]).toEqual(['tiny-b 1.0.0', '1.0.0']);
  });

  it('is not asked of what is active already, and holds the service back from no other model', async () => {
    expect((await activate('tiny-a', '1.1.0')).status).toBe(200);
    // An objection leaves the service where it is, although the model is another one.
    expect((await activate('tiny-b', '2.0.0')).status).toBe(409);
    expect(await answering()).toBe('tiny-a 1.1.0');
    expect((await activate('tiny-b', '1.0.0')).status).toBe(200);
    expect(await answering()).toBe('tiny-b 1.0.0');
  });
});

describe('a version that is retired', () => {
  it('is not listed, and cannot be activated', async () => {
    expect((await call('DELETE', '/v1/models/tiny-a/versions/1.0.0?retire=true')).status).toBe(204);
    const { body } = await server.get(`${LAB}/models`, user.accessToken);
    expect(body.filter(({ name }: { name: string }) => name === 'tiny-a')).toMatchObject([{ version: '1.1.0' }]);
    expect(await activate('tiny-a', '1.0.0')).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('retired') as string },
    });
  });
});

it('a regression answers its value, without a probability', async () => {
  expect((await activate('tiny-value', '1.0.0')).body).toMatchObject({ metrics: {} });
  const { body } = await predict();
  expect(body).toEqual({
    prediction: expect.closeTo(probability, 5) as number,
    probability: null,
    model: 'tiny-value',
    version: '1.0.0',
  });
  expect((await predictFile(user.accessToken)).body).toBe(
    `${HEADER},prediccion,probabilidad,error\n${ROW},${body.prediction},,\n`,
  );
});

it('entities and migrations agree', async () => {
  const { upQueries } = await server.dataSource.driver.createSchemaBuilder().log();
  expect(upQueries.map(({ query }) => query)).toEqual([]);
});

/** The one active model of the older service: who moves it, what holds it back, and where it is seen. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { SYSTEM } from '#audit';
import { ModelRegistration } from '#models';
import {
  accountsDatabase,
  type AccountsServer,
  type Answer,
  type Session,
} from '../../../../../test/setup/accounts-server.js';
import { givePlan, startLegacyServer } from '../../../../../test/setup/legacy-server.js';
import { tinyRow, writeVersion, type VersionChanges } from '../../../../../test/setup/version-folder.js';

const LAB = '/legacy/lab';
const { row, probability } = tinyRow();
const HEADER = Object.keys(row).join(',');
const ROW = Object.values(row).join(',');

const database = await accountsDatabase();
const folder = mkdtempSync(join(tmpdir(), 'latido-lab-spec-'));
const models = join(folder, 'models');
let server: AccountsServer;
let admin: Session;
let user: Session;

const REGRESSION: VersionChanges = { manifest: { task: 'regression', output: { unit: 'mm' }, metrics: [] } };

beforeAll(async () => {
  writeVersion(models, 'tiny-a', '1.0.0');
  writeVersion(models, 'tiny-b', '1.0.0');
  writeVersion(models, 'tiny-value', '1.0.0', REGRESSION);
  writeVersion(models, 'outsider', '1.0.0');
  server = await start();
  admin = await server.administrator();
  const { status } = await call('PUT', '/v1/plans/PREMIUM', { requestsPerMinute: 100_000 });
  expect(status).toBe(200);
  user = await server.register('ana');
  await server.register('older-clients');
  await givePlan(server, user.userId, 'PREMIUM', admin);
  await register('tiny-a', '1.1.0');
  await register('tiny-a', '1.2.0', { goldenOff: 0.1 });
}, 180_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Another one than the first is a replica, whose tokens are those of the first. */
function start(environment: Record<string, string> = {}): Promise<AccountsServer> {
  return startLegacyServer(database, ['lab'], {
    MODELS_DIR: models,
    LEGACY_LAB_MODELS: 'unknown,tiny-a,tiny-b,tiny-value',
    LEGACY_ANONYMOUS_USER: 'older-clients',
    LEGACY_ANONYMOUS_MODELS: 'tiny-b',
    ...(server === undefined ? {} : { DATA_DIR: server.dataFolder }),
    ...environment,
  });
}

/** Registered, not activated. */
async function register(name: string, version: string, changes: VersionChanges = {}): Promise<void> {
  const made = mkdtempSync(join(folder, 'made-'));
  await server.app.get(ModelRegistration).addFolder(writeVersion(made, name, version, changes), SYSTEM);
}

function call(method: 'PUT' | 'POST' | 'DELETE', url: string, payload?: object, at = server): Promise<Answer> {
  return at.request({ method, url, payload, token: admin.accessToken });
}

const activate = (name: string, version: string, more: object = {}, at = server): Promise<Answer> =>
  call('POST', `${LAB}/models/activate`, { name, version, ...more }, at);
const predict = (at = server, token: string | undefined = user.accessToken): Promise<Answer> =>
  at.request({ method: 'POST', url: `${LAB}/predict`, payload: row, token });
const predictFile = (token?: string): Promise<Answer> =>
  server.request({
    method: 'POST',
    url: `${LAB}/batch-predict`,
    payload: `${HEADER}\n${ROW}\n`,
    headers: { 'content-type': 'text/csv' },
    token,
  });

async function answering(at = server): Promise<string> {
  const { status, body } = await predict(at);
  expect(status, JSON.stringify(body)).toBe(200);
  return `${body.model} ${body.version}`;
}

/** What the list says is active; one at most. */
async function listed(at = server): Promise<string | undefined> {
  const { body } = await at.get(`${LAB}/models`, admin.accessToken);
  const active = (body as { name: string; version: string; active: boolean }[]).filter((each) => each.active);
  expect(active.length).toBeLessThanOrEqual(1);
  return active[0] && `${active[0].name} ${active[0].version}`;
}

const activeIn = async (model: string): Promise<string> =>
  (await server.get(`/v1/models/${model}`, admin.accessToken)).body.activeVersion as string;

const chosen = async (): Promise<{ target_id: string; details: object; actor_kind: string }[]> =>
  server.dataSource.query(
    `SELECT target_id, details, actor_kind FROM audit_events WHERE action = 'legacy-lab.model-chosen' ORDER BY id`,
  );

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

describe('another replica', () => {
  it('answers by what is activated here within a second, and so does one that starts later', async () => {
    await activate('tiny-a', '1.1.0');
    const replica = await start();
    expect(await answering(replica)).toBe('tiny-a 1.1.0');
    await register('tiny-a', '1.3.0');
    for (const [model, version] of [
      ['tiny-b', '1.0.0'],
      ['tiny-a', '1.3.0'],
      ['tiny-value', '1.0.0'],
    ] as const) {
      expect((await activate(model, version)).status).toBe(200);
      expect(await answering()).toBe(`${model} ${version}`);
      await vi.waitFor(async () => expect(await answering(replica)).toBe(`${model} ${version}`), {
        timeout: 10_000,
        interval: 20,
      });
      expect(await listed(replica)).toBe(`${model} ${version}`);
    }
    // And the other way round.
    expect((await activate('tiny-b', '1.0.0', {}, replica)).status).toBe(200);
    await vi.waitFor(async () => expect(await answering()).toBe('tiny-b 1.0.0'), { timeout: 10_000, interval: 20 });
    await replica.application.close();
    expect(await answering(await start())).toBe('tiny-b 1.0.0');
  });

  it('whose list does not have the active model any more answers nothing until another one is activated', async () => {
    await activate('tiny-b', '1.0.0');
    const other = await start({ LEGACY_LAB_MODELS: 'tiny-a,tiny-value' });
    expect(await listed(other)).toBeUndefined();
    const refused = { status: 409, body: { detail: expect.stringContaining('LEGACY_LAB_MODELS') as string } };
    expect(await predict(other)).toMatchObject(refused);
    const file = { payload: `${HEADER}\n${ROW}\n`, headers: { 'content-type': 'text/csv' }, token: user.accessToken };
    expect(await other.request({ method: 'POST', url: `${LAB}/batch-predict`, ...file })).toMatchObject(refused);
    expect((await activate('tiny-a', '1.3.0', {}, other)).status).toBe(200);
    expect(await answering(other)).toBe('tiny-a 1.3.0');
  });

  it('with none but unknown models answers nothing before one is there', async () => {
    const empty = await start({ LEGACY_LAB_MODELS: 'unknown' });
    expect((await empty.get(`${LAB}/models`, user.accessToken)).body).toEqual([]);
    expect(await predict(empty)).toMatchObject({ status: 409, body: SENTENCE });
  });
});

describe('two administrators at once', () => {
  it('on two models both succeed, and the service answers by one of them, with the version that was asked for', async () => {
    const replica = await start();
    for (let round = 0; round < 10; round += 1) {
      const answers = await Promise.all([activate('tiny-a', '1.3.0'), activate('tiny-b', '1.0.0', {}, replica)]);
      expect(answers.map(({ status }) => status)).toEqual([200, 200]);
      const now = await answering();
      expect(['tiny-a 1.3.0', 'tiny-b 1.0.0']).toContain(now);
      await vi.waitFor(async () => expect(await answering(replica)).toBe(await answering()), {
        timeout: 10_000,
        interval: 20,
      });
    }
    // Each choice is told to have come after the one before it.
    const choices = (await chosen()) as { target_id: string; details: { from: string | null } }[];
    for (const [index, { details }] of choices.entries())
      if (index > 0) expect(details.from).toBe(choices[index - 1]!.target_id);
  });

  it('on two versions of a model one may be told of the other, and what was answered with 200 is what holds', async () => {
    await activate('tiny-a', '1.3.0');
    const others = ['1.1.0', '1.3.0'];
    for (let round = 0; round < 10; round += 1) {
      const answers = await Promise.all(others.map((version) => activate('tiny-a', version)));
      for (const { status, body } of answers) {
        expect([200, 409]).toContain(status);
        if (status === 409) expect(body.detail).toContain('at the same time');
      }
      const asked = others.filter((_, index) => answers[index]!.status === 200).map((version) => `tiny-a ${version}`);
      expect(asked).toContain(await answering());
    }
  });
});

it('entities and migrations agree', async () => {
  const { upQueries } = await server.dataSource.driver.createSchemaBuilder().log();
  expect(upQueries.map(({ query }) => query)).toEqual([]);
});

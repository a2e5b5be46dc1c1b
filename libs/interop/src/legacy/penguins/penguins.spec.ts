/** The older penguins service over HTTP, on the shipped models and a real Postgres: listed, classified, logged, refused. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ModelManifest } from '#inference';
import {
  accountsDatabase,
  type AccountsServer,
  type Answer,
  type Session,
} from '../../../../../test/setup/accounts-server.js';
import { formOf } from '../../../../../test/setup/form.js';
import { givePlan, startLegacyServer } from '../../../../../test/setup/legacy-server.js';
import { recordedSession, replaySession } from '../../../../../test/setup/recorded-session.js';

const root = resolve(import.meta.dirname, '../../../../..');
const shipped = join(root, 'models/penguins/1.2.0');
const table = resolve(root, '../shared/fixtures/tabular/penguins_v1.csv');
const GENTOO = {
  island: 2,
  bill_length_mm: 46.1,
  bill_depth_mm: 13.2,
  flipper_length_mm: 211,
  body_mass_g: 4500,
  sex: 0,
  year: 2007,
};
/** The table's own numbers of species; the service has others. */
const TABLE_SPECIES = ['Adelie', 'Gentoo', 'Chinstrap'];

const database = await accountsDatabase();
const settings = {
  LEGACY_ANONYMOUS_USER: 'older-clients',
  LEGACY_ANONYMOUS_MODELS: 'penguins',
  LEGACY_PENGUINS_MODELS: 'penguins,penguins-forest,cardiac-risk',
  LEGACY_FILE_LOGS: 'true',
};
let server: AccountsServer;
let admin: Session;
let anonymous: Session;
let user: Session;

beforeAll(async () => {
  server = await startLegacyServer(database, ['penguins'], settings);
  admin = await server.administrator();
  anonymous = await server.register('older-clients');
  user = await server.register('penguin-keeper');
  const plan = { requestsPerMinute: 10_000 };
  await server.request({ method: 'PUT', url: '/v1/plans/PREMIUM', payload: plan, token: admin.accessToken });
  for (const { userId } of [anonymous, user]) await givePlan(server, userId, 'PREMIUM', admin);
}, 180_000);

function classify(
  body: unknown,
  { model = 'penguins', token }: { model?: string; token?: string } = {},
): Promise<Answer> {
  return server.post(`/legacy/penguins/classify/${model}`, body as object, token);
}

const models = async (token?: string): Promise<Answer> => server.get('/legacy/penguins/models', token);

describe('the session of the original’s client', () => {
  it('is answered as there, without a token', async () => {
    await replaySession(server, recordedSession('penguins'), '/legacy/penguins');
  });
});

describe('a classification', () => {
  it('is recorded for the account of calls without a token, and says which version and prediction', async () => {
    const { status, body, headers } = await classify(GENTOO);
    expect(status).toBe(200);
    expect(body).toEqual({ model: 'penguins', species_id: 3, species_name: 'Gentoo' });
    expect(headers).toMatchObject({
      'x-model-version': '1.2.0',
      'x-model-notice': 'A demonstration on penguins; trained on a small public data set',
      'server-timing': expect.stringContaining('record;dur=') as string,
      'ratelimit-policy': expect.stringContaining('"premium"') as string,
    });
    const recorded = await server.get(`/v1/predictions/${headers['x-prediction-id']}`, anonymous.accessToken);
    const input = JSON.stringify({ ...GENTOO, year: undefined });
    expect(recorded.body).toMatchObject({ model: 'penguins', results: [{ label: 'Gentoo' }] });
    expect(JSON.stringify(recorded.body)).toContain(input.slice(1, -1));
  });

  it('reads JSON that is not called JSON, and takes a slash at the end, as FastAPI does', async () => {
    const payload = Buffer.from(JSON.stringify(GENTOO));
    for (const url of ['/legacy/penguins/classify/penguins', '/legacy/penguins/classify/penguins/'])
      expect(await server.request({ method: 'POST', url, payload })).toMatchObject({
        status: 200,
        body: { species_name: 'Gentoo' },
      });
    expect((await server.get('/legacy/penguins/models/')).body).toEqual((await models()).body);
  });

  it('counts for the caller’s own account with a token', async () => {
    const { headers, status } = await classify(GENTOO, { token: user.accessToken });
    expect(status).toBe(200);
    expect((await server.get(`/v1/predictions/${headers['x-prediction-id']}`, user.accessToken)).status).toBe(200);
  });

  it('gives the golden rows of the training kit their classes', async () => {
    const golden = JSON.parse(readFileSync(join(shipped, 'golden.json'), 'utf8')) as {
      columns: string[];
      inputs: number[][];
      labels: string[];
    };
    expect(golden.inputs.length).toBeGreaterThan(20);
    for (const [row, values] of golden.inputs.entries()) {
      const penguin = Object.fromEntries(golden.columns.map((column, index) => [column, values[index]]));
      const { body } = await classify({ ...penguin, year: 2008 });
      expect(body, `row ${row}`).toMatchObject({ species_name: golden.labels[row] });
    }
  });

  it.skipIf(!existsSync(table))(
    'tells the penguins of the public table apart',
    async () => {
      const [header, ...lines] = readFileSync(table, 'utf8').trim().split(/\r?\n/);
      const columns = header!.split(',');
      let right = 0;
      for (const line of lines) {
        const { species, ...penguin } = Object.fromEntries(
          line.split(',').map((cell, index) => [columns[index]!, Number(cell)] as const),
        );
        const { status, body } = await classify(penguin);
        expect(status, line).toBe(200);
        if (body.species_name === TABLE_SPECIES[species! - 1]) right += 1;
      }
      expect(lines.length).toBe(333);
      expect(right / lines.length).toBeGreaterThan(0.99);
    },
    120_000,
  );
});

describe('the list of models', () => {
  it('has those that are configured, active, open to the caller and tell species', async () => {
    expect((await models()).body).toEqual({
      available_models: [
        {
          name: 'penguins',
          endpoint: 'POST /classify/penguins',
          metrics: { train_accuracy: 1, test_accuracy: 1, test_precision: 1, test_recall: 1, test_f1: 1 },
        },
      ],
    });
  });

  it('and the classification have a model that is published and activated while the server runs', async () => {
    const folder = join(root, 'models/penguins/1.1.0');
    const manifest = parse(readFileSync(join(folder, 'manifest.yaml'), 'utf8')) as ModelManifest;
    const form = formOf({
      manifest: {
        fileName: 'manifest.json',
        content: JSON.stringify({ ...manifest, name: 'penguins-forest', files: {}, clinical: undefined }),
      },
      artifact: { fileName: 'model.onnx', content: readFileSync(join(folder, 'model.onnx')) },
      golden: { fileName: 'golden.json', content: readFileSync(join(folder, 'golden.json')) },
    });
    const url = '/v1/models/penguins-forest/versions';
    const by = { token: admin.accessToken };
    const published = await server.request({
      method: 'POST',
      url,
      payload: form.payload,
      headers: form.headers,
      ...by,
    });
    expect(published.status, JSON.stringify(published.body)).toBe(201);
    const names = async (token?: string): Promise<string[]> =>
      (await models(token)).body.available_models.map(({ name }: { name: string }) => name);
    expect(await names(user.accessToken)).toEqual(['penguins']);
    expect((await classify(GENTOO, { model: 'penguins-forest', token: user.accessToken })).status).toBe(404);

    const active = { method: 'PUT', url: '/v1/models/penguins-forest/active', payload: { version: '1.1.0' } } as const;
    expect((await server.request({ ...active, ...by })).status).toBe(200);
    expect(await names(user.accessToken)).toEqual(['penguins', 'penguins-forest']);
    expect((await classify(GENTOO, { model: 'penguins-forest', token: user.accessToken })).body).toEqual({
      model: 'penguins-forest',
      species_id: 3,
      species_name: 'Gentoo',
    });
    // Not one of those that calls without a token may use.
    expect(await names()).toEqual(['penguins']);
    const closed = await classify(GENTOO, { model: 'penguins-forest' });
    expect(closed).toMatchObject({ status: 401, body: { detail: expect.stringContaining('LEGACY_ANONYMOUS_MODELS') } });
  });
});

describe('the log file', () => {
  const path = (): string => join(server.dataFolder, 'legacy/penguins/predictions.log');

  it('has a line of JSON for each prediction by the time it is answered, and is its owner’s alone', async () => {
    const before = readFileSync(path(), 'utf8');
    await classify({ ...GENTOO, sex: 1 });
    const line = readFileSync(path(), 'utf8').slice(before.length);
    expect(line.endsWith('\n')).toBe(true);
    expect(JSON.parse(line)).toEqual({
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string,
      model: 'penguins',
      input: { ...GENTOO, sex: 1 },
      answer: { species_id: 3, species_name: 'Gentoo' },
    });
    expect(statSync(path()).mode & 0o777).toBe(0o600);
  });

  it('has nothing of what was refused', async () => {
    const before = readFileSync(path(), 'utf8');
    await classify({ ...GENTOO, sex: 2 });
    await classify(GENTOO, { model: 'nothing' });
    expect(readFileSync(path(), 'utf8')).toBe(before);
  });

  it('has nothing of a model that does not say that it is not clinical', async () => {
    const before = readFileSync(path(), 'utf8');
    const { status } = await classify(GENTOO, { model: 'penguins-forest', token: user.accessToken });
    expect(status).toBe(200);
    expect(readFileSync(path(), 'utf8')).toBe(before);
  });
});

describe('a refusal', () => {
  it('names values out of range as pydantic does, all at once and without the values', async () => {
    const { status, body } = await classify({ ...GENTOO, bill_length_mm: 9.5, sex: 2 });
    expect(status).toBe(422);
    expect(body).toEqual({
      detail: [
        {
          type: 'greater_than_equal',
          loc: ['body', 'bill_length_mm'],
          msg: 'Input should be greater than or equal to 10',
          ctx: { ge: 10 },
        },
        {
          type: 'less_than_equal',
          loc: ['body', 'sex'],
          msg: 'Input should be less than or equal to 1',
          ctx: { le: 1 },
        },
      ],
    });
  });

  it('of the model itself, whose ranges are narrower, has the same shape', async () => {
    const { status, body } = await classify({ ...GENTOO, bill_length_mm: 90 });
    expect(status).toBe(422);
    expect(body.detail).toEqual([
      { type: 'value_error', loc: ['body', 'bill_length_mm'], msg: expect.stringContaining('80') as string },
    ]);
  });

  it.each([
    ['no JSON', '{"island": 2,', 'json_invalid'],
    ['a name that reaches a prototype', '{"__proto__": {"island": 2}}', 'json_invalid'],
    ['nothing', '', 'missing'],
    ['null', 'null', 'missing'],
    ['a list', '[]', 'model_attributes_type'],
    ['a text', '"penguin"', 'model_attributes_type'],
    ['NaN', '{"island": NaN}', 'json_invalid'],
    ['great depth', `${'['.repeat(5_000)}${']'.repeat(5_000)}`, 'model_attributes_type'],
  ])('of a body of %s is FastAPI’s', async (_, payload, type) => {
    const { status, body } = await server.request({
      method: 'POST',
      url: '/legacy/penguins/classify/penguins',
      payload,
      headers: { 'content-type': 'application/json' },
    });
    expect(status).toBe(422);
    expect(body.detail[0]).toMatchObject({
      type,
      loc: expect.arrayContaining(['body']) as unknown,
      msg: expect.any(String) as string,
    });
  });

  it('of another media type, and of a body that is too large', async () => {
    const send = (payload: string, type: string): Promise<Answer> =>
      server.request({
        method: 'POST',
        url: '/legacy/penguins/classify/penguins',
        payload,
        headers: { 'content-type': type },
      });
    expect((await send('island=2', 'application/x-www-form-urlencoded')).status).toBe(422);
    expect((await send('island=2', 'text/plain')).body.detail[0].type).toBe('model_attributes_type');
    const large = await send(JSON.stringify({ ...GENTOO, note: 'x'.repeat(20_000) }), 'application/json');
    expect(large).toMatchObject({ status: 413, body: { detail: expect.any(String) as string } });
  });

  it('of what the service does not have', async () => {
    expect(await classify(GENTOO, { model: 'nothing' })).toMatchObject({
      status: 404,
      body: { detail: expect.stringContaining('GET /models') as string },
    });
    // Configured, active, and no model of species.
    expect(await classify(GENTOO, { model: 'cardiac-risk', token: user.accessToken })).toMatchObject({
      status: 404,
      body: { detail: expect.stringContaining('does not tell species') as string },
    });
    for (const url of [
      '/legacy/penguins',
      '/legacy/penguins/',
      '/legacy/penguins/predict',
      '/legacy/penguins/classify',
    ])
      expect(await server.get(url), url).toMatchObject({ status: 404, body: { detail: 'Not Found' } });
    for (const [method, path, allow] of [
      ['POST', 'models', 'GET'],
      ['DELETE', 'models', 'GET'],
      ['GET', 'classify/penguins', 'POST'],
      ['GET', 'classify/penguins/', 'POST'],
      ['OPTIONS', 'models', 'GET'],
    ] as const) {
      const answer = await server.request({ method, url: `/legacy/penguins/${path}` });
      expect(answer).toMatchObject({ status: 405, body: { detail: 'Method Not Allowed' }, headers: { allow } });
    }
    // Whatever is sent along, and however long a name is.
    const headers = { 'content-type': 'text/csv' };
    expect(
      (await server.request({ method: 'PUT', url: '/legacy/penguins/models', payload: 'a', headers })).status,
    ).toBe(405);
    expect(await classify(GENTOO, { model: 'x'.repeat(300) })).toMatchObject({
      status: 404,
      body: { detail: 'Not Found' },
    });
    for (const model of ['%00', 'a%2Fb', '__proto__']) expect((await classify(GENTOO, { model })).status).toBe(404);
  });

  it('of a credential that does not hold is no call without one', async () => {
    expect(await classify(GENTOO, { token: 'nonsense' })).toMatchObject({
      status: 401,
      body: { detail: expect.any(String) as string },
    });
    expect((await models('nonsense')).status).toBe(401);
  });

  it('of more requests than the plan admits is 429 with the time to wait', async () => {
    const hasty = await server.register('hasty');
    for (let call = 0; call < 5; call += 1) await classify(GENTOO, { token: hasty.accessToken });
    const { status, body, headers } = await classify(GENTOO, { token: hasty.accessToken });
    expect(status).toBe(429);
    expect(body).toEqual({ detail: expect.any(String) as string });
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
  });
});

describe('calls without a token', () => {
  it('are refused when their account is suspended, with and without its own token', async () => {
    const patch = (status: string): Promise<Answer> =>
      server.patch(`/v1/users/${anonymous.userId}`, { status }, admin.accessToken);
    expect((await patch('suspended')).status).toBe(200);
    expect(await classify(GENTOO)).toMatchObject({
      status: 401,
      body: { detail: 'This route needs an access token or an API key.' },
      headers: { 'www-authenticate': 'Bearer realm="latido"' },
    });
    expect((await models()).status).toBe(401);
    expect((await patch('active')).status).toBe(200);
    expect((await classify(GENTOO)).status).toBe(200);
  });

  it('are refused, saying what to set, where no account is kept for them', async () => {
    const closed = await startLegacyServer(database, ['penguins']);
    for (const answer of [
      await closed.get('/legacy/penguins/models'),
      await closed.post('/legacy/penguins/classify/penguins', GENTOO),
    ])
      expect(answer).toMatchObject({
        status: 401,
        body: { detail: expect.stringContaining('LEGACY_ANONYMOUS_USER') as string },
        headers: { 'www-authenticate': 'Bearer realm="latido"' },
      });
    const { accessToken } = await closed.signIn('penguin-keeper');
    const { body, status } = await closed.post('/legacy/penguins/classify/penguins', GENTOO, accessToken);
    expect([status, body.species_name]).toEqual([200, 'Gentoo']);
    // Nobody wanted a log file.
    expect(existsSync(join(closed.dataFolder, 'legacy'))).toBe(false);
  }, 120_000);
});

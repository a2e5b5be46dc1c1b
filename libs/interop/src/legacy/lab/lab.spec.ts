/** The routes of the older service, with the shipped model, as its clients use them; files: lab-files.spec.ts. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { accountsDatabase, type Answer } from '../../../../../test/setup/accounts-server.js';
import {
  COLUMNS,
  LAB,
  LabServer,
  RECORD,
  recordOf,
  ROW,
  VERSION_FOLDER,
} from '../../../../../test/setup/lab-server.js';
import { recordedSession, replaySession } from '../../../../../test/setup/recorded-session.js';

const lab = await LabServer.start(await accountsDatabase());
const { server, admin, user, predict, sendFile, recorded } = lab;

it('what a client of the older service sends is answered as it was there', async () => {
  await replaySession(server, recordedSession('lab'), LAB, { adminToken: admin.accessToken });
});

describe('GET /models', () => {
  it('lists the versions of its models with figures, date and which one is active', async () => {
    const { status, body } = await server.get(`${LAB}/models`, user.accessToken);
    expect(status).toBe(200);
    expect(body).toMatchObject([
      {
        name: 'vertebral-column',
        version: '1.0.0',
        metrics: { accuracy: 0.827957, auc: 0.953823, train_accuracy: 0.843318, cross_validation_accuracy: 0.820276 },
        active: true,
      },
      { name: 'cardiac-risk', version: '1.0.0', active: false },
      { name: 'haemodynamic-shock', version: '1.0.0', active: false },
    ]);
    const { createdAt } = (await server.get('/v1/models/vertebral-column/versions/1.0.0', user.accessToken)).body;
    expect(body[0].date).toBe(createdAt);
  });

  it('shows who has no token the open models alone', async () => {
    const { body } = await server.get(`${LAB}/models`);
    expect(body.map(({ name }: { name: string }) => name)).toEqual(['vertebral-column']);
  });

  it('refuses a token that does not hold, in its own shape', async () => {
    const refused = await server.get(`${LAB}/models`, 'nonsense');
    expect(refused).toMatchObject({ status: 401, body: { detail: expect.any(String) as string } });
    expect(refused.headers['www-authenticate']).toContain('invalid_token');
  });
});

describe('POST /predict', () => {
  it('answers a record with a prediction, and a list with a list, recorded as any', async () => {
    const one = await predict(RECORD, user.accessToken);
    expect(one).toMatchObject({
      status: 200,
      headers: {
        'x-model-version': '1.0.0',
        'x-model-notice': 'Trained on a small public data set; not for clinical use',
        'server-timing': expect.stringMatching(/validate;.*infer;.*record;/) as string,
      },
      body: {
        prediction: expect.stringMatching(/^(DH|NO|SL)$/) as string,
        probability: expect.any(Number) as number,
        model: 'vertebral-column',
        version: '1.0.0',
      },
    });
    const many = await predict([RECORD, RECORD], user.accessToken);
    expect(many.body).toEqual([one.body, one.body]);
    const { body } = await server.get(`/v1/predictions/${String(one.headers['x-prediction-id'])}`, user.accessToken);
    const { prediction, probability } = one.body;
    expect(body).toMatchObject({
      model: 'vertebral-column',
      inputs: [RECORD],
      results: [{ label: prediction, probability }],
    });
  });

  it('reads names in another case and titles for the inputs, and records the inputs', async () => {
    const titles = { 'Pelvic incidence': 63.5, 'PELVIC TILT': 22.5, Sacral_Slope: 40.5 };
    const rest = { lumbar_lordosis_angle: 39.5, pelvic_radius: 98.5, degree_spondylolisthesis: -0.25 };
    const answer = await predict({ ...titles, ...rest }, user.accessToken);
    expect(answer.body).toEqual((await predict(RECORD, user.accessToken)).body);
  });

  it('answers without a token for the account that is kept for such, on an open model', async () => {
    const answer = await predict(RECORD);
    expect(answer.status).toBe(200);
    const older = await server.signIn('older-clients');
    const { body } = await server.get('/v1/predictions?limit=1', older.accessToken);
    expect(body.data[0].id).toBe(answer.headers['x-prediction-id']);
  });

  it('answers to an API key', async () => {
    const { body } = await server.post('/v1/me/api-keys', { name: 'lab' }, user.accessToken);
    const answer = await server.request({
      method: 'POST',
      url: `${LAB}/predict`,
      payload: RECORD,
      headers: { 'x-api-key': body.key },
    });
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  });

  it('reads JSON that is not called JSON, as FastAPI does', async () => {
    const url = `${LAB}/predict`;
    const payload = Buffer.from(JSON.stringify(RECORD));
    const answer = await server.request({ method: 'POST', url, payload, token: user.accessToken });
    expect(answer).toMatchObject({ status: 200, body: { model: 'vertebral-column' } });
    const typed = { url, payload, headers: { 'content-type': 'text/plain' }, token: user.accessToken };
    expect((await server.request({ method: 'POST', ...typed })).status).toBe(415);
  });

  const missing = { type: 'missing', msg: 'Field required' };
  it.each<[string, unknown, unknown[]]>([
    ['a field that is missing', recordWithout('pelvic_tilt'), [{ ...missing, loc: ['body', 'pelvic_tilt'] }]],
    ['one in a list', [RECORD, recordWithout('pelvic_tilt')], [{ ...missing, loc: ['body', 1, 'pelvic_tilt'] }]],
    ['a text for a number', { ...RECORD, pelvic_tilt: '22' }, [{ loc: ['body', 'pelvic_tilt'] }]],
    ['a value out of range', { ...RECORD, pelvic_tilt: 700 }, [{ loc: ['body', 'pelvic_tilt'] }]],
    ['a field that is no input', { ...RECORD, class: 'DH' }, [{ loc: ['body', 'class'] }]],
    ['null for a value', { ...RECORD, pelvic_tilt: null }, [{ loc: ['body', 'pelvic_tilt'] }]],
    ['an empty list', [], [{ loc: ['body'] }]],
    ['a list of lists', [[1, 2]], [{ loc: ['body', 0] }]],
    ['a text', '"x"', [{ loc: ['body'] }]],
    ['null', 'null', [{ ...missing, loc: ['body'] }]],
    ['no JSON', '{"a":', [{ type: 'json_invalid', loc: ['body', 0] }]],
    ['NaN', `{"pelvic_tilt": NaN}`, [{ type: 'json_invalid' }]],
    ['more rows than a request may have', Array.from({ length: 1_001 }, () => RECORD), [{ loc: ['body'] }]],
  ])('refuses %s as FastAPI does', async (_, body, detail) => {
    const before = await recorded();
    const answer = await server.request({
      method: 'POST',
      url: `${LAB}/predict`,
      payload: typeof body === 'string' ? body : (body as object),
      headers: { 'content-type': 'application/json' },
      token: user.accessToken,
    });
    expect(answer).toMatchObject({ status: 422, body: { detail } });
    expect(answer.body.detail).toHaveLength(detail.length);
    expect(await recorded()).toBe(before);
  });

  it.each([
    ['names of prototypes', '{"__proto__":{"pelvic_tilt":1},"constructor":{"prototype":{}}}'],
    ['a NUL character in a name', '{"a\\u0000b":1}'],
    ['depth', `${'['.repeat(50_000)}${']'.repeat(50_000)}`],
    ['a number beyond doubles', JSON.stringify(RECORD).replace('22.5', '1e999')],
    ['fields without end', JSON.stringify(Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [`f${n}`, n])))],
  ])('refuses %s without a fault of its own', async (_, payload) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await server.request({ method: 'POST', url: `${LAB}/predict`, payload, headers });
    expect(answer.status).toBe(422);
    expect(answer.body).toHaveProperty('detail');
  });

  it('refuses other types of bodies, bodies without end, and none', async () => {
    const send = (payload: string | undefined, type: string | undefined): Promise<Answer> =>
      server.request({
        method: 'POST',
        url: `${LAB}/predict`,
        payload,
        headers: type === undefined ? {} : { 'content-type': type },
      });
    expect(await send('<x/>', 'application/xml')).toMatchObject({
      status: 415,
      body: { detail: expect.any(String) as string },
    });
    expect(await send(`"${'x'.repeat(17 * 2 ** 20)}"`, 'application/json')).toMatchObject({ status: 413 });
    expect(await send(undefined, undefined)).toMatchObject({
      status: 422,
      body: { detail: [{ type: 'missing', loc: ['body'] }] },
    });
  });
});

function recordWithout(name: string): Record<string, number> {
  return Object.fromEntries(Object.entries(RECORD).filter(([field]) => field !== name));
}

describe('the limits of a plan', () => {
  it('refuse with 429 and when to come back, in its own shape', async () => {
    const poor = await server.register('bea');
    const answers: Answer[] = [];
    for (let call = 0; call < 6; call += 1) answers.push(await predict(RECORD, poor.accessToken));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429]);
    expect(answers[5]).toMatchObject({ body: { detail: expect.any(String) as string } });
    expect(Number(answers[5]!.headers['retry-after'])).toBeGreaterThan(0);
    const file = await sendFile(`${COLUMNS}\n${ROW}\n`, 'text/csv', poor.accessToken);
    expect(file).toMatchObject({ status: 429, body: { detail: expect.any(String) as string } });
    // Looking is no prediction.
    expect((await server.get(`${LAB}/models`, poor.accessToken)).status).toBe(200);
  });

  it('do not count for who is suspended: nobody', async () => {
    const gone = await server.register('dora');
    const url = `/v1/users/${gone.userId}`;
    await server.request({ method: 'PATCH', url, payload: { status: 'suspended' }, token: admin.accessToken });
    expect(await predict(RECORD, gone.accessToken)).toMatchObject({
      status: 401,
      body: { detail: expect.any(String) as string },
    });
  });
});

describe('what there is no route for', () => {
  it.each([
    ['GET', '/predict', 405, 'POST'],
    ['GET', '/batch-predict', 405, 'POST'],
    ['DELETE', '/models', 405, 'GET'],
    ['PUT', '/models/activate', 405, 'POST'],
    ['GET', '/predict/', 405, 'POST'],
    ['OPTIONS', '/predict', 405, 'POST'],
    ['GET', '/nothing', 404, undefined],
    ['POST', '/models/upload', 404, undefined],
    ['GET', '', 404, undefined],
    ['GET', '/', 404, undefined],
    ['GET', '/models//', 404, undefined],
  ] as const)('%s %s is %i', async (method, path, status, allow) => {
    const answer = await server.request({ method, url: `${LAB}${path}` });
    expect(answer).toMatchObject({ status, body: { detail: status === 404 ? 'Not Found' : 'Method Not Allowed' } });
    expect(answer.headers.allow).toBe(allow);
  });

  it('is not what has a slash at its end, which FastAPI redirects', async () => {
    const { status, body } = await server.get(`${LAB}/models/`, user.accessToken);
    expect([status, body]).toEqual([200, (await server.get(`${LAB}/models`, user.accessToken)).body]);
    const payload = RECORD;
    const predicted = await server.request({
      method: 'POST',
      url: `${LAB}/predict/`,
      payload,
      token: user.accessToken,
    });
    expect(predicted.status).toBe(200);
  });

  it('is told whatever is sent along', async () => {
    const headers = { 'content-type': 'text/csv' };
    const answer = await server.request({ method: 'PUT', url: `${LAB}/models`, payload: 'a', headers });
    expect(answer).toMatchObject({ status: 405, body: { detail: 'Method Not Allowed' } });
  });
});

interface Golden {
  readonly atol: number;
  readonly rtol: number;
  readonly inputs: number[][];
  readonly outputs: number[][];
  readonly labels: string[];
}

it('the model answers here what scikit-learn answered when it was trained', async () => {
  const golden = JSON.parse(readFileSync(resolve(VERSION_FOLDER, 'golden.json'), 'utf8')) as Golden;
  const { body } = await predict(golden.inputs.map(recordOf), user.accessToken);
  expect(body.map((each: { prediction: string }) => each.prediction)).toEqual(golden.labels);
  for (const [row, { probability }] of (body as { probability: number }[]).entries()) {
    const expected = Math.max(...golden.outputs[row]!);
    expect(Math.abs(probability - expected)).toBeLessThanOrEqual(golden.atol + golden.rtol * expected);
  }
});

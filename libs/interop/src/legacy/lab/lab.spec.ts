/** The routes of the older service, with the shipped model, as its clients use them. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'csv-parse/sync';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  accountsDatabase,
  type AccountsServer,
  type Answer,
  type Session,
} from '../../../../../test/setup/accounts-server.js';
import { formOf } from '../../../../../test/setup/form.js';
import { givePlan, startLegacyServer } from '../../../../../test/setup/legacy-server.js';
import { recordedSession, replaySession } from '../../../../../test/setup/recorded-session.js';

const ROOT = resolve(import.meta.dirname, '../../../../..');
const FILE = resolve(ROOT, '../shared/fixtures/tabular/vertebral_column_3C.csv');
const VERSION = resolve(ROOT, 'models/vertebral-column/1.0.0');
const COLUMNS =
  'pelvic_incidence,pelvic_tilt,lumbar_lordosis_angle,sacral_slope,pelvic_radius,degree_spondylolisthesis';
const VALUES = [63.5, 22.5, 39.5, 40.5, 98.5, -0.25];
const RECORD = recordOf(VALUES);
const ROW = VALUES.join(',');
const LAB = '/legacy/lab';

const database = await accountsDatabase();
let server: AccountsServer;
let admin: Session;
let user: Session;

function recordOf(values: readonly number[]): Record<string, number> {
  return Object.fromEntries(COLUMNS.split(',').map((name, index) => [name, values[index]!]));
}

beforeAll(async () => {
  server = await startLegacyServer(database, ['lab'], {
    LEGACY_ANONYMOUS_USER: 'older-clients',
    LEGACY_ANONYMOUS_MODELS: 'vertebral-column',
    LEGACY_LAB_MODELS: 'nobody,vertebral-column,cardiac-risk,haemodynamic-shock',
  });
  admin = await server.administrator();
  const changed = await server.request({
    method: 'PUT',
    url: '/v1/plans/PREMIUM',
    payload: { requestsPerMinute: 100_000 },
    token: admin.accessToken,
  });
  expect(changed.status).toBe(200);
  user = await server.register('ana');
  const older = await server.register('older-clients');
  for (const { userId } of [user, older]) await givePlan(server, userId, 'PREMIUM', admin);
}, 180_000);

const predict = (body: unknown, token?: string): Promise<Answer> =>
  server.request({ method: 'POST', url: `${LAB}/predict`, payload: body as object, token });

const sendFile = (payload: string | Buffer, type = 'text/csv', token?: string): Promise<Answer> =>
  server.request({ method: 'POST', url: `${LAB}/batch-predict`, payload, headers: { 'content-type': type }, token });

function sendForm(parts: Parameters<typeof formOf>[0], token?: string): Promise<Answer> {
  const { payload, headers } = formOf(parts);
  return server.request({ method: 'POST', url: `${LAB}/batch-predict`, payload, headers, token });
}

function table({ status, body }: Answer): Record<string, string>[] {
  expect(status, JSON.stringify(body)).toBe(200);
  return parse(body as string, { columns: true });
}

const recorded = async (): Promise<number> => {
  const [row] = await server.dataSource.query<{ rows: string }[]>('SELECT sum(row_count) AS rows FROM predictions');
  return Number(row?.rows ?? 0);
};

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

describe('POST /batch-predict', () => {
  it('answers a file, by itself or in a form, with predicciones.csv', async () => {
    const [{ prediction, probability }] = (await predict([RECORD], user.accessToken)).body;
    const before = await recorded();
    const text = `id,${COLUMNS}\na-1,${ROW}\n"a, 2",${ROW}\n`;
    for (const answer of [
      await sendFile(text, 'text/csv', user.accessToken),
      await sendForm({ file: { fileName: 'in.csv', content: text } }, user.accessToken),
      await sendForm({ note: 'x', file: { fileName: 'in.csv', content: text } }, user.accessToken),
    ]) {
      expect(answer.headers).toMatchObject({
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': 'attachment; filename="predicciones.csv"',
        'x-model-version': '1.0.0',
        'x-model-notice': 'Trained on a small public data set; not for clinical use',
      });
      expect((answer.body as string).split('\n')[0]).toBe(`id,${COLUMNS},prediccion,probabilidad,error`);
      const result = { ...stringsOf(RECORD), prediccion: prediction, probabilidad: String(probability), error: '' };
      expect(table(answer)).toEqual([
        { id: 'a-1', ...result },
        { id: 'a, 2', ...result },
      ]);
    }
    expect(await recorded()).toBe(before + 6);
  });

  it('goes on after rows at fault, and says what is wrong with each', async () => {
    const rows = table(
      await sendFile(`${COLUMNS}\n${ROW}\n${ROW.replace('63.5', 'x')}\n1,2\n${ROW.replace('63.5', '')}\n${ROW}\n`),
    );
    expect(rows.map(({ error }) => error)).toEqual([
      '',
      'pelvic_incidence: must be a number',
      'has 2 cells where the header has 6',
      'pelvic_incidence: is missing',
      '',
    ]);
    expect(rows.map(({ prediccion, probabilidad }) => prediccion !== '' && probabilidad !== '')).toEqual([
      true,
      false,
      false,
      false,
      true,
    ]);
  });

  it('keeps thousands of rows in their order, and columns of the names that results have', async () => {
    const lines = Array.from({ length: 2_345 }, (_, row) => `${row},${ROW}`);
    const rows = table(
      await sendForm({ file: { fileName: 'x', content: `prediccion,${COLUMNS}\n${lines.join('\n')}\n` } }),
    );
    expect(rows.map(({ prediccion }) => Number(prediccion))).toEqual([...lines.keys()]);
    expect(new Set(rows.map((row) => row['result.prediccion']))).toEqual(new Set([rows[0]!['result.prediccion']]));
  });

  it.each<[string, string | Buffer, unknown]>([
    [
      'without a column',
      `${COLUMNS.replace(',sacral_slope', '')}\n1,1,1,1,1\n`,
      [{ type: 'missing', loc: ['body', 'file', 'sacral_slope'] }],
    ],
    ['without a row', `${COLUMNS}\n`, 'The file has no row below its header.'],
    ['that is empty', '', expect.stringContaining('empty') as string],
    ['that is no CSV', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 0x0a]), expect.anything()],
  ])('refuses a file %s in both forms', async (_, content, detail) => {
    for (const answer of [await sendFile(content), await sendForm({ file: { fileName: 'x.csv', content } })])
      expect(answer).toMatchObject({ status: 422, body: { detail } });
  });

  it('refuses a form without the file, one that is cut off, and other types', async () => {
    const noFile = {
      status: 422,
      body: { detail: [{ type: 'missing', loc: ['body', 'file'], msg: 'Field required' }] },
    };
    expect(await sendForm({ other: { fileName: 'x.csv', content: `${COLUMNS}\n${ROW}\n` } })).toMatchObject(noFile);
    expect(await server.request({ method: 'POST', url: `${LAB}/batch-predict` })).toMatchObject(noFile);
    expect(await sendForm({ file: `${COLUMNS}\n${ROW}\n` })).toMatchObject({
      status: 422,
      body: { detail: [{ loc: ['body', 'file'], msg: 'Value must be a file' }] },
    });
    const { payload, headers } = formOf({ file: { fileName: 'x.csv', content: `${COLUMNS}\n${ROW}\n` } });
    const url = `${LAB}/batch-predict`;
    expect(await server.request({ method: 'POST', url, payload: payload.subarray(0, 60), headers })).toMatchObject({
      status: 400,
    });
    expect(await sendFile('x', 'multipart/form-data')).toMatchObject({
      status: 400,
      body: { detail: expect.any(String) as string },
    });
    expect(await sendFile('{}', 'application/json')).toMatchObject({
      status: 415,
      body: { detail: expect.any(String) as string },
    });
    expect(await sendFile('x', 'text/csv; charset=klingon')).toMatchObject({ status: 422 });
  });
});

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

  it('hold for all rows of a file', async () => {
    const rich = await server.register('carl');
    await givePlan(server, rich.userId, 'PREMIUM', admin);
    const change = (rowsPerDay: number): Promise<Answer> =>
      server.request({ method: 'PUT', url: '/v1/plans/PREMIUM', payload: { rowsPerDay }, token: admin.accessToken });
    await change(3);
    const answer = await sendFile(`${COLUMNS}\n${`${ROW}\n`.repeat(4)}`, 'text/csv', rich.accessToken);
    expect(answer).toMatchObject({ status: 429, body: { detail: expect.any(String) as string } });
    expect(table(await sendFile(`${COLUMNS}\n${`${ROW}\n`.repeat(3)}`, 'text/csv', rich.accessToken))).toHaveLength(3);
    await change(5_000_000);
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
    ['GET', '/nothing', 404, undefined],
    ['POST', '/models/upload', 404, undefined],
    ['GET', '', 404, undefined],
    ['GET', '/', 404, undefined],
  ] as const)('%s %s is %i', async (method, path, status, allow) => {
    const answer = await server.request({ method, url: `${LAB}${path}` });
    expect(answer).toMatchObject({ status, body: { detail: status === 404 ? 'Not Found' : 'Method Not Allowed' } });
    expect(answer.headers.allow).toBe(allow);
  });
});

describe('a version that the kit made and somebody publishes', () => {
  const file = (name: string): { fileName: string; content: string | Buffer } => ({
    fileName: name,
    content: readFileSync(resolve(VERSION, name)),
  });
  const activate = (name: string, version: string): Promise<Answer> =>
    server.post(`${LAB}/models/activate`, { name, version }, admin.accessToken);

  it('answers once it is activated here', async () => {
    const manifest = file('manifest.yaml').content.toString().replace('\nversion: 1.0.0\n', '\nversion: 1.0.1\n');
    const { payload, headers } = formOf({
      manifest: { fileName: 'manifest.yaml', content: manifest },
      artifact: file('model.onnx'),
      golden: file('golden.json'),
      evaluation: file('evaluation.json'),
      card: file('card.md'),
    });
    const url = '/v1/models/vertebral-column/versions';
    const published = await server.request({ method: 'POST', url, payload, headers, token: admin.accessToken });
    expect([published.status, published.body.status]).toEqual([201, 'verified']);
    const before = await predict(RECORD, user.accessToken);
    expect(before.body.version).toBe('1.0.0');
    expect((await activate('vertebral-column', '1.0.1')).body).toMatchObject({ version: '1.0.1', active: true });
    expect((await predict(RECORD, user.accessToken)).body).toEqual({ ...before.body, version: '1.0.1' });
    expect((await sendFile(`${COLUMNS}\n${ROW}\n`)).headers['x-model-version']).toBe('1.0.1');
    expect((await activate('vertebral-column', '1.0.0')).status).toBe(200);
  });

  it('and a model of observations takes no files', async () => {
    expect((await activate('haemodynamic-shock', '1.0.0')).status).toBe(200);
    const detail = expect.stringContaining('series of observations') as string;
    expect(await sendFile('a\n1\n', 'text/csv', user.accessToken)).toMatchObject({ status: 422, body: { detail } });
    // And is not open to who has no token.
    expect(await sendFile('a\n1\n')).toMatchObject({ status: 401 });
    expect(await sendForm({ file: { fileName: 'x.csv', content: 'a\n1\n' } })).toMatchObject({ status: 401 });
    expect((await activate('vertebral-column', '1.0.0')).status).toBe(200);
  });
});

it('a form whose answer would be too large for a client that does not read is refused', async () => {
  const small = await startLegacyServer(database, ['lab'], { CSV_SPOOL_MB: '1', DATA_DIR: server.dataFolder });
  const content = `${COLUMNS}\n${`${ROW}\n`.repeat(40_000)}`;
  const { payload, headers } = formOf({ file: { fileName: 'x.csv', content } });
  const url = `${LAB}/batch-predict`;
  const answer = await small.request({ method: 'POST', url, payload, headers, token: user.accessToken });
  expect(answer).toMatchObject({ status: 413, body: { detail: expect.stringContaining('/batches') as string } });
});

interface Golden {
  readonly atol: number;
  readonly rtol: number;
  readonly inputs: number[][];
  readonly outputs: number[][];
  readonly labels: string[];
}

it('the model answers here what scikit-learn answered when it was trained', async () => {
  const golden = JSON.parse(readFileSync(resolve(VERSION, 'golden.json'), 'utf8')) as Golden;
  const { body } = await predict(golden.inputs.map(recordOf), user.accessToken);
  expect(body.map((each: { prediction: string }) => each.prediction)).toEqual(golden.labels);
  for (const [row, { probability }] of (body as { probability: number }[]).entries()) {
    const expected = Math.max(...golden.outputs[row]!);
    expect(Math.abs(probability - expected)).toBeLessThanOrEqual(golden.atol + golden.rtol * expected);
  }
});

interface Evaluation {
  readonly datasets: readonly {
    readonly confusionMatrix: { readonly classes: string[]; readonly counts: number[][] };
  }[];
}

it.skipIf(!existsSync(FILE))(
  'the patients of the file are classified as the kit said when it trained on them',
  async () => {
    const text = readFileSync(FILE, 'utf8');
    const rows = table(await sendForm({ file: { fileName: 'vertebral_column_3C.csv', content: text } }));
    expect(rows).toHaveLength(310);
    const { datasets } = JSON.parse(readFileSync(resolve(VERSION, 'evaluation.json'), 'utf8')) as Evaluation;
    const { classes } = datasets[0]!.confusionMatrix;
    const counted = classes.map((actual) =>
      classes.map((predicted) => rows.filter((row) => row.class === actual && row.prediccion === predicted).length),
    );
    const said = classes.map((_, actual) =>
      classes.map((__, predicted) =>
        datasets.reduce((sum, { confusionMatrix }) => sum + confusionMatrix.counts[actual]![predicted]!, 0),
      ),
    );
    expect(counted).toEqual(said);
    const records = rows.slice(0, 40).map((row) => recordOf(COLUMNS.split(',').map((name) => Number(row[name]))));
    const { body } = await predict(records);
    expect(
      body.map((each: { prediction: string; probability: number }) => [each.prediction, String(each.probability)]),
    ).toEqual(rows.slice(0, 40).map(({ prediccion, probabilidad }) => [prediccion, probabilidad]));
  },
);

function stringsOf(record: Record<string, number>): Record<string, string> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, String(value)]));
}

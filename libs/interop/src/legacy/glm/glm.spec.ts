/** The older glm service over HTTP, on a real Postgres: files predicted, recorded, logged and refused; the dashboard. */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RequestLog } from '#audit';
import {
  accountsDatabase,
  type AccountsServer,
  type Answer,
  type Session,
} from '../../../../../test/setup/accounts-server.js';
import { formOf, type Form, type FormFile } from '../../../../../test/setup/form.js';
import { givePlan, startLegacyServer } from '../../../../../test/setup/legacy-server.js';
import { PATIENT } from '../../../../../test/setup/patient.js';
import { recordedSession, replaySession } from '../../../../../test/setup/recorded-session.js';
import { tinyManifest, writeVersion } from '../../../../../test/setup/version-folder.js';

const root = resolve(import.meta.dirname, '../../../../..');
const COLUMNS = ['a', 'b', 'c', 'd', 'e', 'f'];
/** Rows that Keras has answered. */
const golden = JSON.parse(readFileSync(join(root, 'test/golden/keras/mlp-6-14-7-1-k3_15-keras.json'), 'utf8')) as {
  inputs: number[][];
  outputs: number[][];
};
/** Between the probabilities of those rows, so that they are of both classes. */
const THRESHOLD = 0.439;
const EXPECTED = golden.outputs.map(([probability]) => probability! >= THRESHOLD);

const database = await accountsDatabase();
const models = mkdtempSync(join(tmpdir(), 'latido-glm-'));
const settings = {
  MODELS_DIR: models,
  LEGACY_ANONYMOUS_USER: 'older-clients',
  LEGACY_ANONYMOUS_MODELS: 'tiny,cardiac-risk,penguins,nothing',
  LEGACY_FILE_LOGS: 'true',
};
let server: AccountsServer;
let admin: Session;
let anonymous: Session;

beforeAll(async () => {
  const output = { ...tinyManifest('tiny', '1.0.0').output, threshold: THRESHOLD };
  writeVersion(models, 'tiny', '1.0.0', { manifest: { clinical: false, notice: 'Made up', output } });
  // Takes numbers that no network computes with.
  const inputs = tinyManifest('wide', '1.0.0').inputs.map(({ range: _, ...input }) => input);
  writeVersion(models, 'wide', '1.0.0', { manifest: { clinical: false, inputs } });
  for (const name of ['cardiac-risk/1.0.0', 'penguins/1.2.0', 'haemodynamic-shock/1.0.0'])
    cpSync(join(root, 'models', name), join(models, name), { recursive: true });
  server = await startLegacyServer(database, ['glm'], { ...settings, LEGACY_GLM_MODEL: 'tiny' });
  admin = await server.administrator();
  anonymous = await server.register('older-clients');
  const plan = { requestsPerMinute: 10_000 };
  await server.request({ method: 'PUT', url: '/v1/plans/PREMIUM', payload: plan, token: admin.accessToken });
  await givePlan(server, anonymous.userId, 'PREMIUM', admin);
}, 180_000);
afterAll(() => rmSync(models, { recursive: true, force: true }));

function csvOf(rows: readonly (readonly unknown[])[], header: readonly string[] = COLUMNS): string {
  return [header, ...rows].map((cells) => `${cells.join(',')}\n`).join('');
}

function send(form: Form, token?: string, to = server): Promise<Answer> {
  const { payload, headers } = form;
  return to.request({ method: 'POST', url: '/legacy/glm/predict', payload, headers, token });
}

function predict(
  content: string | Buffer,
  { fileName = 'rows.csv', token, to }: { fileName?: string; token?: string; to?: AccountsServer } = {},
): Promise<Answer> {
  return send(formOf({ file: { fileName, content } }), token, to);
}

const predictionsRecorded = async (): Promise<number> =>
  Number((await server.dataSource.query('SELECT count(*) FROM predictions'))[0].count);

describe('the session of the original’s client', () => {
  it('is answered as there, without a token', async () => {
    await replaySession(server, recordedSession('glm'), '/legacy/glm');
  });

  it('is greeted at the root, with a slash and without', async () => {
    for (const url of ['/legacy/glm', '/legacy/glm/']) {
      const { status, body, headers } = await server.get(url);
      expect([status, body]).toEqual([200, expect.stringContaining('works')]);
      expect(headers['content-type']).toBe('text/html; charset=utf-8');
    }
  });
});

describe('a file', () => {
  it('is answered row by row as Keras does, recorded before, for the account of calls without a token', async () => {
    const { status, body, headers } = await predict(csvOf(golden.inputs));
    expect(status, JSON.stringify(body)).toBe(200);
    expect(new Set(EXPECTED).size).toBe(2);
    expect(body).toEqual({ prediction: EXPECTED });
    expect(headers).toMatchObject({
      'x-model-version': '1.0.0',
      'x-model-notice': 'Made up',
      'server-timing': expect.stringContaining('infer;dur=') as string,
    });
    const recorded = await server.get(`/v1/predictions/${headers['x-prediction-id']}`, anonymous.accessToken);
    expect(recorded.body).toMatchObject({ model: 'tiny' });
    expect(recorded.body.results.map(({ label }: { label: string }) => label === 'yes')).toEqual(EXPECTED);
  });

  it('may have an index without a name, a label, columns in another order, and another dialect', async () => {
    const rows = golden.inputs.map((row, index) => [index, ...row.toReversed(), Number(EXPECTED[index])]);
    const header = ['', ...COLUMNS.toReversed(), 'label'];
    expect((await predict(csvOf(rows, header))).body).toEqual({ prediction: EXPECTED });
    const semicolons = `\ufeff${csvOf(rows, header).replaceAll(',', ';').replaceAll('.', ',').replaceAll('\n', '\r\n')}`;
    expect((await predict(semicolons)).body).toEqual({ prediction: EXPECTED });
  });

  it('of many rows is recorded as several predictions and answered as one list', async () => {
    const rows = Array.from({ length: 2_500 }, (_, index) => golden.inputs[index % golden.inputs.length]!);
    const { status, body, headers } = await predict(csvOf(rows));
    expect(status).toBe(200);
    expect(body.prediction).toEqual(rows.map((_, index) => EXPECTED[index % EXPECTED.length]));
    const ids = String(headers['x-prediction-id']).split(', ');
    expect(ids).toHaveLength(3);
    const last = await server.get(`/v1/predictions/${ids[2]}`, anonymous.accessToken);
    expect(last.body.results).toHaveLength(500);
  });

  it('of too many rows or bytes is refused, naming batches, and leaves no record', async () => {
    const before = await predictionsRecorded();
    const refused = { status: 413, body: { error: expect.stringContaining('/batches') as string } };
    expect(await predict(csvOf(Array.from({ length: 10_001 }, () => [1, 1, 1, 1, 1, 1])))).toMatchObject(refused);
    expect(await predict(csvOf([['1', '1', '1', '1', '1', '1'.padEnd(2 ** 21)]]))).toMatchObject(refused);
    expect(await predictionsRecorded()).toBe(before);
    expect((await predict(csvOf(Array.from({ length: 10_000 }, () => [1, 1, 1, 1, 1, 1])))).status).toBe(200);
  });

  it('counts for the caller’s own account and plan with a token', async () => {
    const owner = await server.register('owner');
    const { headers } = await predict(csvOf(golden.inputs), { token: owner.accessToken });
    expect((await server.get(`/v1/predictions/${headers['x-prediction-id']}`, owner.accessToken)).status).toBe(200);
    for (let call = 0; call < 4; call += 1) await predict(csvOf(golden.inputs), { token: owner.accessToken });
    const refused = await predict(csvOf(golden.inputs), { token: owner.accessToken });
    expect(refused).toMatchObject({ status: 429, body: { error: expect.any(String) as string } });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  });

  it('for which the day has no rows left is refused whole', async () => {
    const plan = (rowsPerDay: number): Promise<Answer> =>
      server.request({ method: 'PUT', url: '/v1/plans/FREEMIUM', payload: { rowsPerDay }, token: admin.accessToken });
    const short = await server.register('short');
    await plan(1_500);
    try {
      const before = await predictionsRecorded();
      const rows = Array.from({ length: 1_501 }, () => [1, 1, 1, 1, 1, 1]);
      const refused = await predict(csvOf(rows), { token: short.accessToken });
      expect(refused).toMatchObject({ status: 429, body: { error: expect.stringContaining('1500 rows') as string } });
      expect(await predictionsRecorded()).toBe(before);
      expect((await predict(csvOf(rows.slice(1)), { token: short.accessToken })).status).toBe(200);
    } finally {
      await plan(50_000);
    }
  });

  it('beside more than the plan admits at once waits its turn', async () => {
    const eager = await server.register('eager');
    const file = csvOf(Array.from({ length: 5_000 }, () => [1, 1, 1, 1, 1, 1]));
    const answers = await Promise.all([1, 2].map(() => predict(file, { token: eager.accessToken })));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 429]);
    expect((await predict(file, { token: eager.accessToken })).status).toBe(200);
  });
});

describe('the log file', () => {
  const path = (): string => join(server.dataFolder, 'legacy/glm/predictions_log.csv');

  it('has a line for each file by the time it is answered, which no spreadsheet takes for a formula', async () => {
    await predict(csvOf(golden.inputs.slice(0, 2)), { fileName: '=cmd|x, "y".csv'.replaceAll('"', '\\"') });
    await predict('a\n1\n', { fileName: 'refused.csv' });
    const [header, ...lines] = parse(readFileSync(path(), 'utf8')) as string[][];
    expect(header).toEqual(['time', 'file', 'predictions']);
    expect(lines.at(-1)).toEqual([
      expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      `'=cmd|x, "y".csv`,
      JSON.stringify(EXPECTED.slice(0, 2)),
    ]);
    expect(statSync(path()).mode & 0o777).toBe(0o600);
  });
});

describe('a refusal', () => {
  it.each<[string, Record<string, string | FormFile>, string]>([
    ['without a file', { other: 'text' }, 'No file part'],
    ['with a field in its place', { file: csvOf([[1, 1, 1, 1, 1, 1]]) }, 'No file part'],
    ['with a file of another name', { csv: { fileName: 'a.csv', content: 'a\n1\n' } }, 'No file part'],
    ['with no file chosen', { file: { fileName: '', content: '' } }, 'No selected file'],
  ])('of a form %s is the original’s', async (_, parts, error) => {
    expect(await send(formOf(parts))).toMatchObject({ status: 400, body: { error } });
  });

  it.each([
    ['application/json', '{"file": "a.csv"}'],
    ['application/json', '{"file'],
    ['application/x-www-form-urlencoded', 'file=a.csv'],
    ['text/csv', 'a\n1\n'],
    [undefined, ''],
  ])('of %s is that there is no file', async (type, payload) => {
    const headers = type === undefined ? {} : { 'content-type': type };
    const answer = await server.request({ method: 'POST', url: '/legacy/glm/predict', payload, headers });
    expect(answer).toMatchObject({ status: 400, body: { error: expect.any(String) as string } });
  });

  it.each<[string, string | Buffer, RegExp]>([
    ['that is empty', '', /no header/],
    ['without a row', csvOf([]), /no row/],
    ['without a header', csvOf([[2, 2, 2, 2, 2, 2]], ['1', '1', '1', '1', '1', '1']), /names no input/],
    ['without columns', csvOf([[1, 1]], ['a', 'b']), /The column c is missing\..*The column f is missing\./],
    [
      'with a word',
      csvOf([
        [1, 1, 1, 1, 1, 1],
        [1, 'x', 1, 1, 1, 1],
      ]),
      /^Row 2: b: must be a number\.$/,
    ],
    ['out of range', csvOf([[1, 1, 1, 1, 1, 99]]), /^Row 1: f: .*5/],
    ['with an empty cell', csvOf([[1, 1, 1, 1, 1, '']]), /^Row 1: f: /],
    ['with a short row', csvOf([[1, 1, 1]]), /^Row 1: has 3 cells where the header has 6\.$/],
    ['with a quote that is not closed', `${csvOf([])}"1,1,1,1,1,1\n`, /quotes that are not closed/],
    ['with NUL', csvOf([['\0', 1, 1, 1, 1, 1]]), /^Row 1: a: must be a number\.$/],
    ['that is no text', readFileSync(join(root, 'models/penguins/1.2.0/model.onnx')), /./],
    ['in UTF-16', Buffer.from(`\ufeff${csvOf([[1, 1, 1, 1, 1, 1]])}`, 'utf16le'), /UTF-16/],
  ])('of a file %s says why, and leaves no record', async (_, content, reason) => {
    const before = await predictionsRecorded();
    const { status, body } = await predict(content);
    expect([status, body.error]).toEqual([400, expect.stringMatching(reason)]);
    expect(Object.keys(body as object)).toEqual(['error']);
    expect(await predictionsRecorded()).toBe(before);
  });

  it('of a row at fault late in a long file leaves no record of those before it', async () => {
    const before = await predictionsRecorded();
    const rows: unknown[][] = Array.from({ length: 3_000 }, () => [1, 1, 1, 1, 1, 1]);
    rows[2_998] = [1, 1, 'x', 1, 1, 1];
    expect((await predict(csvOf(rows))).body).toEqual({ error: 'Row 2999: c: must be a number.' });
    expect(await predictionsRecorded()).toBe(before);
  });

  it('of a row that only scoring finds at fault leaves no record of those before it, and takes no rows of the day', async () => {
    const wide = await startLegacyServer(database, ['glm'], {
      ...settings,
      LEGACY_GLM_MODEL: 'wide',
      LEGACY_ANONYMOUS_MODELS: 'wide',
      DATA_DIR: server.dataFolder,
    });
    const used = async (): Promise<number> => (await wide.get('/v1/me', anonymous.accessToken)).body.quota.rowsToday;
    const before = [await predictionsRecorded(), await used()];
    const rows: unknown[][] = Array.from({ length: 3_000 }, () => [1, 1, 1, 1, 1, 1]);
    rows[2_998] = [1, 1, '1e39', 1, 1, 1];
    const { status, body } = await predict(csvOf(rows), { to: wide });
    expect([status, body]).toEqual([400, { error: 'Row 2999: a value is too large for the model.' }]);
    expect([await predictionsRecorded(), await used()]).toEqual(before);
    rows[2_998] = [1, 1, 1, 1, 1, 1];
    expect((await predict(csvOf(rows), { to: wide })).body.prediction).toHaveLength(3_000);
    expect(await predictionsRecorded()).toBe(Number(before[0]) + 3);
  }, 120_000);

  it('of too much where it is no file’s does not send anybody to batches', async () => {
    const parts = Object.fromEntries(Array.from({ length: 21 }, (_, part) => [`part${part}`, 'x']));
    const { status, body } = await send(formOf(parts));
    expect([status, body.error]).toEqual([413, expect.not.stringContaining('batches')]);
  });

  it('of a form that is cut off, or has no boundary', async () => {
    const { payload, headers } = formOf({ file: { fileName: 'a.csv', content: csvOf(golden.inputs) } });
    for (const form of [
      { payload: payload.subarray(0, 200), headers },
      { payload, headers: { 'content-type': 'multipart/form-data' } },
    ])
      expect(await send(form)).toMatchObject({ status: 400, body: { error: expect.any(String) as string } });
  });

  it('of what the service does not have', async () => {
    expect(await server.get('/legacy/glm/models')).toMatchObject({ status: 404, body: { error: 'Not Found' } });
    const answer = await server.get('/legacy/glm/predict');
    expect(answer).toMatchObject({ status: 405, body: { error: 'Method Not Allowed' }, headers: { allow: 'POST' } });
    const { payload, headers } = formOf({ file: { fileName: 'a.csv', content: 'a\n1\n' } });
    const put = await server.request({ method: 'PUT', url: '/legacy/glm/predict', payload, headers });
    expect(put).toMatchObject({ status: 405, body: { error: 'Method Not Allowed' } });
    for (const url of ['/legacy/glm', '/legacy/glm/'])
      for (const method of ['POST', 'DELETE', 'OPTIONS'] as const)
        expect(await server.request({ method, url }), `${method} ${url}`).toMatchObject({
          status: 405,
          body: { error: 'Method Not Allowed' },
          headers: { allow: 'GET' },
        });
    // Flask takes no slash where a route has none.
    expect((await server.post('/legacy/glm/predict/', {})).status).toBe(404);
  });

  it('of a credential that does not hold, and of a suspended account', async () => {
    const refused = { status: 401, body: { error: expect.any(String) as string } };
    expect(await predict(csvOf(golden.inputs), { token: 'nonsense' })).toMatchObject(refused);
    const patch = (status: string): Promise<Answer> =>
      server.patch(`/v1/users/${anonymous.userId}`, { status }, admin.accessToken);
    await patch('suspended');
    const { body, headers, status } = await predict(csvOf(golden.inputs));
    expect([status, body.error]).toEqual([401, 'This route needs an access token or an API key.']);
    expect(headers['www-authenticate']).toBe('Bearer realm="latido"');
    expect((await server.get('/legacy/glm/dashboard')).status).toBe(401);
    await patch('active');
    expect((await predict(csvOf(golden.inputs))).status).toBe(200);
  });
});

describe('the dashboard', () => {
  it('shows numbers of requests and nothing else, without a script', async () => {
    await server.app.get(RequestLog).flush();
    const { status, body, headers } = await server.get('/legacy/glm/dashboard');
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-/);
    const [[row]] = [
      await server.dataSource.query(
        `SELECT count(*) FILTER (WHERE status < 400)::int AS answered, count(*) FILTER (WHERE status >= 400)::int AS refused
         FROM request_log WHERE route = '/legacy/glm/predict'`,
      ),
    ] as [[{ answered: number; refused: number }]];
    expect(row.answered).toBeGreaterThan(5);
    expect(row.refused).toBeGreaterThan(20);
    for (const title of ['Last hour, by minute', 'Last day, by hour'])
      expect(body).toContain(
        `aria-label="${title}: ${row.answered} answered, ${row.refused} refused (4xx), 0 failed (5xx)"`,
      );
    expect(body).not.toMatch(/<script|csv|older-clients/);
  });
});

describe('the model that is configured', () => {
  it('is the shipped one for cardiac risk unless another is named; no log file is kept of it', async () => {
    const cardiac = await startLegacyServer(database, ['glm'], settings);
    const names = Object.keys(PATIENT);
    const healthy = {
      ...PATIENT,
      age: 25,
      cholesterol: 1,
      systolicPressure: 1,
      glucose: 0.8,
      smoker: 0,
      overweight: 0,
    };
    const rows = [PATIENT, healthy].map((patient) => names.map((name) => patient[name as keyof typeof PATIENT]));
    const { body, headers } = await predict(csvOf(rows, names), { to: cardiac });
    expect(body).toEqual({ prediction: [true, false] });
    expect(headers['x-model-notice']).toContain('not for clinical use');
    expect(existsSync(join(cardiac.dataFolder, 'legacy'))).toBe(false);
  }, 120_000);

  it.each([
    ['penguins', 503, /does not tell two classes apart/],
    ['nothing', 404, /no model "nothing"/],
  ])(
    'cannot be %s',
    async (model, status, reason) => {
      const other = await startLegacyServer(database, ['glm'], { ...settings, LEGACY_GLM_MODEL: model });
      const answer = await predict(csvOf(golden.inputs), { to: other });
      expect([answer.status, answer.body.error]).toEqual([status, expect.stringMatching(reason)]);
    },
    120_000,
  );

  it('is closed to calls without a token unless it is open to them, and all are where no account is kept', async () => {
    const closed = { ...settings, LEGACY_ANONYMOUS_MODELS: '', LEGACY_GLM_MODEL: 'tiny' };
    const unnamed = await startLegacyServer(database, ['glm'], closed);
    const notOpen = await predict(csvOf(golden.inputs), { to: unnamed });
    for (const { status, headers, body } of [notOpen, await unnamed.get('/legacy/glm/dashboard')]) {
      expect([status, body.error]).toEqual([401, expect.stringContaining('LEGACY_ANONYMOUS_MODELS')]);
      expect(headers['www-authenticate']).toBe('Bearer realm="latido"');
    }
    const nobody = await startLegacyServer(database, ['glm'], { MODELS_DIR: models, LEGACY_GLM_MODEL: 'tiny' });
    for (const answer of [
      await predict(csvOf(golden.inputs), { to: nobody }),
      await nobody.get('/legacy/glm/dashboard'),
    ])
      expect([answer.status, answer.body.error]).toEqual([401, expect.stringContaining('LEGACY_ANONYMOUS_USER')]);
    const { accessToken } = await nobody.signIn('older-clients');
    const file = csvOf(golden.inputs);
    expect((await predict(file, { to: nobody, token: accessToken })).body).toEqual({ prediction: EXPECTED });
    expect((await nobody.get('/legacy/glm/dashboard', accessToken)).status).toBe(200);
  }, 120_000);
});

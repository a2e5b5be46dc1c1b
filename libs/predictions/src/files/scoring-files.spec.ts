/** Files through the routes of a server with the real modules. */
import { parse } from 'csv-parse/sync';
import type { LightMyRequestResponse } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownDatabase } from '../../../../test/setup/database.js';
import {
  startPredictionServer,
  type PredictionServer,
  type TestUser,
} from '../../../../test/setup/prediction-server.js';

const database = await ownDatabase();
let server: PredictionServer;
let user: TestUser;

beforeAll(async () => {
  server = await startPredictionServer(database);
  user = await server.user();
});
afterAll(() => server.close());

const HEADER = 'cholesterol,systolicPressure,glucose,age,overweight,smoker';
const ROW = '2.45,1.35,1.75,68,0,0';

function send(
  payload: string | Buffer,
  { type = 'text/csv', as = user, query = '', model = 'cardiac-risk' } = {},
): Promise<LightMyRequestResponse> {
  return server.predictRaw(as, payload, { 'content-type': type }, `${model}`, query);
}

function table(answer: LightMyRequestResponse, delimiter = ','): Record<string, string>[] {
  expect(answer.statusCode, answer.body).toBe(200);
  return parse(answer.rawPayload, { columns: true, bom: true, delimiter });
}

describe('a file', () => {
  it('is answered row by row with what JSON would have been, and each row is a recorded prediction', async () => {
    const answer = await send(
      `id,${HEADER},subject,ward\na-1,${ROW},patient 1,"3, west"\na-2,1.5,1,0.8,30,0,0,patient 2,"say ""x"""\n`,
    );
    expect(answer.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'x-model-version': '1.0.0',
      'x-model-notice': 'Trained on synthetic data; not for clinical use',
    });
    const rows = table(answer);
    const json = (
      await server.predict(user, {
        inputs: [
          { cholesterol: 2.45, systolicPressure: 1.35, glucose: 1.75, age: 68, overweight: 0, smoker: 0 },
          { cholesterol: 1.5, systolicPressure: 1, glucose: 0.8, age: 30, overweight: 0, smoker: 0 },
        ],
      })
    ).json<{ results: { label: string; probability: number; probabilities: Record<string, number> }[] }>();
    for (const [index, row] of rows.entries()) {
      const { label, probability, probabilities } = json.results[index]!;
      expect(row).toMatchObject({
        id: `a-${index + 1}`,
        ward: ['3, west', 'say "x"'][index],
        label,
        probability: String(probability),
        'no-risk': String(probabilities['no-risk']),
        risk: String(probabilities.risk),
        error: '',
      });
      const recorded = (await server.get(user, `/v1/predictions/${row.prediction}`)).json<object>();
      expect(recorded).toMatchObject({ row: index, subject: `patient ${index + 1}`, result: json.results[index] });
    }
    const [id] = rows[0]!.prediction!.split('/');
    const replayed = (await server.replay(user, `${id}/replay`)).json<object>();
    expect(replayed).toMatchObject({ identical: true, rowCount: 2, comparedRows: 2 });
    const found = (await server.search(user, { subject: 'patient 2' })).json<{ data: { id: string }[] }>();
    expect(found.data.map((each) => each.id)).toEqual([id]);
  });

  it.each([
    ['semicolons and decimal commas', `${HEADER.replaceAll(',', ';')}\n2,45;1,35;1,75;68;0;0\n`, ';'],
    ['tabs', `${HEADER.replaceAll(',', '\t')}\n${ROW.replaceAll(',', '\t')}\n`, '\t'],
    ['a byte order mark and CRLF', `\ufeff${HEADER}\r\n${ROW}\r\n`, ','],
    [
      'columns in another order and others between them',
      `smoker,x,age,overweight,glucose,y,cholesterol,systolicPressure\n0,,68,0,1.75,,2.45,1.35\n`,
      ',',
    ],
    [
      'titles and other cases for names',
      `Total Cholesterol,SYSTOLICPRESSURE, glucose ,Age,Overweight,smoker\n${ROW}\n`,
      ',',
    ],
    ['quoted cells', `${HEADER}\n"2.45","1.35","1.75","68","0","0"\n`, ','],
  ])('of %s means the same', async (_, text, delimiter) => {
    const [row] = table(await send(text), delimiter);
    expect(row).toMatchObject({ label: 'risk', error: '' });
    const plain = table(await send(`${HEADER}\n${ROW}\n`))[0]!;
    expect(row!.probability!.replace(',', '.')).toBe(plain.probability);
  });

  it('is answered in its own dialect', async () => {
    const answer = await send(`\ufeff${HEADER.replaceAll(',', ';')};Größe\n2,45;1,35;1,75;68;0;0;1,80 m\n`);
    expect(answer.body.startsWith('\ufeffcholesterol;')).toBe(true);
    expect(table(answer, ';')[0]).toMatchObject({
      Größe: '1,80 m',
      probability: expect.stringMatching(/^0,\d+$/) as string,
    });
  });

  it('in Latin-1 keeps its letters, whether it says so or not', async () => {
    const bytes = Buffer.from(`${HEADER},subject\n${ROW},Müller\n`, 'latin1');
    for (const type of ['text/csv', 'text/csv; charset=iso-8859-1'])
      expect(table(await send(bytes, { type }))[0]).toMatchObject({ subject: 'Müller', label: 'risk' });
  });

  it('goes on after rows at fault, and says what is wrong with each', async () => {
    const rows = table(
      await send(`${HEADER}\n${ROW}\n2.45,1.35,x,680,2,\n2.45,1.35,1.75,68.5,2,0\n1,2\n${ROW},more\n${ROW}\n`),
    );
    expect(rows.map(({ error }) => error)).toEqual([
      '',
      'glucose: must be a number',
      'age: must be a whole number; overweight: must be 0 or 1',
      'has 2 cells where the header has 6',
      'has 7 cells where the header has 6',
      '',
    ]);
    expect(rows.map(({ prediction }) => prediction?.replace(/^.*\//, ''))).toEqual(['0', '', '', '', '', '1']);
    expect(rows[3]).toMatchObject({ cholesterol: '1', systolicPressure: '2', glucose: '' });
    expect(rows[4]).toMatchObject({ smoker: '0', label: '' });
    const missing = table(await send(`${HEADER}\n,1.35,1.75,68,0,0\n`));
    expect(missing[0]!.error).toBe('cholesterol: is missing');
  });

  it('with columns of the names that results have keeps both', async () => {
    const [row] = table(await send(`${HEADER},label,error\n${ROW},no-risk,none\n`));
    expect(row).toMatchObject({ label: 'no-risk', error: 'none', 'result.label': 'risk', 'result.error': '' });
  });

  it.each([
    ['without a column', `${HEADER.replace(',age', '')}\n1,1,1,0,0\n`, [{ pointer: '/age', detail: 'is missing' }]],
    [
      'without a header',
      `${ROW}\n${ROW}\n`,
      HEADER.split(',').map((name) => ({ pointer: `/${name}`, detail: 'is missing' })),
    ],
    ['without a row', `${HEADER}\n`, undefined],
    ['that is empty', '', undefined],
    ['with a column twice', `${HEADER},Age\n${ROW},68\n`, undefined],
    [
      'of two columns that could both be meant',
      `${HEADER.replace('age', 'AGE')},Age\n${ROW},68\n`,
      [{ pointer: '/age', detail: 'could be any of 2 columns' }],
    ],
    ['with a cell of 10 MB', `${HEADER},note\n${ROW},${'x'.repeat(10 * 1024 * 1024)}\n`, undefined],
    ['with a quote that is not closed', `${HEADER}\n"${ROW}\n`, undefined],
    ['with a first row of 300 KB', `${HEADER},${'x'.repeat(300_000)}\n${ROW},1\n`, undefined],
    ['with U+0000 in the name of a column', `${HEADER},a\0\n${ROW},1\n`, undefined],
    ['with a row of two million empty cells', `${HEADER}\n"",${','.repeat(2_000_000)}`, undefined],
    ['in UTF-16', Buffer.from(`\ufeff${HEADER}\n${ROW}\n`, 'utf16le'), undefined],
  ])('%s is refused at once', async (name, payload, errors) => {
    const answer = await send(payload);
    if (name === 'with a column twice') return void expect(answer.statusCode).toBe(200); // the exact name is the input's
    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toMatchObject({ code: 'FILE_INVALID', ...(errors && { errors }) });
  });

  it('for a model of observations, an unknown model or version is refused in their own words', async () => {
    expect((await send('a\n1\n', { model: 'haemodynamic-shock' })).json()).toMatchObject({
      status: 422,
      code: 'MODEL_TAKES_NO_FILES',
    });
    expect((await send('a\n1\n', { model: 'nobody' })).statusCode).toBe(404);
    expect((await send(`${HEADER}\n${ROW}\n`, { query: '?version=9.9.9' })).statusCode).toBe(404);
    expect((await send(`${HEADER}\n${ROW}\n`, { query: '?version=1.0.0' })).statusCode).toBe(200);
    expect((await send('x', { type: 'text/csv; charset=klingon' })).statusCode).toBe(422);
  });

  it('takes its rows from what is left of the day, and is refused where there are none', async () => {
    const small = await server.user({ plan: 'SMALL' });
    const answer = await send(`${HEADER}\n${`${ROW}\n`.repeat(5)}`, { as: small });
    expect(answer.json()).toMatchObject({ status: 429, code: 'ROW_BUDGET_EXCEEDED' });
    expect(table(await send(`${HEADER}\n${`${ROW}\n`.repeat(4)}`, { as: small }))).toHaveLength(4);
  });

  it('of several chunks keeps all its rows in their order', async () => {
    const lines = Array.from({ length: 3_456 }, (_, row) => `${row},${ROW.replace('68', String(row % 130))}`);
    const rows = table(await send(`id,${HEADER}\n${lines.join('\n')}`));
    expect(rows.map(({ id }) => Number(id))).toEqual([...lines.keys()]);
    for (const { age, error, label } of rows)
      expect([error, label !== '']).toEqual(Number(age) > 99 ? ['age: must be at most 99', false] : ['', true]);
    expect(new Set(rows.map(({ prediction }) => prediction!.split('/')[0]))).toHaveProperty('size', 5);
  });
});

it('a batch is scored in the background: queued, done, and its results are those of a stream', async () => {
  const lines = Array.from({ length: 2_500 }, (_, row) => `${row},${ROW.replace('68', String(row % 110))}`).join('\n');
  const text = `id,${HEADER}\n${lines}\n`;
  const queued = await server.sendTo(user, '/v1/models/cardiac-risk/batches', text, { 'content-type': 'text/csv' });
  expect(queued.statusCode, queued.body).toBe(202);
  const { id } = queued.json<{ id: string }>();
  expect(queued.headers.location).toBe(`/v1/batches/${id}`);
  const events = await server.get(user, `/v1/batches/${id}/events`);
  expect(events.headers['content-type']).toContain('text/event-stream');
  const last = JSON.parse(/event: ended\ndata: (.*)\n/.exec(events.body)![1]!) as object;
  expect(last).toMatchObject({ id, status: 'succeeded', rowsDone: 2_500, rowsRejected: 220, progress: 1, error: null });
  const results = await server.get(user, `/v1/batches/${id}/results`);
  const withoutIds = (body: string): string => body.replaceAll(/[0-9a-f-]{36}\//g, '/');
  expect(withoutIds(results.body)).toBe(withoutIds((await send(text)).body));
  const other = await server.user();
  for (const path of ['', '/events', '/results'])
    expect((await server.get(other, `/v1/batches/${id}${path}`)).statusCode).toBe(404);
  const auditor = await server.user({ role: 'auditor' });
  expect((await server.get(auditor, `/v1/batches/${id}/results`)).body).toBe(results.body);
});

it('a file that says how long it is, and whose answer would be too large for a client that does not read, is refused', async () => {
  const small = await startPredictionServer(database, { CSV_SPOOL_MB: '1' });
  try {
    const as = await small.user();
    // An answer of 1.3 MB, most of which is not there yet when the last byte of the file is.
    const answer = (rows: number): Promise<LightMyRequestResponse> =>
      small.predictRaw(as, `${HEADER}\n${`${ROW}\n`.repeat(rows)}`, { 'content-type': 'text/csv' });
    expect((await answer(10_000)).json()).toMatchObject({ status: 413, code: 'ANSWER_TOO_LARGE' });
    expect(table(await answer(6_000))).toHaveLength(6_000);
  } finally {
    await small.close();
  }
});

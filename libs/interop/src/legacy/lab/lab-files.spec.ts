/** Files that clients of the older service send, with the shipped model. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { accountsDatabase, type Answer } from '../../../../../test/setup/accounts-server.js';
import { formOf } from '../../../../../test/setup/form.js';
import {
  COLUMNS,
  LAB,
  LabServer,
  RECORD,
  recordOf,
  ROW,
  table,
  VERSION_FOLDER,
} from '../../../../../test/setup/lab-server.js';
import { givePlan, startLegacyServer } from '../../../../../test/setup/legacy-server.js';

const ROOT = resolve(import.meta.dirname, '../../../../..');
const FILE = resolve(ROOT, '../shared/fixtures/tabular/vertebral_column_3C.csv');

const database = await accountsDatabase();
const lab = await LabServer.start(database);
const { server, admin, user, predict, sendFile, sendForm, recorded } = lab;

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
});

describe('a version that the kit made and somebody publishes', () => {
  const file = (name: string): { fileName: string; content: string | Buffer } => ({
    fileName: name,
    content: readFileSync(resolve(VERSION_FOLDER, name)),
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
    const { datasets } = JSON.parse(readFileSync(resolve(VERSION_FOLDER, 'evaluation.json'), 'utf8')) as Evaluation;
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

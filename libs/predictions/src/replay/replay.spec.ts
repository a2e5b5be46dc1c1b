/** Recorded predictions computed again, over HTTP on a real Postgres with the shipped models on their real engines. */
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId, type ProblemDto } from '#platform';
import { writeCrowd } from '../../../../test/setup/crowd-model.js';
import { ownDatabase } from '../../../../test/setup/database.js';
import { PATIENT } from '../../../../test/setup/patient.js';
import { changeProvenance } from '../../../../test/setup/prediction-record.js';
import {
  startPredictionServer,
  type PredictionServer,
  type TestUser,
} from '../../../../test/setup/prediction-server.js';
import { tinyRow, writeVersion } from '../../../../test/setup/version-folder.js';
import type { PredictionAnswer } from '../prediction-answer.js';
import { eraseRows, newContent, readContent } from '../record/content.js';
import type { RecordedRow } from '../record/prediction-record.js';
import type { ReplayDto } from './replay.dto.js';

const root = resolve(import.meta.dirname, '../../../..');
const { cases } = JSON.parse(readFileSync(join(root, 'test/golden/shock/observations.json'), 'utf8')) as {
  cases: { input: object }[];
};
const windows = cases.map(({ input }) => input);
const tiny = tinyRow().row;

const database = await ownDatabase();
const folder = mkdtempSync(join(tmpdir(), 'latido-replay-'));
const models = { MODELS_DIR: join(folder, 'models') };

let server: PredictionServer;
let owner: pg.Client;
let user: TestUser;

beforeAll(async () => {
  cpSync(join(root, 'models'), models.MODELS_DIR, { recursive: true });
  for (const version of ['1.0.0', '1.1.0']) writeVersion(models.MODELS_DIR, 'tiny', version);
  writeCrowd(models.MODELS_DIR);
  server = await startPredictionServer(database, models);
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  user = await server.user();
}, 180_000);

afterAll(async () => {
  await server.close();
  await owner.end();
  rmSync(folder, { recursive: true, force: true });
});

async function predicted(body: unknown, model?: string, as: TestUser = user): Promise<PredictionAnswer> {
  const answer = await server.predict(as, body, {}, model);
  expect(answer.statusCode, answer.body.slice(0, 500)).toBe(201);
  return answer.json<PredictionAnswer>();
}

/** @param path below /v1/predictions/, up to `/replay` */
async function replayed(path: string, { on = server, by = user, query = '' } = {}): Promise<ReplayDto> {
  const answer = await on.replay(by, `${path}/replay${query}`);
  expect(answer.statusCode, answer.body.slice(0, 500)).toBe(200);
  return answer.json<ReplayDto>();
}

async function refused(path: string, { on = server, by = user, query = '' } = {}): Promise<[number, string]> {
  const answer = await on.replay(by, `${path}/replay${query}`);
  return [answer.statusCode, answer.json<ProblemDto>().code];
}

async function contentOf(id: string): Promise<Buffer> {
  const { rows } = await owner.query<{ content: Buffer }>('SELECT content FROM prediction_contents WHERE id = $1', [
    id,
  ]);
  return rows[0]!.content;
}

/** As the owner of the database, who may. */
async function write(id: string, content: Buffer): Promise<void> {
  await owner.query('UPDATE prediction_contents SET content = $2 WHERE id = $1', [id, content]);
}

async function changeRow(id: string, change: (row: RecordedRow) => unknown, index = 0): Promise<void> {
  const parts = readContent(await contentOf(id)).map(({ json }, at) => {
    const row = JSON.parse(json!.toString()) as RecordedRow;
    return newContent(JSON.stringify(at === index ? change(row) : row)).content;
  });
  await write(id, Buffer.concat(parts));
}

async function eventsOf(id: string): Promise<{ actor_id: string; action: string; details: object }[]> {
  const { rows } = await owner.query<{ actor_id: string; action: string; details: object }>(
    'SELECT actor_id, action, details FROM audit_events WHERE target_id = $1 ORDER BY id',
    [id],
  );
  return rows;
}

describe('a replay', () => {
  it('of one row gives the recorded bits, and says on what', async () => {
    const { id } = await predicted({ input: PATIENT, subject: 'P-1' });
    const answer = await replayed(id);
    const detail = (await server.get(user, `/v1/predictions/${id}`)).json<Record<string, string & number[][]>>();
    const environment = { name: detail.engine, version: detail.engineVersion, processor: detail.processor };
    expect(answer).toEqual({
      id,
      model: 'cardiac-risk',
      version: '1.0.0',
      notice: 'Trained on synthetic data; not for clinical use',
      replayedAt: expect.any(String) as Date,
      identical: true,
      sameEnvironment: true,
      engine: { recorded: environment, replayed: environment, serving: environment },
      rowCount: 1,
      comparedRows: 1,
      differentRows: 0,
      largestDifference: 0,
      erasedRows: [],
      rows: [
        {
          row: 0,
          identical: true,
          recorded: detail.scores![0],
          replayed: detail.scores![0],
          largestDifference: 0,
        },
      ],
    });
    expect(JSON.stringify(answer)).not.toContain('P-1');
  });

  it('of windows of observations gives the recorded bits', async () => {
    const { id } = await predicted({ inputs: windows }, 'haemodynamic-shock');
    expect(await replayed(id)).toMatchObject({
      identical: true,
      sameEnvironment: true,
      comparedRows: windows.length,
      differentRows: 0,
      rows: windows.map((_, row) => ({ row, identical: true })),
    });
    expect(await replayed(`${id}/rows/1`)).toMatchObject({ identical: true, comparedRows: 1, rows: [{ row: 1 }] });
  });

  it('of a thousand windows stays a small answer', { timeout: 60_000 }, async () => {
    const { id } = await predicted(
      { inputs: Array.from({ length: 1000 }, (_, index) => windows[index % windows.length]) },
      'haemodynamic-shock',
    );
    const answer = await server.replay(user, `${id}/replay`);
    expect(answer.json()).toMatchObject({ identical: true, comparedRows: 1000, differentRows: 0, rows: [] });
    expect(answer.body.length).toBeLessThan(2_000);
    expect(await replayed(`${id}/rows/999`)).toMatchObject({ identical: true, rows: [{ row: 999 }], rowCount: 1000 });
  });

  it('lists the first hundred rows that differ, of many', async () => {
    const { id } = await predicted({ inputs: Array.from({ length: 150 }, () => PATIENT) });
    const content = readContent(await contentOf(id)).map(({ json }, index) => {
      const row = JSON.parse(json!.toString()) as RecordedRow;
      return newContent(JSON.stringify(index < 20 ? row : { ...row, scores: [0.25] })).content;
    });
    await write(id, Buffer.concat(content));
    const answer = await replayed(id);
    expect(answer).toMatchObject({ identical: false, comparedRows: 150, differentRows: 130 });
    expect(answer.rows.map(({ row }) => row)).toEqual(Array.from({ length: 100 }, (_, index) => index + 20));
  });

  it('runs the recorded version, also one that is retired and was never active', async () => {
    const admin = await server.user({ role: 'admin' });
    const { id } = await predicted({ input: tiny, version: '1.0.0' }, 'tiny', admin);
    await owner.query(`UPDATE model_versions SET status = 'retired' WHERE model_name = 'tiny' AND version = '1.0.0'`);
    const other = await startPredictionServer(database, models);
    for (const on of [server, other])
      expect(await replayed(id, { on, by: admin })).toMatchObject({ identical: true, version: '1.0.0' });
    await other.close();
  });

  it('counts against the plan as a request, and is no prediction', async () => {
    const caller = await server.user();
    const before = await server.predict(caller, { input: PATIENT });
    const { id } = before.json<PredictionAnswer>();
    const left = (answer: { headers: Record<string, unknown> }): number =>
      Number(/r=(\d+)/.exec(String(answer.headers.ratelimit))?.[1]);
    const after = await server.replay(caller, `${id}/rows/0/replay`);
    expect(left(before) - left(after)).toBe(1);
    expect(left(after) - left(await server.replay(caller, `${id}/replay`))).toBe(1);
    const list = await server.get(caller, '/v1/predictions');
    expect(list.json<{ data: object[] }>().data).toHaveLength(1);
    await expect
      .poll(async () => (await owner.query('SELECT status FROM request_log WHERE user_id = $1', [caller.id])).rows)
      .toEqual(expect.arrayContaining([{ status: 201 }, { status: 200 }, { status: 200 }]));
  });

  it('leaves an audit event without values', async () => {
    const { id } = await predicted({ input: PATIENT, subject: 'P-SECRET' });
    await replayed(id);
    await changeRow(id, (row) => ({ ...row, scores: [0.123] }));
    await replayed(`${id}/rows/0`);
    expect(await eventsOf(id)).toEqual([
      {
        actor_id: user.id,
        action: 'prediction.replayed',
        details: { identical: true, sameEnvironment: true },
      },
      {
        actor_id: user.id,
        action: 'prediction.replayed',
        details: { row: 0, identical: false, sameEnvironment: true },
      },
    ]);
  });
});

describe('a replay of a record that was changed in the database', () => {
  it('reports other scores', async () => {
    const { id } = await predicted({ inputs: [PATIENT, { ...PATIENT, age: 30 }] });
    await changeRow(id, (row) => ({ ...row, scores: [0.5] }), 1);
    const answer = await replayed(id);
    expect(answer).toMatchObject({ identical: false, sameEnvironment: true, differentRows: 1, comparedRows: 2 });
    expect(answer.rows).toMatchObject([{ identical: true }, { identical: false, recorded: [0.5] }]);
    expect(answer.largestDifference).toBe(Math.abs(0.5 - answer.rows[1]!.replayed[0]!));
    expect(await replayed(`${id}/rows/0`)).toMatchObject({ identical: true, differentRows: 0 });
  });

  it('reports other inputs', async () => {
    const { id } = await predicted({ input: PATIENT });
    await changeRow(id, (row) => ({ ...row, input: { ...row.input, age: 25 } }));
    expect(await replayed(id)).toMatchObject({ identical: false, differentRows: 1 });
  });

  it('reports another number of scores', async () => {
    const { id } = await predicted({ input: PATIENT });
    await changeRow(id, (row) => ({ ...row, scores: [...row.scores, 1] }));
    expect(await replayed(id)).toMatchObject({ identical: false, largestDifference: null });
  });

  it('names the inputs that the version does not take, and does not repeat them', async () => {
    const { id } = await predicted({ inputs: [PATIENT, PATIENT] });
    await changeRow(id, (row) => ({ ...row, input: { ...row.input, age: 987_654 } }), 1);
    const answer = await server.replay(user, `${id}/replay`);
    expect([answer.statusCode, answer.json()]).toMatchObject([
      409,
      { code: 'REPLAY_REFUSED', errors: [{ pointer: '/rows/1/age' }] },
    ]);
    expect(answer.body).not.toContain('987654');
  });

  it.each<[string, (content: Buffer) => Buffer]>([
    ['is cut', (content) => content.subarray(0, -1)],
    ['is no JSON', (content) => Buffer.concat([content.subarray(0, 20), content.subarray(21), Buffer.of(0x7d)])],
    ['has no scores', () => newContent('{"input":{}}').content],
    ['has text for scores', () => newContent('{"input":{},"scores":["0.5"]}').content],
    ['has a row too many', (content) => Buffer.concat([content, content])],
  ])('says so where what is recorded %s', async (_, change) => {
    const { id } = await predicted({ input: PATIENT });
    await write(id, change(await contentOf(id)));
    expect(await refused(id)).toEqual([500, 'RECORD_DAMAGED']);
    const detail = await server.get(user, `/v1/predictions/${id}`);
    expect([detail.statusCode, detail.json<ProblemDto>().code]).toEqual([500, 'RECORD_DAMAGED']);
  });
});

describe('a replay of what was erased', () => {
  const ERASED = [410, 'PREDICTION_ERASED'];

  it('is refused where nothing is left', async () => {
    const { id } = await predicted({ inputs: [PATIENT, PATIENT] });
    await owner.query('DELETE FROM prediction_contents WHERE id = $1', [id]);
    expect(await refused(id)).toEqual(ERASED);
    expect(await refused(`${id}/rows/1`)).toEqual(ERASED);
    expect(await refused(`${id}/rows/2`)).toEqual([404, 'PREDICTION_NOT_FOUND']);
    expect(await eventsOf(id)).toEqual([]);
  });

  it('compares the rows that are left, and names the others', async () => {
    const { id } = await predicted({ inputs: [30, 50, 70].map((age) => ({ ...PATIENT, age })) });
    await write(id, eraseRows(await contentOf(id), new Set([1])));
    expect(await replayed(id)).toMatchObject({
      identical: true,
      rowCount: 3,
      comparedRows: 2,
      erasedRows: [1],
      rows: [{ row: 0 }, { row: 2 }],
    });
    expect(await refused(`${id}/rows/1`)).toEqual(ERASED);
    expect(await replayed(`${id}/rows/2`)).toMatchObject({ identical: true, comparedRows: 1, erasedRows: [] });
  });
});

describe('a replay with a model whose rows depend on each other', () => {
  const inputs = [1e-7, 4e-7, 9e-7].map((x) => ({ x }));
  const among = (answer: PredictionAnswer): unknown => answer.results[1];

  it('runs all rows together as they ran, also for one of them', async () => {
    const together = await predicted({ inputs }, 'crowd');
    const alone = await predicted({ inputs: [inputs[1]] }, 'crowd');
    expect(among(together)).not.toEqual(alone.results[0]);
    expect(await replayed(together.id)).toMatchObject({ identical: true, comparedRows: 3 });
    expect(await replayed(`${together.id}/rows/1`)).toMatchObject({
      identical: true,
      comparedRows: 1,
      rows: [{ row: 1, replayed: [(among(together) as { value: number }).value] }],
    });
    expect(await replayed(alone.id)).toMatchObject({ identical: true });
  });

  it('is refused as a whole where one of them was erased', async () => {
    const { id } = await predicted({ inputs }, 'crowd');
    await write(id, eraseRows(await contentOf(id), new Set([0])));
    for (const path of [id, `${id}/rows/0`, `${id}/rows/1`])
      expect(await refused(path), path).toEqual([410, 'PREDICTION_ERASED']);
  });
});

describe('a replay elsewhere', () => {
  it('runs on the recorded engine whichever serves, and on the one that serves when it is asked to', async () => {
    const onOnnx = await predicted({ inputs: windows }, 'haemodynamic-shock');
    const tfjs = await startPredictionServer(database, { ...models, INFERENCE_ENGINE: 'tfjs' });
    const onRecorded = await replayed(onOnnx.id, { on: tfjs });
    expect(onRecorded).toMatchObject({
      identical: true,
      sameEnvironment: true,
      engine: { recorded: { name: 'onnx' }, replayed: { name: 'onnx' }, serving: { name: 'tfjs' } },
    });
    const onServing = await replayed(onOnnx.id, { on: tfjs, query: '?engine=serving' });
    expect(onServing).toMatchObject({
      sameEnvironment: false,
      engine: { recorded: { name: 'onnx' }, replayed: { name: 'tfjs' }, serving: { name: 'tfjs' } },
      comparedRows: windows.length,
    });
    expect(onServing.identical).toBe(onServing.largestDifference === 0);
    expect(onServing.largestDifference).toBeLessThan(1e-5);
    expect((await eventsOf(onOnnx.id)).map(({ details }) => details)).toEqual([
      { identical: true, sameEnvironment: true },
      { identical: onServing.identical, sameEnvironment: false },
    ]);

    const asked = await tfjs.predict(user, { inputs: windows }, {}, 'haemodynamic-shock');
    const onTfjs = asked.json<PredictionAnswer>();
    await tfjs.close();
    expect(await replayed(onTfjs.id)).toMatchObject({
      identical: true,
      sameEnvironment: true,
      engine: { recorded: { name: 'tfjs' }, replayed: { name: 'tfjs' }, serving: { name: 'onnx' } },
    });
  });

  it('says that library or processor are others', async () => {
    const { id } = await predicted({ input: PATIENT });
    const elsewhere = { engineVersion: 'onnxruntime-node 1.0.0', processor: 'arm64 Another' };
    await changeProvenance(owner, id, elsewhere);
    expect(await replayed(id)).toMatchObject({
      identical: true,
      sameEnvironment: false,
      engine: { recorded: { name: 'onnx', version: elsewhere.engineVersion, processor: elsewhere.processor } },
    });
  });

  it('is refused where there is no such engine or version', async () => {
    const { id } = await predicted({ input: PATIENT });
    await changeProvenance(owner, id, { engine: 'abacus' });
    expect(await refused(id)).toEqual([409, 'REPLAY_UNAVAILABLE']);
    expect(await replayed(id, { query: '?engine=serving' })).toMatchObject({ identical: true, sameEnvironment: false });
    await changeProvenance(owner, id, { engine: 'constructor' });
    expect(await refused(id)).toEqual([409, 'REPLAY_UNAVAILABLE']);
    await changeProvenance(owner, id, { engine: 'onnx', versionId: newId() });
    expect(await refused(id)).toEqual([409, 'REPLAY_UNAVAILABLE']);
  });
});

describe('a replay by another', () => {
  it('is 404 for users and publishers, for what is no id and for what is no row', async () => {
    const { id } = await predicted({ input: PATIENT });
    const [other, publisher] = [await server.user(), await server.user({ role: 'publisher' })];
    for (const [by, path] of [
      [other, id],
      [publisher, id],
      [other, `${id}/rows/0`],
      [user, newId()],
      [user, 'x'],
      [user, '%00'],
      ...['1', '-1', '1.5', '01', 'x', '99999999999'].map((row) => [user, `${id}/rows/${row}`] as const),
    ] as const)
      expect(await refused(path, { by }), path).toEqual([404, 'PREDICTION_NOT_FOUND']);
    expect(await refused(id, { query: '?engine=abacus' })).toEqual([422, 'INVALID_REQUEST']);
    expect(await refused(id, { query: '?row=1' })).toEqual([422, 'INVALID_REQUEST']);
  });

  it('is open to auditors and administrators, and their reading is on record', async () => {
    const { id } = await predicted({ input: PATIENT });
    for (const role of ['auditor', 'admin'] as const) {
      const by = await server.user({ role });
      expect(await replayed(id, { by })).toMatchObject({ identical: true });
      expect((await eventsOf(id)).filter(({ actor_id }) => actor_id === by.id)).toEqual([
        { actor_id: by.id, action: 'prediction.read-by-other', details: { owner: user.id } },
        { actor_id: by.id, action: 'prediction.replayed', details: { identical: true, sameEnvironment: true } },
      ]);
    }
  });
});

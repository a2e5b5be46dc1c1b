/** What really happened: recorded, corrected and read, over HTTP on a real Postgres. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId, type Page, type ProblemDto } from '#platform';
import { ownDatabase } from '../../../../test/setup/database.js';
import { PATIENT } from '../../../../test/setup/patient.js';
import {
  startPredictionServer,
  type PredictionServer,
  type TestUser,
} from '../../../../test/setup/prediction-server.js';
import { tinyRow, writeVersion } from '../../../../test/setup/version-folder.js';
import type { PredictionAnswer } from '../prediction-answer.js';
import type { PredictionDetailDto, PredictionRowDto } from '../predictions.dto.js';
import type { OutcomeDto } from './outcomes.dto.js';

const OBSERVED = '2026-01-31T10:00:00.000Z';
const HAPPENED = { label: 'risk', observedAt: OBSERVED };

const database = await ownDatabase();
const folder = mkdtempSync(join(tmpdir(), 'latido-outcomes-'));
let server: PredictionServer;
let owner: pg.Client;
let user: TestUser;

beforeAll(async () => {
  const models = join(folder, 'models');
  cpSync(resolve(import.meta.dirname, '../../../../models/cardiac-risk'), join(models, 'cardiac-risk'), {
    recursive: true,
  });
  writeVersion(models, 'tiny', '1.0.0', { manifest: { task: 'regression', output: {} } });
  server = await startPredictionServer(database, { MODELS_DIR: models });
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  user = await server.user();
});

afterAll(async () => {
  await server.close();
  await owner.end();
  rmSync(folder, { recursive: true, force: true });
});

async function predicted(body: unknown, model?: string): Promise<string> {
  const answer = await server.predict(user, body, {}, model);
  expect(answer.statusCode, answer.body).toBe(201);
  return answer.json<PredictionAnswer>().id;
}

/** @param path below /v1/predictions/, up to `/outcome` */
async function put(path: string, body: unknown, by: TestUser = user): Promise<OutcomeDto> {
  const answer = await server.put(by, `/v1/predictions/${path}/outcome`, body);
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json<OutcomeDto>();
}

async function refused(path: string, body: unknown = HAPPENED, by: TestUser = user): Promise<unknown[]> {
  const answer = await server.put(by, `/v1/predictions/${path}/outcome`, body);
  const { code, errors = [] } = answer.json<ProblemDto>();
  return [answer.statusCode, code, ...errors.map(({ pointer, detail }) => `${pointer} ${detail}`)];
}

async function read<T>(path: string, by: TestUser = user): Promise<T> {
  const answer = await server.get(by, `/v1/predictions/${path}`);
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json<T>();
}

async function eventsOf(id: string): Promise<Record<string, unknown>[]> {
  const { rows } = await owner.query<Record<string, unknown>>(
    'SELECT actor_kind, actor_id, action, details FROM audit_events WHERE target_id = $1 ORDER BY id',
    [id],
  );
  return rows;
}

describe('an outcome', () => {
  it('is recorded, and stands in the prediction and in its row', async () => {
    const id = await predicted({ input: PATIENT });
    expect((await read<PredictionDetailDto>(id)).outcomes).toEqual([null]);
    const outcome = await put(id, { label: 'no-risk', observedAt: '2026-01-31T11:00:00+01:00', note: 'came home' });
    expect(outcome).toEqual({
      id: expect.any(String) as string,
      row: 0,
      revision: 1,
      label: 'no-risk',
      observedAt: OBSERVED,
      note: 'came home',
      createdAt: expect.any(String) as Date,
      userId: user.id,
      erased: false,
    });
    expect(Date.parse(outcome.createdAt as unknown as string)).toBeGreaterThan(Date.now() - 60_000);
    expect((await read<PredictionDetailDto>(id)).outcomes).toEqual([outcome]);
    expect((await read<PredictionRowDto>(`${id}/rows/0`)).outcome).toEqual(outcome);
  });

  it('is corrected by another one, and the history keeps both', async () => {
    const id = await predicted({ input: PATIENT });
    const first = await put(id, { ...HAPPENED, note: 'at first sight' });
    const second = await put(`${id}/rows/0`, { ...HAPPENED, label: 'no-risk' });
    expect(second).toMatchObject({ revision: 2, label: 'no-risk', note: null });
    expect((await read<PredictionDetailDto>(id)).outcomes).toEqual([second]);
    expect(await read(`${id}/outcomes`)).toEqual({ data: [second, first], nextCursor: null });
    const third = await put(id, { ...HAPPENED, note: 'at first sight' });
    expect(third).toMatchObject({ revision: 3, label: 'risk' });
    expect((await read<PredictionRowDto>(`${id}/rows/0`)).outcome).toEqual(third);
  });

  it('said again changes nothing, however it is written', async () => {
    const id = await predicted({ input: PATIENT });
    const first = await put(id, HAPPENED);
    for (const again of [
      HAPPENED,
      { note: null, observedAt: '2026-01-31T05:00-05:00', label: 'risk', value: null },
      { ...HAPPENED, observedAt: '2026-01-31T10:00:00Z' },
    ])
      expect(await put(id, again)).toEqual(first);
    expect(await eventsOf(id)).toHaveLength(1);
  });

  it('said many times at once is recorded once', async () => {
    const id = await predicted({ input: PATIENT });
    const answers = await Promise.all(Array.from({ length: 8 }, () => put(id, HAPPENED)));
    expect(new Set(answers.map((answer) => answer.id)).size).toBe(1);
    const different = await Promise.all(['a', 'b', 'c', 'd'].map((note) => put(id, { ...HAPPENED, note })));
    expect(different.map(({ revision }) => revision).sort()).toEqual([2, 3, 4, 5]);
    expect(await eventsOf(id)).toHaveLength(5);
  });

  it('of several rows is that of the row named', async () => {
    const id = await predicted({ inputs: [PATIENT, PATIENT, PATIENT] });
    expect(await refused(id)).toEqual([409, 'PREDICTION_OF_SEVERAL_ROWS']);
    const last = await put(`${id}/rows/2`, HAPPENED);
    const first = await put(`${id}/rows/0`, { ...HAPPENED, label: 'no-risk' });
    expect((await read<PredictionDetailDto>(id)).outcomes).toEqual([first, null, last]);
    expect((await read<PredictionRowDto>(`${id}/rows/1`)).outcome).toBeNull();
    const history = await read<Page<OutcomeDto>>(`${id}/outcomes?limit=1`);
    expect(history.data).toEqual([first]);
    expect(await read(`${id}/outcomes?limit=1&cursor=${history.nextCursor}`)).toEqual({
      data: [last],
      nextCursor: null,
    });
    expect(await read(`${id}/outcomes?row=2`)).toEqual({ data: [last], nextCursor: null });
    expect(await read(`${id}/outcomes?row=7`)).toEqual({ data: [], nextCursor: null });
  });

  it('of a regression is a value', async () => {
    const id = await predicted({ input: tinyRow().row }, 'tiny');
    expect(await put(id, { value: 7.25, observedAt: OBSERVED })).toMatchObject({ value: 7.25, revision: 1 });
    expect(await put(id, { value: 0, observedAt: OBSERVED })).toMatchObject({ value: 0, revision: 2 });
    expect(await refused(id, HAPPENED)).toEqual([
      422,
      'INVALID_REQUEST',
      '/label goes with classifiers; this model answers a value',
      '/value is missing',
    ]);
    expect(await refused(id, { value: null, observedAt: OBSERVED })).toEqual([
      422,
      'INVALID_REQUEST',
      '/value is missing',
    ]);
  });

  it('may have been observed before the prediction, but not in the future', async () => {
    const id = await predicted({ input: PATIENT });
    expect(await put(id, { ...HAPPENED, observedAt: '1987-05-04' })).toMatchObject({
      observedAt: '1987-05-04T00:00:00.000Z',
    });
    expect(await put(id, { ...HAPPENED, observedAt: new Date().toISOString() })).toMatchObject({ revision: 2 });
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
    for (const [observedAt, fault] of [
      [tomorrow, 'must not be in the future'],
      ['0202-01-31T10:00:00Z', 'must not be before 1900'],
    ])
      expect(await refused(id, { ...HAPPENED, observedAt })).toEqual([422, 'INVALID_REQUEST', `/observedAt ${fault}`]);
  });

  it.each<[string, unknown, string[]]>([
    ['another class', { ...HAPPENED, label: 'death' }, ['/label']],
    ['no class', { observedAt: OBSERVED }, ['/label']],
    ['a value where there are classes', { ...HAPPENED, value: 1 }, ['/value']],
    ['no time', { label: 'risk' }, ['/observedAt']],
    ['a time without an offset', { ...HAPPENED, observedAt: '2026-01-31T10:00:00' }, ['/observedAt']],
    ['a class that is a number', { ...HAPPENED, label: 1 }, ['/label', '/label']],
    ['a long note', { ...HAPPENED, note: 'x'.repeat(2_001) }, ['/note']],
    ['an empty note', { ...HAPPENED, note: '' }, ['/note']],
    ['what cannot be recorded', { ...HAPPENED, note: 'a\0b' }, ['/note']],
    ['an unknown field', { ...HAPPENED, severity: 3 }, ['/severity']],
    ['two faults', { label: 'death', value: 3, observedAt: '2999-01-01' }, ['/value', '/label', '/observedAt']],
    ['an inherited name', { ...HAPPENED, label: 'constructor' }, ['/label']],
    ['nothing', {}, ['/observedAt']],
  ])('is refused with %s', async (_, body, pointers) => {
    const id = await predicted({ input: PATIENT });
    const [status, code, ...faults] = await refused(id, body);
    expect([status, code, faults.map((fault) => String(fault).split(' ')[0])]).toEqual([
      422,
      'INVALID_REQUEST',
      pointers,
    ]);
    expect(await eventsOf(id)).toEqual([]);
  });
});

describe('who records outcomes', () => {
  it('is the owner of the prediction or an administrator, and it is on record which', async () => {
    const id = await predicted({ input: PATIENT });
    const [other, publisher, auditor, admin] = [
      await server.user(),
      await server.user({ role: 'publisher' }),
      await server.user({ role: 'auditor' }),
      await server.user({ role: 'admin' }),
    ];
    for (const by of [other, publisher]) expect(await refused(id, HAPPENED, by)).toEqual([404, 'PREDICTION_NOT_FOUND']);
    expect(await refused(id, HAPPENED, auditor)).toEqual([403, 'FORBIDDEN']);
    expect(await put(id, HAPPENED, admin)).toMatchObject({ userId: admin.id });
    expect(await eventsOf(id)).toMatchObject([{ actor_id: admin.id, action: 'prediction.outcome-recorded' }]);
  });

  it('is told that there is no such prediction or row', async () => {
    const id = await predicted({ input: PATIENT });
    for (const path of [newId(), 'x', '%00', `${id}/rows/1`, `${id}/rows/-1`, `${id}/rows/01`, `${newId()}/rows/0`])
      expect(await refused(path), path).toEqual([404, 'PREDICTION_NOT_FOUND']);
  });

  it('and who reads them: others’ leave a trace', async () => {
    const id = await predicted({ input: PATIENT });
    await put(id, HAPPENED);
    const [other, auditor] = [await server.user(), await server.user({ role: 'auditor' })];
    expect((await server.get(other, `/v1/predictions/${id}/outcomes`)).statusCode).toBe(404);
    expect((await read<Page<OutcomeDto>>(`${id}/outcomes`, auditor)).data).toHaveLength(1);
    expect((await eventsOf(id)).slice(1)).toMatchObject([
      { actor_id: auditor.id, action: 'prediction.read-by-other', details: { owner: user.id } },
    ]);
    for (const path of [newId(), 'x'])
      expect((await server.get(user, `/v1/predictions/${path}/outcomes`)).statusCode).toBe(404);
    for (const query of ['row=-1', 'row=x', 'cursor=zzz', 'other=1'])
      expect((await server.get(user, `/v1/predictions/${id}/outcomes?${query}`)).statusCode, query).toBe(422);
  });
});

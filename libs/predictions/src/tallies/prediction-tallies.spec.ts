/** Sums over the record: each prediction is in them once, whoever counts, and whatever happens meanwhile. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SYSTEM } from '#audit';
import { ModelRegistration } from '#models';
import { idFloor, newId } from '#platform';
import { asOwner } from '../../../../test/setup/as-owner.js';
import { ownDatabase } from '../../../../test/setup/database.js';
import { PROVENANCE, predictionRecord } from '../../../../test/setup/prediction-record.js';
import { startPredictionServer, type PredictionServer } from '../../../../test/setup/prediction-server.js';
import { openRecord, type RecordWriters } from '../../../../test/setup/record.js';
import { writeVersion } from '../../../../test/setup/version-folder.js';
import { eraseSubject } from '../record/erasure.js';
import type { PredictionRecord } from '../record/prediction-record.js';
import { withId, type Provenance } from '../record/provenance.js';
import { dropMonth } from '../record/retention.js';
import { PredictionTallies } from './prediction-tallies.js';

const database = await ownDatabase();
let server: PredictionServer;
/** Two replicas, which count from the same record. */
let one: PredictionTallies;
let other: PredictionTallies;
let replica: PredictionServer;
let writers: RecordWriters;
let owner: pg.Client;
const folder = mkdtempSync(join(tmpdir(), 'latido-tallies-spec-'));

beforeAll(async () => {
  server = await startPredictionServer(database, { MODELS_DIR: folder });
  replica = await startPredictionServer(database, { MODELS_DIR: folder });
  [one, other] = [server.app.get(PredictionTallies), replica.app.get(PredictionTallies)];
  // What they do by themselves ends: the tests say when there is counting.
  for (const tallies of [one, other]) await tallies.beforeApplicationShutdown();
  writers = await openRecord(database);
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
});
afterAll(async () => {
  await owner.end();
  await writers.close();
  await replica.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

function idAt(time: string): string {
  return idFloor(new Date(time)).slice(0, 24) + randomBytes(6).toString('hex');
}

function rowOf(score: number, subject?: string): string {
  const label = score >= 0.5 ? 'risk' : 'no-risk';
  return JSON.stringify({ subject, input: { scores: [9], note: '"scores":[8]' }, scores: [score], label });
}

type Change = Parameters<typeof predictionRecord>[0] & object;

/** Recorded by a model that is the test's own, and so is what is counted of it. */
async function record(model: string, change: Change = {}, by = writers): Promise<PredictionRecord> {
  const provenance = await (provenances.get(model) ?? register(model));
  const entry = predictionRecord({ provenance, rows: [rowOf(0.75)], labels: ['risk'], ...change });
  await by.recorder.record(entry);
  return entry;
}

const provenances = new Map<string, Promise<Provenance>>();

function register(model: string): Promise<Provenance> {
  const registered = (async () => {
    await server.app.get(ModelRegistration).addFolder(writeVersion(folder, model, '1.0.0'), SYSTEM);
    const { rows } = await owner.query<{ id: string }>('SELECT id FROM model_versions WHERE model_name = $1', [model]);
    return withId({ ...PROVENANCE, modelName: model, versionId: rows[0]!.id });
  })();
  provenances.set(model, registered);
  return registered;
}

/** As if it had been recorded then. */
async function recordAt(time: string, model: string, change: Change = {}): Promise<void> {
  const { id } = await record(model, { ...change, id: idAt(time) });
  await owner.query(
    'UPDATE audit_batches AS b SET sealed_at = $2 FROM predictions AS p WHERE p.id = $1 AND b.shard = p.shard AND b.seq = p.seq',
    [id, time],
  );
}

interface Sums {
  readonly day: string;
  readonly source: string;
  readonly predictions: number;
  readonly rows: number;
  readonly labels: Record<string, number>;
  readonly scoreSum: number;
}

async function sums(model: string): Promise<Sums[]> {
  const { rows } = await owner.query<Sums>(
    `SELECT day::text, source, predictions::int, rows::int, labels, score_sum AS "scoreSum" FROM prediction_days
      WHERE model_name = $1 ORDER BY day, source`,
    [model],
  );
  return rows;
}

/** Until nothing is left. */
async function countAll(tallies = one): Promise<void> {
  await expect.poll(() => tallies.step(), { interval: 1, timeout: 5_000 }).toBe('nothing left');
}

describe('predictions that are counted', () => {
  it('are in the sums of their UTC day', async () => {
    for (const time of ['2026-03-01T23:59:59.999Z', '2026-03-02T00:00:00.000Z', '2026-03-02T23:59:59.999Z'])
      await recordAt(time, 'days', { rows: [rowOf(0.75), rowOf(0.25)], labels: ['risk', 'no-risk'] });
    await countAll();
    const labels = (rows: number): object => ({ risk: rows, 'no-risk': rows });
    expect(await sums('days')).toEqual([
      { day: '2026-03-01', source: 'request', predictions: 1, rows: 2, labels: labels(1), scoreSum: 1 },
      { day: '2026-03-02', source: 'request', predictions: 2, rows: 4, labels: labels(2), scoreSum: 2 },
    ]);
  });

  it('are counted once by two replicas that count at the same time', async () => {
    const records = Array.from({ length: 60 }, () => record('both'));
    const counting = Promise.all([one, other, one, other].map((tallies) => countAll(tallies)));
    await Promise.all(records);
    await counting;
    await Promise.all([countAll(one), countAll(other)]);
    expect(await sums('both')).toMatchObject([{ predictions: 60, rows: 60, labels: { risk: 60 }, scoreSum: 45 }]);
  });

  it('are counted once where a step fails at its end', async () => {
    await countAll();
    await record('crash');
    await owner.query('ALTER TABLE tallied_chains ADD CONSTRAINT stands CHECK (seq < 0) NOT VALID');
    await expect(one.step()).rejects.toThrow('stands');
    expect(await sums('crash')).toEqual([]);
    await owner.query('ALTER TABLE tallied_chains DROP CONSTRAINT stands');
    await countAll(other);
    expect(await sums('crash')).toMatchObject([{ predictions: 1 }]);
  });

  it('may be committed after later ones of another process, and may have waited for long', async () => {
    const late = await openRecord(database);
    await record('late');
    await record('late', {}, late);
    await countAll();
    const tenMinutesAgo = new Date(Date.now() - 600_000).toISOString();
    await record('late', { id: idAt(tenMinutesAgo) }, late);
    await countAll();
    await late.close();
    expect((await sums('late')).reduce((sum, { predictions }) => sum + predictions, 0)).toBe(3);
  });

  it('have no score where no version says what the scores mean', async () => {
    await record('unknown', { provenance: withId({ ...PROVENANCE, modelName: 'unknown' }) });
    await countAll();
    expect(await sums('unknown')).toMatchObject([{ rows: 1, labels: { risk: 1 }, scoreSum: 0 }]);
    const { rows } = await owner.query('SELECT score, scored_rows::int FROM prediction_days WHERE model_name = $1', [
      'unknown',
    ]);
    expect(rows).toEqual([{ score: null, scored_rows: 0 }]);
  });

  it('are counted in several steps where they are many', async () => {
    await countAll();
    const labels = new Array<string>(12_000).fill('risk');
    for (let prediction = 0; prediction < 2; prediction += 1)
      await record('many', { rows: labels.map(() => rowOf(0.75)), labels });
    expect(await one.step()).toBe('counted');
    expect(await sums('many')).toMatchObject([{ predictions: 1, rows: 12_000 }]);
    await countAll();
    expect(await sums('many')).toMatchObject([{ predictions: 2, rows: 24_000, labels: { risk: 24_000 } }]);
  });
});

describe('patients who are erased', () => {
  const erase = (subject: string): Promise<unknown> =>
    asOwner(database, (manager) => eraseSubject(manager, writers.trail, { subject }));

  it('are rows without an answer where they were not counted yet, and stay in the sums of the day where they were', async () => {
    const rows = [rowOf(0.75, 'P-1'), rowOf(0.25, 'P-2')];
    await record('erased', { rows, subjects: ['P-1', 'P-2'], labels: ['risk', 'no-risk'] });
    await erase('P-1');
    await countAll();
    const counted = [{ predictions: 1, rows: 2, labels: { 'no-risk': 1 }, scoreSum: 0.25 }];
    expect(await sums('erased')).toMatchObject(counted);
    await erase('P-2');
    await countAll();
    expect(await sums('erased')).toMatchObject(counted);
  });

  it('take back the sums of their file, also for what is counted of it later', async () => {
    const admissionId = newId();
    const file = async (): Promise<object> =>
      (
        await owner.query<object>(
          'SELECT erased, predictions::int, rows::int, labels, scored_rows::int, score_sum FROM scored_files WHERE admission_id = $1',
          [admissionId],
        )
      ).rows[0]!;
    await owner.query(
      `INSERT INTO scored_files (admission_id, kind, model_name, version) VALUES ($1, 'stream', 'file', '1.0.0')`,
      [admissionId],
    );
    await record('file', { admissionId, rows: [rowOf(0.75, 'P-3')], subjects: ['P-3'] });
    await countAll();
    expect(await file()).toMatchObject({ erased: false, rows: 1, labels: { risk: 1 }, score_sum: 0.75 });
    expect(await sums('file')).toMatchObject([{ source: 'file', rows: 1 }]);
    await erase('P-3');
    await record('file', { admissionId, rows: [rowOf(0.75, 'P-4')], subjects: ['P-4'] });
    await countAll();
    expect(await file()).toEqual({ erased: true, predictions: 2, rows: 2, labels: {}, scored_rows: 0, score_sum: 0 });
    expect(await sums('file')).toMatchObject([{ source: 'file', rows: 2, labels: { risk: 2 } }]);
  });

  it('are not counted while they are being erased', async () => {
    await record('waits', { rows: [rowOf(0.75, 'P-5')], subjects: ['P-5'] });
    await asOwner(database, async (manager) => {
      await eraseSubject(manager, writers.trail, { subject: 'P-5' });
      expect(await one.step()).toBe('busy');
    });
    await countAll();
    expect(await sums('waits')).toMatchObject([{ rows: 1, labels: {} }]);
  });
});

it('a month that was dropped is passed over', async () => {
  await recordAt('2025-01-10T12:00:00Z', 'dropped');
  await asOwner(database, (manager) => dropMonth(manager, writers.trail, 'earlier'));
  await record('kept');
  await countAll();
  expect(await sums('dropped')).toEqual([]);
  expect(await sums('kept')).toMatchObject([{ predictions: 1 }]);
});

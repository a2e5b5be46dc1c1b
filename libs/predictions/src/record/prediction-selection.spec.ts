/** Pages of predictions cost what is on them, however many are newer. */
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDataSource, newId } from '#platform';
import { ownDatabase } from '../../../../test/setup/database.js';
import { manyPredictions } from '../../../../test/setup/many-predictions.js';
import { PredictionRepository } from './prediction.repository.js';
import { selectedBy, type PredictionSelection } from './prediction-selection.js';
import { ProvenanceRepository } from './provenance.repository.js';

const database = await ownDatabase();
const dataSource = createDataSource({ url: database.url, poolSize: 1 });
const [replaced, inUse, earlier, later, few] = [newId(), newId(), newId(), newId(), newId()];
const beganMs = Date.now() - 400_000;
let owner: pg.Client;

beforeAll(async () => {
  await dataSource.initialize();
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  for (const [id, model] of [
    [replaced, 'replaced'],
    [inUse, 'in-use'],
  ])
    await owner.query(
      `INSERT INTO provenances (id, version_id, model_name, version, engine, engine_version, processor)
       VALUES ($1, $2, $3, '1.0.0', 'onnx', '1', 'p')`,
      [id, newId(), model],
    );
  await manyPredictions(owner, { provenanceId: replaced, userId: earlier, count: 40_000, beganMs });
  await manyPredictions(owner, { provenanceId: inUse, userId: later, count: 80_000, beganMs: beganMs + 100_000 });
  await manyPredictions(owner, { provenanceId: inUse, userId: few, count: 3, beganMs: beganMs + 200_000 });
  await owner.query('ANALYZE predictions');
});
afterAll(async () => {
  await owner.end();
  await dataSource.destroy();
});

/** When the predictions of a page were made, in milliseconds after the first. */
async function page(selection: PredictionSelection): Promise<number[]> {
  const repository = new PredictionRepository(dataSource, new ProvenanceRepository(dataSource));
  const { rows } = await repository.sizes(selection, 3);
  return rows.map(({ id }) => parseInt(id.replace('-', '').slice(0, 12), 16) - beganMs);
}

/** How many predictions Postgres reads for a page. */
async function readFor(selection: PredictionSelection, provenanceIds?: readonly string[]): Promise<number> {
  const values: unknown[] = [];
  const query = selectedBy(selection, provenanceIds, (value) => `$${values.push(value)}`)(3);
  const { rows } = await owner.query<{ 'QUERY PLAN': string }>(
    `EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, BUFFERS OFF) ${query}`,
    values,
  );
  const plan = rows.map((row) => row['QUERY PLAN']);
  const scanned = plan.flatMap(
    (line) => /Scan.* on predictions_.*rows=([\d.]+) loops=(\d+)/.exec(line)?.slice(1) ?? [],
  );
  const removed = plan.flatMap((line) => /Rows Removed by Filter: (\d+)/.exec(line)?.slice(1) ?? []);
  let read = removed.reduce((sum, count) => sum + Number(count), 0);
  for (let at = 0; at < scanned.length; at += 2) read += Number(scanned[at]) * Number(scanned[at + 1]);
  return read;
}

it('the newest predictions of a model that was replaced are found without reading those of its successor', async () => {
  expect(await page({ model: 'replaced' })).toEqual([40_000, 39_999, 39_998]);
  expect(await readFor({}, [replaced])).toBe(3);
});

it('the newest predictions of one user are found without reading those that others made since', async () => {
  expect(await page({ userId: earlier })).toEqual([40_000, 39_999, 39_998]);
  expect(await readFor({ userId: earlier })).toBe(3);
});

it('those of a user who has few are found among those of a model that is much used', async () => {
  expect(await page({ userId: few, model: 'in-use' })).toEqual([200_003, 200_002, 200_001]);
  expect(await readFor({ userId: few }, [inUse])).toBe(3);
});

it('a page goes on from another one, and keeps to its time', async () => {
  const [, , last] = await page({ model: 'in-use', to: new Date(beganMs + 150_001) });
  expect(last).toBe(149_998);
  const before = (ms: number): string => {
    const hex = (beganMs + ms).toString(16).padStart(12, '0');
    return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
  };
  expect(await page({ model: 'in-use', before: before(last!) })).toEqual([149_997, 149_996, 149_995]);
  expect(await page({ model: 'in-use', from: new Date(beganMs + 300_000) })).toEqual([]);
});

import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDataSource, newId } from '#platform';
import { ownDatabase } from '../../../../test/setup/database.js';
import { manyPredictions } from '../../../../test/setup/many-predictions.js';
import { LatencyRepository, NEWEST } from './latency.repository.js';

const database = await ownDatabase();
let owner: pg.Client;

beforeAll(async () => {
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
});
afterAll(() => owner.end());

it('the newest predictions of some provenances are found past many of others, which are not read', async () => {
  const [often, replaced, rare] = [newId(), newId(), newId()];
  const nowMs = Date.now();
  const userId = newId();
  await manyPredictions(owner, { provenanceId: replaced, userId, count: 20_000, beganMs: nowMs - 400_000 });
  await manyPredictions(owner, { provenanceId: rare, userId, count: 3, beganMs: nowMs - 300_000 });
  await manyPredictions(owner, { provenanceId: often, userId, count: 40_000, beganMs: nowMs - 200_000 });
  await owner.query('ANALYZE predictions');

  const dataSource = await createDataSource({ url: database.url, poolSize: 1 }).initialize();
  const found = await new LatencyRepository(dataSource).newest([rare, replaced], 5);
  await dataSource.destroy();
  const times = found.map(({ id }) => parseInt(id.replace('-', '').slice(0, 12), 16) - nowMs);
  expect(times).toEqual([-299_997, -299_998, -299_999, -380_000, -380_001]);

  for (const ids of [[rare], [replaced], [often, rare]]) {
    const { rows } = await owner.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${NEWEST}`, [ids, 5]);
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).toContain('provenance_id_id_idx');
    expect(plan).not.toMatch(/_pkey|Seq Scan on predictions_20/);
  }
});

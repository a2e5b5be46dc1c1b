/** The queue in a real Postgres, where nobody does its jobs. */
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DataSource } from 'typeorm';
import { ownDatabase } from '../../../../test/setup/database.js';
import { loadConfig } from '../config/config.js';
import { createDataSource } from '../database/data-source.js';
import { newId } from '../ids.js';
import { Jobs } from './jobs.js';

const database = await ownDatabase();
let dataSource: DataSource;
let jobs: Jobs;

beforeAll(async () => {
  dataSource = await createDataSource({ url: database.url, poolSize: 2 }, { entities: [] }).initialize();
  jobs = new Jobs(dataSource, loadConfig({ JOBS: 'worker' }, tmpdir()));
});
afterAll(async () => {
  await jobs.beforeApplicationShutdown();
  await dataSource.destroy();
});

it('a job that waits stands in the queue once, however often it is sent, and can be sent again once it is begun', async () => {
  const id = newId();
  const count = async (): Promise<number> =>
    (
      await dataSource.query<{ n: number }[]>(`SELECT count(*)::int AS n FROM pgboss.job WHERE singleton_key = $1`, [
        id,
      ])
    )[0]!.n;
  for (let time = 0; time < 3; time += 1) {
    await jobs.send('batches', id);
    // As if it were long ago.
    await dataSource.query(
      `UPDATE pgboss.job SET singleton_on = singleton_on - interval '1 hour' WHERE singleton_key = $1`,
      [id],
    );
  }
  expect(await count()).toBe(1);
  await dataSource.query(`UPDATE pgboss.job SET state = 'active' WHERE singleton_key = $1`, [id]);
  await jobs.send('batches', id);
  expect(await count()).toBe(2);
});

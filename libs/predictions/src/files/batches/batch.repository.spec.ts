/** Batches that wait, on a database where nobody does them. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DataSource } from 'typeorm';
import { createDataSource, newId } from '#platform';
import { ownDatabase } from '../../../../../test/setup/database.js';
import { BatchEntity, BatchInputEntity, BatchResultEntity } from './batch.entities.js';
import { BatchRepository, type NewBatch } from './batch.repository.js';

const database = await ownDatabase();
let dataSource: DataSource;
let batches: BatchRepository;

beforeAll(async () => {
  const entities = [BatchEntity, BatchInputEntity, BatchResultEntity];
  dataSource = await createDataSource({ url: database.url, poolSize: 2 }, { entities }).initialize();
  batches = new BatchRepository(dataSource);
});
afterAll(() => dataSource.destroy());

async function queue(change: Partial<NewBatch> = {}): Promise<string> {
  const id = newId();
  await batches.create({
    id,
    userId: newId(),
    apiKeyId: null,
    admissionId: newId(),
    requestId: 'r-1',
    modelName: 'cardiac-risk',
    version: '1.0.0',
    versionId: newId(),
    charset: null,
    onError: 'continue',
    expiresAt: new Date(Date.now() + 60_000),
    ...change,
  });
  await batches.queue(id, 1);
  return id;
}

it('the oldest of the batches that wait are found, those that a process has lost among them', async () => {
  const [first, second, third] = [await queue(), await queue(), await queue()];
  await batches.claim(first, newId());
  expect(await batches.waiting(5)).toEqual([second, third]);
  await dataSource.query(`UPDATE batches SET lease_until = now() - interval '1 second' WHERE id = $1`, [first]);
  expect(await batches.waiting(2)).toEqual([first, second]);
});

it('a list is of one user, newest first, and leaves out what is being received and what is over', async () => {
  const userId = newId();
  const [first, second] = [await queue({ userId }), await queue({ userId, modelName: 'penguins' })];
  const others = await queue();
  await queue({ userId, expiresAt: new Date(Date.now() - 1) });
  const receiving = await queue({ userId });
  await dataSource.query(`UPDATE batches SET status = 'receiving' WHERE id = $1`, [receiving]);
  const third = await queue({ userId });
  await batches.cancel(third);
  const ids = async (selection: Parameters<typeof batches.select>[0], count = 10): Promise<string[]> =>
    (await batches.select(selection, count)).map(({ id }) => id);
  expect(await ids({ userId })).toEqual([third, second, first]);
  expect(await ids({ userId }, 2)).toEqual([third, second]);
  expect(await ids({ userId, before: second })).toEqual([first]);
  expect(await ids({ userId, model: 'penguins' })).toEqual([second]);
  expect(await ids({ userId, status: 'cancelled' })).toEqual([third]);
  expect(await ids({}, 3)).toEqual([third, others, second]);
});

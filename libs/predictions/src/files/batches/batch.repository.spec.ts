/** Batches that wait, on a database where nobody does them. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DataSource } from 'typeorm';
import { createDataSource, newId } from '#platform';
import { ownDatabase } from '../../../../../test/setup/database.js';
import { BatchEntity, BatchInputEntity, BatchResultEntity } from './batch.entities.js';
import { BatchRepository } from './batch.repository.js';

const database = await ownDatabase();
let dataSource: DataSource;
let batches: BatchRepository;

beforeAll(async () => {
  const entities = [BatchEntity, BatchInputEntity, BatchResultEntity];
  dataSource = await createDataSource({ url: database.url, poolSize: 2 }, { entities }).initialize();
  batches = new BatchRepository(dataSource);
});
afterAll(() => dataSource.destroy());

async function queue(): Promise<string> {
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

import { expect, it } from 'vitest';
import { createDataSource } from '#platform';
import { User } from '#users';
import { ownDatabase } from '../../../test/setup/database.js';
import { IdempotencyKey } from './idempotency-key.entity.js';
import { Prediction } from './prediction.entity.js';

const database = await ownDatabase();

it('the entities agree with the migrations', async () => {
  const dataSource = await createDataSource(
    { url: database.ownerUrl, poolSize: 2 },
    { entities: [Prediction, IdempotencyKey, User] },
  ).initialize();
  const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
  await dataSource.destroy();
  expect(upQueries.map(({ query }) => query).filter((query) => /predictions|idempotency_keys/.test(query))).toEqual([]);
});

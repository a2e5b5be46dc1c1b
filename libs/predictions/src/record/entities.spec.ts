import { expect, it } from 'vitest';
import { createDataSource } from '#platform';
import { User } from '#users';
import { ownDatabase } from '../../../../test/setup/database.js';
import { BatchEntity, BatchInputEntity, BatchResultEntity } from '../files/batches/batch.entities.js';
import { OutcomeEntity } from '../outcomes/outcome.entity.js';
import { IdempotencyKey } from './idempotency-key.entity.js';
import { PredictionDayEntity, ScoredFileEntity, TalliedChainEntity } from '../tallies/tally.entities.js';
import {
  PredictionContentEntity,
  PredictionEntity,
  PredictionSubjectEntity,
  ProvenanceEntity,
} from './record.entities.js';

const database = await ownDatabase();

it('the entities agree with the migrations', async () => {
  const dataSource = await createDataSource(
    { url: database.ownerUrl, poolSize: 2 },
    {
      entities: [
        BatchEntity,
        BatchInputEntity,
        BatchResultEntity,
        PredictionContentEntity,
        PredictionEntity,
        PredictionSubjectEntity,
        ProvenanceEntity,
        IdempotencyKey,
        OutcomeEntity,
        PredictionDayEntity,
        ScoredFileEntity,
        TalliedChainEntity,
        User,
      ],
    },
  ).initialize();
  const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
  await dataSource.destroy();
  expect(
    upQueries
      .map(({ query }) => query)
      .filter((query) =>
        /prediction|scored_files|tallied_chains|provenances|idempotency_keys|outcomes|batch(es|_inputs|_results)/.test(
          query,
        ),
      ),
  ).toEqual([]);
});

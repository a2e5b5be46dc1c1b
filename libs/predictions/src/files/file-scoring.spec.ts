/** What of a file is recorded, counted and handed out where it fails half-way. */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ModelCatalogue } from '#models';
import { newId } from '#platform';
import { RowBudget } from '#subscriptions';
import { ownDatabase } from '../../../../test/setup/database.js';
import { startPredictionServer, type PredictionServer } from '../../../../test/setup/prediction-server.js';
import { PredictionRecorder } from '../record/prediction-recorder.js';
import { FileScoring, type FileJob } from './file-scoring.js';

const HEADER = 'cholesterol,systolicPressure,glucose,age,overweight,smoker';
const ROW = '2.45,1.35,1.75,68,0,0';

const database = await ownDatabase();
let server: PredictionServer;

beforeAll(async () => {
  server = await startPredictionServer(database);
  const owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  await owner.query(`UPDATE plans SET rows_per_day = 2500 WHERE name = 'SMALL'`);
  await owner.end();
});
afterAll(() => server.close());

async function run(
  rows: number,
  record: (write: () => Promise<unknown>, number: number) => Promise<unknown>,
): Promise<{ failure: unknown; recorded: number; delivered: number; counted: number }> {
  const user = await server.user({ plan: 'SMALL' });
  let [recorded, delivered] = [0, 0];
  const job: FileJob = {
    origin: {
      principal: { userId: user.id, apiKeyId: null, role: 'user', mustChangePassword: false },
      requestId: 'r-1',
      admission: { id: newId() },
    },
    serving: await server.app.get(ModelCatalogue).serving('cardiac-risk', undefined, 'user'),
    source: [Buffer.from(`${HEADER}\n${`${ROW}\n`.repeat(rows)}`)] as unknown as AsyncIterable<Buffer>,
    charset: undefined,
    onHeader: () => undefined,
    record: (chunk) =>
      record(async () => {
        const done = await server.app.get(PredictionRecorder).record(chunk.record!);
        if (done) recorded += chunk.rows;
        return done;
      }, chunk.number),
    deliver: async (chunk) => void (delivered += chunk.rows),
  };
  const failure = await server.app
    .get(FileScoring)
    .run(job)
    .catch((error: unknown) => error);
  await sleep(300);
  return { failure, recorded, delivered, counted: await server.app.get(RowBudget).rowsToday(user.id) };
}

describe('a file that fails half-way', () => {
  it('because no rows of the day are left hands out all that was recorded', async () => {
    const { failure, recorded, delivered, counted } = await run(5_000, async (write) => {
      await sleep(200);
      return write();
    });
    expect(failure).toMatchObject({ kind: { code: 'ROW_BUDGET_EXCEEDED' } });
    expect(recorded).toBeGreaterThan(1_000);
    expect(delivered).toBe(recorded);
    expect(counted).toBe(recorded);
  });

  it.each([
    ['cannot be recorded', () => Promise.reject(new Error('away'))],
    ['is not to be recorded', () => Promise.resolve(false)],
  ])('because a chunk %s gives the rows back that are not', async (_, refuse) => {
    const { recorded, counted } = await run(2_400, (write, number) => (number === 1 ? refuse() : write()));
    expect(recorded).toBeLessThan(2_400);
    expect(counted).toBe(recorded);
  });
});

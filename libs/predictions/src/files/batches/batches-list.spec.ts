/** Which batches whoever asks is told of. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Page, ProblemDto } from '#platform';
import { ownDatabase } from '../../../../../test/setup/database.js';
import {
  startPredictionServer,
  type PredictionServer,
  type TestUser,
} from '../../../../../test/setup/prediction-server.js';
import type { BatchDto } from './batches.dto.js';

const database = await ownDatabase();
let server: PredictionServer;

beforeAll(async () => {
  server = await startPredictionServer(database);
});
afterAll(() => server.close());

const FILE = 'cholesterol,systolicPressure,glucose,age,overweight,smoker\n2.45,1.35,1.75,68,0,0\nx,1.35,1.75,68,0,0\n';

/** Of a batch that has ended. */
async function scored(user: TestUser, query = ''): Promise<string> {
  const answer = await server.sendTo(user, `/v1/models/cardiac-risk/batches${query}`, FILE, {
    'content-type': 'text/csv',
  });
  expect(answer.statusCode, answer.body).toBe(202);
  const { id } = answer.json<BatchDto>();
  await server.get(user, `/v1/batches/${id}/events`);
  return id;
}

async function list(user: TestUser, query = ''): Promise<Page<BatchDto>> {
  const answer = await server.get(user, `/v1/batches${query}`);
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json<Page<BatchDto>>();
}

const ids = ({ data }: Page<BatchDto>): string[] => data.map(({ id }) => id);

it('one’s own are listed as they are read one by one, newest first, a page at a time', async () => {
  const user = await server.user();
  const made = [await scored(user), await scored(user, '?onError=abort'), await scored(user)];
  const first = await list(user, '?limit=2');
  expect(ids(first)).toEqual([made[2], made[1]]);
  expect(first.data[0]).toEqual((await server.get(user, `/v1/batches/${made[2]}`)).json());
  expect(first.data[0]).toMatchObject({ userId: user.id, status: 'succeeded', rowsDone: 2, rowsRejected: 1 });
  const second = await list(user, `?limit=2&cursor=${first.nextCursor}`);
  expect([ids(second), second.nextCursor]).toEqual([[made[0]], null]);
  expect(ids(await list(user, '?status=failed'))).toEqual([made[1]]);
  expect(ids(await list(user, '?model=cardiac-risk&status=succeeded'))).toEqual([made[2], made[0]]);
  expect(ids(await list(user, '?model=penguins'))).toEqual([]);
});

it('users and publishers see nobody else’s; auditors and administrators see whose each is', async () => {
  const user = await server.user();
  const id = await scored(user);
  for (const role of ['user', 'publisher'] as const) expect(ids(await list(await server.user({ role })))).toEqual([]);
  for (const role of ['auditor', 'admin'] as const) {
    const { data } = await list(await server.user({ role }), '?limit=1');
    expect(data).toMatchObject([{ id, userId: user.id }]);
  }
});

it.each(['?status=receiving', '?status=', '?model=%00', '?limit=0', '?cursor=zzz', '?userId=me'])(
  'refuses %s',
  async (query) => {
    const answer = await server.get(await server.user(), `/v1/batches${query}`);
    expect([answer.statusCode, answer.json<ProblemDto>().code]).toEqual([422, 'INVALID_REQUEST']);
  },
);

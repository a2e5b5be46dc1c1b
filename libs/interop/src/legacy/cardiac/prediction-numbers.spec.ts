import { beforeAll, describe, expect, it, vi } from 'vitest';
import { createDataSource, newId, pool } from '#platform';
import { accountsDatabase, type AccountsServer, type Session } from '../../../../../test/setup/accounts-server.js';
import { asOwner } from '../../../../../test/setup/as-owner.js';
import { AT_RISK, CARDIAC, CardiacClient } from '../../../../../test/setup/cardiac-client.js';
import { givePlan, startLegacyServer } from '../../../../../test/setup/legacy-server.js';
import { PredictionNumber } from './prediction-number.entity.js';
import { PredictionNumbers } from './prediction-numbers.js';

const database = await accountsDatabase();
let server: AccountsServer;
let replica: AccountsServer;
let administrator: Session;

beforeAll(async () => {
  server = await startLegacyServer(database, ['cardiac']);
  replica = await startLegacyServer(database, ['cardiac']);
  administrator = await server.administrator();
});

describe('the numbers', () => {
  it('are distinct and without gaps, however many predictions come at once and wherever', async () => {
    const client = await CardiacClient.registered(server);
    await givePlan(server, client.userId, 'PREMIUM', administrator);
    // Each replica signs tokens by itself here; keys they share.
    const token = await client.apiKey();
    const sent = Array.from({ length: 20 }, (_, index) =>
      (index % 2 === 0 ? server : replica).request({
        method: 'POST',
        url: `${CARDIAC}/premium/predict`,
        payload: { nombre: `P-${index}`, ...AT_RISK },
        token,
      }),
    );
    const answers = await Promise.all(sent);
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    const expected = Array.from({ length: 20 }, (_, index) => String(index + 1));
    expect(answers.map(({ body }) => body.id as string).sort((a, b) => Number(a) - Number(b))).toEqual(expected);
    // The number of an answer is that of the list: nobody has another's.
    const named = new Map(answers.map(({ body }) => [body.id as string, body.nombre as string]));
    const { body: listed } = await client.list('premium');
    expect(listed.map(({ id, nombre }: { id: string; nombre: string }) => [id, nombre])).toEqual(
      expected.map((id) => [id, named.get(id)]),
    );
  });

  it('of all who ask at once are given in few transactions over one connection, and to each its own', async () => {
    const numbers = server.app.get(PredictionNumbers);
    const users = Array.from({ length: 40 }, () => newId());
    const entered = users.flatMap((userId) => [1, 2, 3].map((number) => ({ userId, number, id: newId() })));
    await server.dataSource.query(
      `INSERT INTO legacy_prediction_numbers (prediction_id, user_id)
       SELECT * FROM unnest($1::uuid[], $2::uuid[])`,
      [entered.map(({ id }) => id), entered.map(({ userId }) => userId)],
    );
    const transactions = vi.spyOn(server.dataSource, 'transaction');
    // The other process' lock makes all of them wait.
    const other = replica.dataSource.createQueryRunner();
    await other.startTransaction();
    let asked: Promise<number>[];
    try {
      await other.query(`SELECT pg_advisory_xact_lock(hashtextextended('legacy prediction numbers:' || $1, 0))`, [
        users[7],
      ]);
      asked = entered.map(({ userId, id }) => numbers.numberOf(userId, id));
      const connections = pool(server.dataSource);
      await expect.poll(() => transactions.mock.calls.length).toBe(1);
      // Nobody else waits for a connection meanwhile. What the server writes by itself now and then may have one for a moment.
      expect((await server.get('/v1/me', administrator.accessToken)).status).toBe(200);
      expect(connections.waitingCount).toBe(0);
      await expect.poll(() => connections.totalCount - connections.idleCount).toBe(1);
    } finally {
      await other.commitTransaction();
      await other.release();
    }
    expect(await Promise.all(asked)).toEqual(entered.map(({ number }) => number));
    expect(transactions.mock.calls.length).toBeLessThanOrEqual(2);
    transactions.mockRestore();
  });

  it.each(['a list', 'a look at one', 'a prediction'])('are given by %s to what a crash left without', async (next) => {
    const client = await CardiacClient.registered(server);
    await client.predict({ nombre: 'first', ...AT_RISK });
    await client.predict({ nombre: 'second', ...AT_RISK });
    await client.predict({ nombre: 'third', ...AT_RISK });
    // As the process leaves it when it ends after the record was committed.
    await server.dataSource.query(
      'UPDATE legacy_prediction_numbers SET number = NULL WHERE user_id = $1 AND number > 1',
      [client.userId],
    );
    if (next === 'a look at one')
      expect((await client.call('GET', '/freemium/predictById/3')).body).toMatchObject({ id: '3', nombre: 'third' });
    if (next === 'a prediction') expect(await client.predict()).toMatchObject({ body: { id: '4' } });
    expect((await client.list()).body.slice(0, 3)).toMatchObject([
      { id: '1', nombre: 'first' },
      { id: '2', nombre: 'second' },
      { id: '3', nombre: 'third' },
    ]);
  });

  it('are entered with the record or not at all', async () => {
    const client = await CardiacClient.registered(server);
    await asOwner(database, (manager) =>
      manager.query('ALTER TABLE legacy_prediction_numbers ADD CONSTRAINT broken CHECK (user_id IS NULL) NOT VALID'),
    );
    try {
      expect(await client.predict()).toMatchObject({
        status: 503,
        body: { code: 503, status: 'Service Unavailable' },
      });
    } finally {
      await asOwner(database, (manager) =>
        manager.query('ALTER TABLE legacy_prediction_numbers DROP CONSTRAINT broken'),
      );
    }
    const { body } = await server.get('/v1/predictions', client.accessToken);
    expect(body.data).toEqual([]);
    expect(await client.predict()).toMatchObject({ status: 200, body: { id: '1' } });
  });

  it('are listed up to the newest thousand', async () => {
    const client = await CardiacClient.registered(server);
    await client.predict({ nombre: 'last', ...AT_RISK });
    // What stands before it was dropped from the record, so that it counts and is not shown.
    await server.dataSource.query('UPDATE legacy_prediction_numbers SET number = 1001 WHERE user_id = $1', [
      client.userId,
    ]);
    await server.dataSource.query(
      `INSERT INTO legacy_prediction_numbers (prediction_id, user_id, number)
       SELECT gen_random_uuid(), $1, n FROM generate_series(1, 1000) AS n`,
      [client.userId],
    );
    expect((await client.list()).body).toMatchObject([{ id: '1001', nombre: 'last' }]);
    expect((await client.call('GET', '/freemium/predictById/1000')).status).toBe(404);
    expect(await client.predict()).toMatchObject({ body: { id: '1002' } });
    await server.dataSource.query(
      'UPDATE legacy_prediction_numbers SET number = 5000 WHERE user_id = $1 AND number = 1',
      [client.userId],
    );
    expect((await client.list()).body).toHaveLength(2);
  });
});

it('their entity describes the table that the migrations make', async () => {
  const url = database.ownerUrl;
  const dataSource = await createDataSource({ url, poolSize: 1 }, { entities: [PredictionNumber] }).initialize();
  const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
  await dataSource.destroy();
  expect(upQueries.map(({ query }) => query)).toEqual([]);
});

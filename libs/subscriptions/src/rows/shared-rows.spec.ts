/** Row budgets of two replicas that count in one Redis, which comes and goes: a real one, on a real record. */
import { Logger } from '@nestjs/common';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newId, RedisConnection } from '#platform';
import { ownDatabase } from '../../../../test/setup/database.js';
import { recordRows } from '../../../../test/setup/recorded-rows.js';
import { redisInstalled, RedisServer } from '../../../../test/setup/redis.js';
import { SubscriptionsServer } from '../../../../test/setup/subscriptions-server.js';
import { RecordedUseRepository } from '../quota/recorded-use.repository.js';
import { DAY_MS } from './recorded-rows.js';
import type { RowReservation } from './row-counter.js';
import { SharedRows } from './shared-rows.js';

const database = await ownDatabase();
const server = await SubscriptionsServer.start(database.url);

describe.skipIf(!redisInstalled)('the row budget of two replicas', () => {
  let redis: RedisServer;
  let connections: RedisConnection[];
  let a: SharedRows;
  let b: SharedRows;
  let user: string;
  const day = Math.floor(Date.now() / DAY_MS);

  beforeAll(async () => {
    Logger.overrideLogger(false);
    redis = await RedisServer.start();
    connections = [1, 2].map(() => new RedisConnection({ url: redis.url, replicas: 2 }));
    [a, b] = connections.map((connection) => new SharedRows(connection, server.get(RecordedUseRepository))) as [
      SharedRows,
      SharedRows,
    ];
    await Promise.all(connections.map((connection) => connection.onApplicationBootstrap()));
  });
  afterAll(() => Promise.all(connections.map((connection) => connection.onApplicationShutdown())));
  beforeEach(() => {
    user = newId();
  });

  const take = async (replica: SharedRows, rows: number, rowsPerDay = 100): Promise<RowReservation | undefined> => {
    const taken = await replica.reserve(user, day, rows, rowsPerDay);
    return 'left' in taken ? undefined : taken;
  };
  const toBeUp = (expected: boolean): Promise<void> =>
    expect.poll(() => connections.map(({ up }) => up)).toEqual([expected, expected]);

  it('is exact: no more than the day has, of many requests that come at once, beginning from the record', async () => {
    await recordRows(server, user, 30);
    const taken = await Promise.all(Array.from({ length: 100 }, (_, index) => take(index % 2 ? a : b, 7)));
    expect(taken.filter(Boolean)).toHaveLength(10);
    expect([await a.used(user, day), await b.used(user, day)]).toEqual([100, 100]);
    b.release(taken.find(Boolean)!);
    await expect.poll(() => a.used(user, day)).toBe(93);
  });

  it("is each one's half of what the record leaves while Redis is away, and that of the record when it is back", async () => {
    await recordRows(server, user, 20);
    await take(a, 20);
    await recordRows(server, user, 20);
    await redis.kill();
    await toBeUp(false);
    expect(await take(a, 31)).toBeUndefined();
    expect(await take(a, 30)).toMatchObject({ rows: 30 });
    expect(await take(a, 1)).toBeUndefined();
    await recordRows(server, user, 30);
    expect(await take(b, 16)).toBeUndefined();
    expect(await take(b, 15)).toMatchObject({ rows: 15 });
    await recordRows(server, user, 15);
    expect(await a.used(user, day)).toBe(70);
    await redis.start();
    await toBeUp(true);
    expect([await a.used(user, day), await b.used(user, day)]).toEqual([85, 85]);
    expect(await take(b, 16)).toBeUndefined();
    expect(await take(b, 15)).toMatchObject({ rows: 15 });
  });

  it('begins from the record again after a Redis that hung, and hands rows back to the count they came from alone', async () => {
    const before = await take(a, 10);
    redis.pause();
    const during = await take(a, 20);
    expect(during).toMatchObject({ rows: 20 });
    await recordRows(server, user, 20);
    a.release(before!); // Redis cannot be told
    redis.resume();
    await toBeUp(true);
    expect(await b.used(user, day)).toBe(20);
    a.release(before!);
    a.release(during!);
    await take(b, 1);
    expect(await a.used(user, day)).toBe(21);
  });

  it('does not go by what the record would say when that cannot be read', async () => {
    const broken = new SharedRows(connections[0]!, {
      rowsSince: () => Promise.reject(new Error('no database')),
    } as unknown as RecordedUseRepository);
    await expect(broken.reserve(user, day, 1, 100)).rejects.toThrow('no database');
  });
});

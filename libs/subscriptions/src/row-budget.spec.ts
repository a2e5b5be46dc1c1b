import { beforeAll, describe, expect, it } from 'vitest';
import { DomainError, newId, type RunScript } from '#platform';
import { ownDatabase } from '../../../test/setup/database.js';
import { recordRows } from '../../../test/setup/recorded-rows.js';
import { redisInstalled, RedisServer } from '../../../test/setup/redis.js';
import { HandClock, SubscriptionsServer } from '../../../test/setup/subscriptions-server.js';
import { RecordedUseRepository } from './quota/recorded-use.repository.js';
import { RowBudget } from './row-budget.js';
import { LocalRows } from './rows/local-rows.js';
import { RedisRows } from './rows/redis-rows.js';
import type { RowCounter } from './rows/row-counter.js';

const database = await ownDatabase();
const server = await SubscriptionsServer.start(database.url);

const DAY_SECONDS = 86_400;

let redis: RunScript;

beforeAll(async () => {
  if (redisInstalled) redis = await (await RedisServer.start()).scripts();
});

const COUNTERS: { name: string; makeCounter: () => RowCounter; installed: boolean }[] = [
  {
    name: 'counted in this process',
    makeCounter: () => new LocalRows(server.get(RecordedUseRepository)),
    installed: true,
  },
  {
    name: 'counted in Redis',
    makeCounter: () => new RedisRows(server.get(RecordedUseRepository), redis),
    installed: redisInstalled,
  },
];

async function refusalOf(reserve: () => unknown): Promise<DomainError> {
  try {
    await reserve();
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error('was not refused');
}

for (const { name, makeCounter, installed } of COUNTERS)
  describe.skipIf(!installed)(`the row budget, ${name}`, () => {
    /** A budget of its own, as after a restart. */
    const startBudget = (): { budget: RowBudget; clock: HandClock } => {
      const clock = new HandClock();
      return { budget: new RowBudget(makeCounter(), clock), clock };
    };

    it('allows the rows of a day in any parts and refuses one more', async () => {
      const { budget } = startBudget();
      const user = newId();
      for (const rows of [40, 59, 1]) await budget.reserve(user, rows, 100);
      const refusal = await refusalOf(() => budget.reserve(user, 1, 100));
      expect(refusal.kind).toMatchObject({ code: 'ROW_BUDGET_EXCEEDED', status: 429 });
      expect(refusal.message).toBe('The plan allows 100 rows in a UTC day; 0 are left and the request has 1.');
    });

    it('takes nothing for a refused request, so that a smaller one still passes', async () => {
      const { budget } = startBudget();
      const user = newId();
      await budget.reserve(user, 90, 100);
      await refusalOf(() => budget.reserve(user, 11, 100));
      await budget.reserve(user, 10, 100);
      expect(await budget.rowsToday(user)).toBe(100);
    });

    it('is exact for requests that come together before the record was read', async () => {
      const { budget } = startBudget();
      const user = newId();
      await recordRows(server, user, 50);
      const outcomes = await Promise.allSettled(Array.from({ length: 20 }, async () => budget.reserve(user, 10, 100)));
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
    });

    it('begins a day from what is recorded since midnight UTC, of this user alone', async () => {
      const { budget, clock } = startBudget();
      const user = newId();
      await recordRows(server, user, 30);
      await recordRows(server, user, 12);
      await recordRows(server, newId(), 500);
      expect(await budget.rowsToday(user)).toBe(42);
      clock.moveSeconds(DAY_SECONDS);
      expect(await budget.rowsToday(user)).toBe(0);
      await budget.reserve(user, 100, 100);
    });

    it('gives rows back that were not recorded, but not to another day', async () => {
      const { budget, clock } = startBudget();
      const user = newId();
      const reservation = await budget.reserve(user, 60, 100);
      budget.release(reservation);
      expect(await budget.rowsToday(user)).toBe(0);
      const late = await budget.reserve(user, 60, 100);
      clock.moveSeconds(DAY_SECONDS);
      await budget.reserve(user, 70, 100);
      budget.release(late);
      expect(await budget.rowsToday(user)).toBe(70);
    });

    it('names the seconds until midnight UTC, after which the request passes', async () => {
      const { budget, clock } = startBudget();
      const user = newId();
      await budget.reserve(user, 100, 100);
      const refusal = await refusalOf(() => budget.reserve(user, 1, 100));
      const seconds = Number(refusal.extra.headers?.['retry-after']);
      const midnight = new Date(clock.now().getTime() + seconds * 1000);
      expect(midnight.toISOString()).toMatch(/T00:00:00\.\d{3}Z$/);
      clock.moveSeconds(seconds);
      await budget.reserve(user, 1, 100);
    });

    it('names no time for a request that is larger than a whole day', async () => {
      const { budget } = startBudget();
      const refusal = await refusalOf(() => budget.reserve(newId(), 101, 100));
      expect(refusal.extra.headers).toBeUndefined();
    });
  });

describe('the row budget of one process', () => {
  it('answers at once after the first use of the day', async () => {
    const budget = new RowBudget(new LocalRows(server.get(RecordedUseRepository)), new HandClock());
    const user = newId();
    expect(budget.reserve(user, 1, 100)).toBeInstanceOf(Promise);
    await budget.rowsToday(user);
    expect(budget.reserve(user, 1, 100)).toMatchObject({ userId: user, rows: 1 });
  });
});

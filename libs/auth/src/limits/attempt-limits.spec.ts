import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RunScript } from '#platform';
import { redisInstalled, RedisServer } from '../../../../test/setup/redis.js';
import { AttemptLimits } from './attempt-limits.js';
import type { AttemptStore } from './attempt-store.js';
import { LocalAttempts } from './local-attempts.js';
import { RedisAttempts } from './redis-attempts.js';

let redis: RunScript;
let stores = 0;

beforeAll(async () => {
  if (redisInstalled) redis = await (await RedisServer.start()).scripts();
});

/** Goes by the test's clock instead of Redis' own, in keys that no other store has. */
class TimedRedisAttempts extends RedisAttempts {
  constructor() {
    super(redis, `test ${(stores += 1)}:`);
  }

  protected override time(): string {
    return String(Date.now());
  }
}

const STORES: { name: string; makeStore: () => AttemptStore; installed: boolean }[] = [
  { name: 'counted in this process', makeStore: () => new LocalAttempts(), installed: true },
  { name: 'counted in Redis', makeStore: () => new TimedRedisAttempts(), installed: redisInstalled },
];

for (const { name, makeStore, installed } of STORES)
  describe.skipIf(!installed)(`attempts, ${name}`, () => {
    let limits: AttemptLimits;

    beforeEach(() => {
      vi.useFakeTimers({ toFake: ['Date'], now: new Date('2031-01-01T00:00:00Z') });
      limits = new AttemptLimits(makeStore());
    });
    afterEach(() => {
      vi.useRealTimers();
    });

    function pass(seconds: number): void {
      vi.setSystemTime(Date.now() + seconds * 1000);
    }

    /** Seconds to wait, or 0 when the attempt was let through (and failed). */
    async function fail(account: string, address: string): Promise<number> {
      try {
        await limits.admitSignIn(account, address);
        return 0;
      } catch (error) {
        return Number((error as { extra: { headers: Record<string, string> } }).extra.headers['retry-after']);
      }
    }

    describe('failed sign-ins of an account from an address', () => {
      it('are free five times, then wait 1, 2, 4 seconds and so on, up to five minutes', async () => {
        for (let attempt = 0; attempt < 5; attempt += 1) expect(await fail('ana', '192.0.2.1')).toBe(0);
        const waits: number[] = [];
        for (let attempt = 0; attempt < 10; attempt += 1) {
          const seconds = await fail('ana', '192.0.2.1');
          waits.push(seconds);
          pass(seconds);
          expect(await fail('ana', '192.0.2.1')).toBe(0);
        }
        expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300]);
      });

      it('are not prolonged by attempts that were refused', async () => {
        for (let attempt = 0; attempt < 8; attempt += 1) {
          pass(await fail('ana', '192.0.2.1'));
          await fail('ana', '192.0.2.1');
        }
        const first = await fail('ana', '192.0.2.1');
        for (let attempt = 0; attempt < 50; attempt += 1) expect(await fail('ana', '192.0.2.1')).toBe(first);
      });

      it('are forgotten when the owner signs in', async () => {
        for (let attempt = 0; attempt < 5; attempt += 1) await fail('ana', '192.0.2.1');
        pass(1);
        (await limits.admitSignIn('ana', '192.0.2.1')).succeeded();
        for (let attempt = 0; attempt < 5; attempt += 1) expect(await fail('ana', '192.0.2.1')).toBe(0);
      });

      it('count from their beginning, so that parallel guesses do not slip through', async () => {
        const waits = await Promise.all(Array.from({ length: 20 }, () => fail('ana', '192.0.2.1')));
        const admitted = waits.filter((seconds) => seconds === 0);
        expect(admitted).toHaveLength(5);
      });

      it('do not count when the password was never checked', async () => {
        for (let attempt = 0; attempt < 20; attempt += 1) (await limits.admitSignIn('ana', '192.0.2.1')).abandoned();
        expect(await fail('ana', '192.0.2.1')).toBe(0);
      });

      it('never keep the owner out at another address, however many addresses guess', async () => {
        for (let guesser = 0; guesser < 300; guesser += 1) {
          for (let attempt = 0; attempt < 5; attempt += 1) await fail('ana', `198.51.100.${guesser % 250}`);
          pass(1);
        }
        expect(await fail('ana', '192.0.2.1')).toBe(0);
      });

      it('are delayed sooner and longer once many addresses have guessed', async () => {
        for (let guesser = 0; guesser < 50; guesser += 1) await fail('ana', `198.51.100.${guesser}`);
        expect(await fail('ana', '192.0.2.1')).toBe(0);
        expect(await fail('ana', '192.0.2.1')).toBe(30);
        pass(30);
        expect(await fail('ana', '192.0.2.1')).toBe(0);
      });
    });

    describe('failed sign-ins from an address over all accounts', () => {
      it('wait once thirty have failed', async () => {
        for (let account = 0; account < 30; account += 1) expect(await fail(`user${account}`, '192.0.2.1')).toBe(0);
        expect(await fail('user99', '192.0.2.1')).toBe(1);
        expect(await fail('user99', '192.0.2.2')).toBe(0);
      });

      it('do not keep those out who have signed in from there before', async () => {
        (await limits.admitSignIn('ana', '192.0.2.1')).succeeded();
        for (let account = 0; account < 30; account += 1) await fail(`user${account}`, '192.0.2.1');
        expect(await fail('user99', '192.0.2.1')).toBeGreaterThan(0);
        expect(await fail('ana', '192.0.2.1')).toBe(0);
      });

      it("keep their delay when a guesser signs in to an account of the guesser's own", async () => {
        (await limits.admitSignIn('mallory', '192.0.2.1')).succeeded();
        for (let account = 0; account < 30; account += 1) await fail(`user${account}`, '192.0.2.1');
        (await limits.admitSignIn('mallory', '192.0.2.1')).succeeded();
        expect(await fail('user99', '192.0.2.1')).toBeGreaterThan(0);
      });
    });

    it('admits sixty sign-ins and thirty registrations a minute from an address', async () => {
      for (let attempt = 0; attempt < 60; attempt += 1)
        (await limits.admitSignIn(`user${attempt}`, '192.0.2.1')).succeeded();
      await expect(limits.admitSignIn('one more', '192.0.2.1')).rejects.toThrow(
        expect.objectContaining({ name: 'TOO_MANY_ATTEMPTS' }),
      );
      for (let attempt = 0; attempt < 30; attempt += 1) await limits.admitRegistration('192.0.2.1');
      await expect(limits.admitRegistration('192.0.2.1')).rejects.toThrow(
        expect.objectContaining({ extra: { headers: { 'retry-after': '60' } } }),
      );
      await limits.admitRegistration('192.0.2.2');
      pass(60);
      await limits.admitRegistration('192.0.2.1');
    });
  });

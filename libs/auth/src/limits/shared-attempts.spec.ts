/** Attempts counted in Redis: as in one process, whatever happens, and by two replicas together, while it is there. */
import { Logger } from '@nestjs/common';
import fc from 'fast-check';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { newId, RedisConnection, type RunScript } from '#platform';
import { redisInstalled, RedisServer } from '../../../../test/setup/redis.js';
import type { AttemptKind } from './attempt-rules.js';
import type { Attempt, AttemptStore } from './attempt-store.js';
import { LocalAttempts } from './local-attempts.js';
import { RedisAttempts } from './redis-attempts.js';
import { SharedAttempts } from './shared-attempts.js';

describe.skipIf(!redisInstalled)('attempts in Redis', () => {
  let server: RedisServer;
  let run: RunScript;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    server = await RedisServer.start();
    run = await server.scripts();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  class TimedRedisAttempts extends RedisAttempts {
    constructor() {
      super(run, `${newId()}:`);
    }

    protected override time(): string {
      return String(Date.now());
    }
  }

  const step = fc.record({
    what: fc.constantFrom<AttemptKind>('sign-in', 'sign-in', 'sign-in', 'sign-in', 'registration', 'refresh'),
    account: fc.constantFrom('ana', 'ana', 'ben'),
    address: fc.constantFrom('a', 'a', 'b'),
    end: fc.constantFrom('succeeded', 'abandoned', 'failed', 'failed', 'failed', 'failed', 'failed'),
    passMs: fc.oneof(fc.constant(0), fc.constantFrom(1_000, 30_000, 300_000), fc.integer({ min: 0, max: 700_000 })),
    times: fc.constantFrom(1, 1, 1, 6, 35),
  });

  async function waitsOf(store: AttemptStore, steps: (typeof step extends fc.Arbitrary<infer T> ? T : never)[]) {
    vi.setSystemTime(new Date('2031-01-01T00:00:00Z'));
    const waits: number[] = [];
    for (const { what, account, address, end, passMs, times } of steps) {
      for (let time = 0; time < times; time += 1) {
        const outcome =
          what === 'sign-in' ? await store.admitSignIn(account, address) : await store.admit(what, address);
        if (outcome && 'waitMs' in outcome) waits.push(outcome.waitMs);
        else waits.push(0);
        if (outcome && 'succeeded' in outcome && end !== 'failed') (outcome as Attempt)[end as 'succeeded']();
      }
      vi.setSystemTime(Date.now() + passMs);
    }
    return waits;
  }

  it('are let through and delayed as those of one process are', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    // So that Redis knows the scripts, and answers in the order in which it is asked.
    const attempt = await new TimedRedisAttempts().admitSignIn('ana', 'a');
    if ('succeeded' in attempt) attempt.succeeded();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        expect(await waitsOf(new TimedRedisAttempts(), steps)).toEqual(await waitsOf(new LocalAttempts(), steps));
      }),
      { numRuns: 300 },
    );
  });

  it("go by Redis' clock and are kept no longer than they count", async () => {
    const attempts = new RedisAttempts(run, 'kept:');
    await attempts.admit('registration', '192.0.2.1');
    const attempt = (await attempts.admitSignIn('ana', '192.0.2.1')) as Attempt;
    const lives = async (): Promise<Record<string, number>> => {
      const keys = (await server.ask('KEYS', 'kept:*')) as string[];
      return Object.fromEntries(
        await Promise.all(keys.map(async (key) => [key.split(':')[1], await server.ask('PTTL', key)])),
      ) as Record<string, number>;
    };
    const counted = await lives();
    expect(Object.keys(counted).sort()).toEqual(['account', 'address', 'pair', 'registration', 'sign-in']);
    for (const [what, longestMs] of Object.entries({
      account: 60_000,
      address: 20_000,
      pair: 600_000,
      registration: 60_000,
      'sign-in': 60_000,
    })) {
      expect(counted[what]).toBeGreaterThan(longestMs - 10_000);
      expect(counted[what]).toBeLessThanOrEqual(longestMs);
    }
    attempt.succeeded();
    await expect.poll(async () => Object.keys(await lives()).sort()).toEqual(['known', 'registration', 'sign-in']);
    expect(await server.ask('KEYS', 'kept:known:*')).not.toContain('192.0.2.1');
  });

  it('are counted by two replicas together, and by each alone while Redis is away', async () => {
    const connections = [1, 2].map(() => new RedisConnection({ url: server.url, replicas: 2 }));
    await Promise.all(connections.map((connection) => connection.onApplicationBootstrap()));
    const replicas = connections.map((connection) => new SharedAttempts(connection));
    const failed = async (times: number): Promise<number> => {
      const outcomes = await Promise.all(
        Array.from({ length: times }, (_, at) => replicas[at % 2]!.admitSignIn('cleo', '192.0.2.9')),
      );
      return outcomes.filter((outcome) => 'succeeded' in outcome).length;
    };
    expect(await failed(20)).toBe(5);
    await server.kill();
    await expect.poll(() => connections.some(({ up }) => up)).toBe(false);
    expect(await failed(20)).toBe(10);
    for (const connection of connections) await connection.onApplicationShutdown();
    await server.start();
  });
});

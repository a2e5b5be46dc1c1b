/** The properties that every store of the quota must have, checked on each. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunScript } from '#platform';
import { redisInstalled, RedisServer } from '../../../../test/setup/redis.js';
import type { QuotaDecision, QuotaStore } from './quota-store.js';
import { wholeSeconds } from './rate-limit-headers.js';
import { RedisLog } from './redis-log.js';
import { SlidingLog } from './sliding-log.js';

const WINDOW_MS = 60_000;

let redis: RunScript;
let redisLogs = 0;

/** Goes by the test's clock instead of Redis' own, in keys that no other log has. */
class TimedRedisLog extends RedisLog {
  constructor() {
    super(redis, `test ${(redisLogs += 1)}:`);
  }

  protected override time(nowMs: number): string {
    return String(nowMs);
  }
}

const STORES: { name: string; makeStore: () => QuotaStore; installed: boolean }[] = [
  { name: 'the log in memory', makeStore: () => new SlidingLog(), installed: true },
  { name: 'the log in Redis', makeStore: () => new TimedRedisLog(), installed: redisInstalled },
];

beforeAll(async () => {
  if (redisInstalled) redis = await (await RedisServer.start()).scripts();
});

interface Attempt {
  readonly atMs: number;
  readonly limit: number;
}

/** What the clock reads: Unix time in milliseconds, down to fractions of one. */
const START_MS = 1_795_000_000_000.125;

/** Gaps in which everything happens: bursts, near the window's length, right on it, long pauses, fractions. */
const gapMs = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 3_000 }) },
  { weight: 2, arbitrary: fc.constantFrom(0, 1, WINDOW_MS - 1, WINDOW_MS, WINDOW_MS + 1, WINDOW_MS / 2) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 200_000 }) },
  { weight: 2, arbitrary: fc.double({ min: 0, max: 25_000, noNaN: true }) },
);

function attempts(limits: fc.Arbitrary<number>): fc.Arbitrary<Attempt[]> {
  return fc.array(fc.record({ gapMs, limit: limits }), { maxLength: 120 }).map((steps) => {
    let atMs = START_MS;
    return steps.map((step) => ({ atMs: (atMs += step.gapMs), limit: step.limit }));
  });
}

const steadyLimit = fc.integer({ min: 1, max: 12 }).chain((limit) => attempts(fc.constant(limit)));
const changingLimit = attempts(fc.constantFrom(1, 2, 5, 5, 5, 9, 50));
const anyAttempts = fc.oneof(steadyLimit, changingLimit);

let ids = 0;

async function admit(store: QuotaStore, { atMs, limit }: Attempt, key = 'user'): Promise<QuotaDecision> {
  return store.admit(key, limit, WINDOW_MS, atMs, `id ${(ids += 1)}`);
}

/** One after the other, whether or not the answers come at once. */
function decisionsOf(store: QuotaStore, sequence: readonly Attempt[]): Promise<QuotaDecision[]> {
  return Promise.all(sequence.map((attempt) => admit(store, attempt)));
}

/** The definition written down without regard to cost: a list of all admissions ever, searched for each request. */
class NaiveLog {
  private readonly admissions: number[] = [];

  admit({ atMs, limit }: Attempt): QuotaDecision {
    const admitted = this.inWindow(atMs).length < limit;
    if (admitted) this.admissions.push(atMs);
    const entries = this.inWindow(atMs);
    return {
      admitted,
      limit,
      remaining: Math.max(0, limit - entries.length),
      resetMs: Math.min(...entries) + WINDOW_MS - atMs,
      retryAfterMs: admitted
        ? 0
        : Math.min(
            ...entries.map((entry) => entry + WINDOW_MS).filter((laterMs) => this.inWindow(laterMs).length < limit),
          ) - atMs,
    };
  }

  private inWindow(atMs: number): number[] {
    return this.admissions.filter((admission) => admission + WINDOW_MS > atMs);
  }
}

for (const { name, makeStore, installed } of STORES)
  describe.skipIf(!installed)(name, () => {
    it('decides as the definition does, for any times and any changes of the limit', async () => {
      await fc.assert(
        fc.asyncProperty(anyAttempts, async (sequence) => {
          const naive = new NaiveLog();
          expect(await decisionsOf(makeStore(), sequence)).toEqual(sequence.map((attempt) => naive.admit(attempt)));
        }),
        { numRuns: 1_000 },
      );
    });

    it('never lets a 60 s window hold more than the limit of admitted requests', async () => {
      await fc.assert(
        fc.asyncProperty(steadyLimit, async (sequence) => {
          const decisions = await decisionsOf(makeStore(), sequence);
          const admitted = sequence.filter((_, index) => decisions[index]!.admitted);
          // The fullest windows begin with an admission.
          for (const { atMs, limit } of admitted) {
            expect(
              admitted.filter((other) => other.atMs >= atMs && other.atMs < atMs + WINDOW_MS).length,
            ).toBeLessThanOrEqual(limit);
          }
        }),
        { numRuns: 1_000 },
      );
    });

    it('never admits, when the limit changes, what brings the last 60 s over the limit that holds then', async () => {
      await fc.assert(
        fc.asyncProperty(changingLimit, async (sequence) => {
          const decisions = await decisionsOf(makeStore(), sequence);
          const admitted = sequence.filter((_, index) => decisions[index]!.admitted);
          admitted.forEach(({ atMs, limit }, index) => {
            const inWindow = admitted.slice(0, index + 1).filter((other) => other.atMs + WINDOW_MS > atMs);
            expect(inWindow.length).toBeLessThanOrEqual(limit);
          });
        }),
        { numRuns: 1_000 },
      );
    });

    it('refuses only what would break that', async () => {
      await fc.assert(
        fc.asyncProperty(anyAttempts, async (sequence) => {
          const decisions = await decisionsOf(makeStore(), sequence);
          sequence.forEach(({ atMs, limit }, index) => {
            if (decisions[index]!.admitted) return;
            const inWindow = sequence.filter(
              (other, earlier) => earlier < index && decisions[earlier]!.admitted && other.atMs + WINDOW_MS > atMs,
            );
            expect(inWindow.length).toBeGreaterThanOrEqual(limit);
          });
        }),
        { numRuns: 1_000 },
      );
    });

    it('counts a refused request for nothing: without it, everything else is decided the same', async () => {
      await fc.assert(
        fc.asyncProperty(anyAttempts, async (sequence) => {
          const decisions = await decisionsOf(makeStore(), sequence);
          const admitted = sequence.filter((_, index) => decisions[index]!.admitted);
          expect(await decisionsOf(makeStore(), admitted)).toEqual(decisions.filter((decision) => decision.admitted));
        }),
      );
    });

    it('names the moment from which a retry passes, and whoever waits it out in whole seconds passes', async () => {
      await fc.assert(
        fc.asyncProperty(anyAttempts, fc.integer({ min: 1, max: 12 }), async (sequence, limit) => {
          const lastMs = sequence.at(-1)?.atMs ?? START_MS;
          const refused = async (): Promise<{ store: QuotaStore; decision: QuotaDecision }> => {
            const store = makeStore();
            await decisionsOf(store, sequence);
            for (;;) {
              const decision = await admit(store, { atMs: lastMs, limit });
              if (!decision.admitted) return { store, decision };
            }
          };
          const { store: early, decision } = await refused();
          expect(decision.retryAfterMs).toBeGreaterThan(0);
          expect((await admit(early, { atMs: lastMs + decision.retryAfterMs - 0.001, limit })).admitted).toBe(
            decision.retryAfterMs <= 0.001,
          );
          const { store: exact } = await refused();
          expect((await admit(exact, { atMs: lastMs + decision.retryAfterMs, limit })).admitted).toBe(true);
          const { store: patient } = await refused();
          expect(
            (await admit(patient, { atMs: lastMs + wholeSeconds(decision.retryAfterMs) * 1000, limit })).admitted,
          ).toBe(true);
        }),
        { numRuns: 300 },
      );
    });

    it('says on asking what it would decide, and forgets that it was asked', async () => {
      await fc.assert(
        fc.asyncProperty(anyAttempts, async (sequence) => {
          const store = makeStore();
          const decisions: QuotaDecision[] = [];
          for (const attempt of sequence) {
            const [foretold, decision] = await Promise.all([
              store.peek('user', attempt.limit, WINDOW_MS, attempt.atMs),
              admit(store, attempt),
            ]);
            expect(foretold.admitted).toBe(decision.admitted);
            expect(foretold.retryAfterMs).toBe(decision.retryAfterMs);
            expect(foretold.remaining).toBe(decision.remaining + (decision.admitted ? 1 : 0));
            decisions.push(decision);
          }
          expect(await decisionsOf(makeStore(), sequence)).toEqual(decisions);
        }),
      );
    });

    it('keeps the keys apart', async () => {
      const store = makeStore();
      const attempt = { atMs: START_MS, limit: 5 };
      for (let count = 0; count < 5; count += 1) await admit(store, attempt, 'ana');
      expect((await admit(store, attempt, 'ana')).admitted).toBe(false);
      expect((await admit(store, attempt, 'ben')).admitted).toBe(true);
    });

    it('goes on from restored admissions as if it had made them', async () => {
      await fc.assert(
        fc.asyncProperty(steadyLimit, fc.nat(), async (sequence, cut) => {
          const at = sequence.length === 0 ? 0 : cut % sequence.length;
          const whole = await decisionsOf(makeStore(), sequence);
          const restarted = makeStore();
          await restarted.restore(
            'user',
            sequence
              .slice(0, at)
              .filter((_, index) => whole[index]!.admitted)
              .map(({ atMs }, index) => ({ id: `restored ${index}`, atMs })),
            WINDOW_MS,
            sequence[at]?.atMs ?? START_MS,
          );
          expect(await decisionsOf(restarted, sequence.slice(at))).toEqual(whole.slice(at));
        }),
      );
    });
  });

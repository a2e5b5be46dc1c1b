/** Two replicas that count in one Redis, which comes and goes: real ones, on a real database. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Metrics, newId, RedisConnection, type ReturnHook } from '#platform';
import { ownDatabase } from '../../../../test/setup/database.js';
import { redisInstalled, RedisServer } from '../../../../test/setup/redis.js';
import { SubscriptionsServer, type Answer, type Caller } from '../../../../test/setup/subscriptions-server.js';
import { QuotaClock } from './quota-clock.js';
import type { RecordedAdmissions } from './recorded-admissions.js';
import { SharedQuota } from './shared-quota.js';

const database = await ownDatabase();

let redis: RedisServer;
let replicas: SubscriptionsServer[];
let ana: Caller;

beforeAll(() => Logger.overrideLogger(false));

const startReplica = (environment: Record<string, string> = {}): Promise<SubscriptionsServer> =>
  SubscriptionsServer.start(database.url, undefined, { REDIS_URL: redis.url, ...environment });

async function startReplicas(count: number): Promise<void> {
  redis = await RedisServer.start();
  replicas = [];
  while (replicas.length < count) replicas.push(await startReplica());
}

async function subscribe(): Promise<void> {
  const [first] = replicas;
  ana = await first!.createUser();
  const path = `/v1/users/${ana.id}/subscription`;
  expect((await first!.call('PUT', path, await first!.createUser('admin'), { plan: 'PREMIUM' })).status).toBe(200);
  await sleep(50); // announced to the others
}

const send = (replica: SubscriptionsServer, times = 1, path = '/counted/1'): Promise<Answer[]> =>
  Promise.all(Array.from({ length: times }, () => replica.call('POST', path, ana, {})));

const admitted = (answers: Answer[]): number => answers.filter(({ status }) => status === 201).length;

const toBeUp = (expected: boolean): Promise<void> =>
  expect
    .poll(() => replicas.every((replica) => replica.get(RedisConnection).up === expected), {
      timeout: 60_000,
      interval: 5,
    })
    .toBe(true);

/** What was answered is in the request log some milliseconds later. */
const toBeLogged = (count: number): Promise<void> =>
  expect
    .poll(async () => {
      const [row] = await replicas[0]!.query<{ count: number }>(
        'SELECT count(*)::int AS count FROM request_log WHERE user_id = $1 AND counted',
        [ana.id],
      );
      return row!.count;
    })
    .toBe(count);

async function metric(replica: SubscriptionsServer, name: string): Promise<number> {
  const { values } = await replica.get(Metrics).registry.getSingleMetric(name)!.get();
  return values[0]!.value;
}

describe.skipIf(!redisInstalled)('the quota of two replicas', () => {
  let a: SubscriptionsServer;
  let b: SubscriptionsServer;

  beforeAll(async () => {
    await startReplicas(2);
    [a, b] = replicas as [SubscriptionsServer, SubscriptionsServer];
  });

  beforeEach(async () => {
    await subscribe();
    await expect.poll(() => replicas.map((replica) => replica.get(RedisConnection).replicas)).toEqual([2, 2]);
  });

  it('is exact: fifty of five hundred that come at once', async () => {
    const answers = (await Promise.all([send(a, 250), send(b, 250)])).flat();
    expect(admitted(answers)).toBe(50);
    for (const { headers } of answers)
      expect(headers).toMatchObject({
        'ratelimit-policy': '"premium";q=50;w=60',
        ratelimit: expect.stringMatching(/^"premium";r=\d+;t=\d+$/),
      });
    expect(answers[0]!.headers['ratelimit-scope']).toBeUndefined();
    expect((await b.call('GET', '/v1/me', ana)).body.quota).toMatchObject({ limit: 50, remaining: 0 });
    expect(await metric(a, 'latido_quota_shared')).toBe(1);
  });

  it('says what is left after the requests of both', async () => {
    await send(a, 7);
    const [answer] = await send(b);
    expect(answer!.headers.ratelimit).toMatch(/^"premium";r=42;t=\d+$/);
  });

  it('is each one’s half while Redis is away, what each admitted before included, and is exact again when it is back', async () => {
    const localBefore = await metric(a, 'latido_quota_local_decisions_total');
    expect([admitted(await send(a, 20)), admitted(await send(b, 10))]).toEqual([20, 10]);
    await redis.kill();
    await toBeUp(false);
    const [ofA, ofB] = await Promise.all([send(a, 100), send(b, 5)]);
    expect([admitted(ofA), admitted(ofB)]).toEqual([5, 5]);
    expect(ofB[0]!.headers).toMatchObject({
      'ratelimit-policy': '"premium";q=50;w=60',
      ratelimit: '"premium";r=14;t=60',
      'ratelimit-scope': 'replica',
    });
    expect(ofA.at(-1)).toMatchObject({
      status: 429,
      headers: { 'retry-after': '60', 'ratelimit-scope': 'replica' },
      body: {
        detail:
          'The plan PREMIUM admits 50 requests in any 60 seconds, of which this replica admits 25 while replicas cannot count together.',
      },
    });
    expect((await b.call('GET', '/v1/me', ana)).body.quota).toMatchObject({ limit: 25, remaining: 10 });
    expect(await metric(a, 'latido_quota_shared')).toBe(0);
    expect(await metric(a, 'latido_quota_local_decisions_total')).toBeGreaterThanOrEqual(localBefore + 100);

    await toBeLogged(40);
    await redis.start();
    await toBeUp(true);
    const after = (await Promise.all([send(a, 30), send(b, 30)])).flat();
    expect(admitted(after)).toBe(10);
    expect(after[0]!.headers['ratelimit-scope']).toBeUndefined();
    expect(await metric(a, 'latido_quota_shared')).toBe(1);
  });

  it('waits for a Redis that hangs no longer than its bound, and tells it afterwards what was admitted meanwhile', async () => {
    await send(a, 10);
    redis.pause();
    const startedAt = performance.now();
    const duringA = await send(a, 40);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    const duringB = await send(b, 5);
    expect([admitted(duringA), admitted(duringB)]).toEqual([15, 5]);
    expect(duringA.every(({ headers }) => headers['ratelimit-scope'] === 'replica')).toBe(true);
    redis.resume();
    await toBeUp(true);
    const { remaining } = (await a.call('GET', '/v1/me', ana)).body.quota;
    // What Redis was asked before it was given up it may have counted too, though it was refused here: more, never less.
    expect(remaining).toBeLessThanOrEqual(20);
    expect(admitted(await send(b, 60))).toBe(remaining);
  });

  it('limits reads as a whole as well', async () => {
    const read = async (replica: SubscriptionsServer, times: number): Promise<number> => {
      const answers = await Promise.all(Array.from({ length: times }, () => replica.call('GET', '/read', ana)));
      return answers.filter(({ status }) => status === 200).length;
    };
    expect((await read(a, 400)) + (await read(b, 400))).toBe(600);
  });
});

describe.skipIf(!redisInstalled)('what was admitted while Redis was away', () => {
  const clock = new QuotaClock();

  /** A replica whose Redis is there when the test says so. */
  const startAway = async (limit: number) => {
    redis = await RedisServer.start();
    const run = await redis.scripts();
    const hooks: ReturnHook[] = [];
    const connection = { up: false, replicas: 1, onReturn: (hook: ReturnHook) => void hooks.push(hook), run };
    const nothingRecorded = { withinWindow: () => Promise.resolve(new Map()) } as unknown as RecordedAdmissions;
    const quota = new SharedQuota(connection as unknown as RedisConnection, nothingRecorded, clock, new Metrics());
    return {
      connection,
      bringBack: () => Promise.all(hooks.map((hook) => hook(run, false))),
      admit: async () => quota.admit('default:ana', limit, 60_000, clock.monotonicMs(), newId()),
      remaining: async () => (await quota.peek('default:ana', limit, 60_000, clock.monotonicMs())).remaining,
    };
  };

  it('is told also when it was in the moment in which Redis came back', async () => {
    const { connection, admit, remaining } = await startAway(5);
    for (let sent = 0; sent < 3; sent += 1) expect((await admit()).scope).toBe('replica');
    connection.up = true;
    await admit();
    await expect.poll(remaining).toBe(1);
  });

  it('is told to an end, however fast requests go on coming', async () => {
    const { connection, bringBack, admit, remaining } = await startAway(10_000_000);
    let admissions = 0;
    let coming = true;
    const requests = (async () => {
      for (; coming; admissions += 1) {
        await admit();
        if (admissions % 20 === 0) await new Promise((turn) => setImmediate(turn));
      }
    })();
    await sleep(50);
    const back = await Promise.race([bringBack().then(() => true), sleep(3_000, false)]);
    coming = false;
    await requests;
    expect(back).toBe(true);
    connection.up = true;
    await admit();
    await expect.poll(remaining).toBe(10_000_000 - admissions - 1);
  });
});

describe.skipIf(!redisInstalled)('a replica that starts', () => {
  let first: SubscriptionsServer;

  beforeAll(async () => {
    await startReplicas(1);
    first = replicas[0]!;
  });
  beforeEach(subscribe);

  it('beside another one on a Redis that came up empty knows what is recorded, and so does the other one', async () => {
    await send(first, 12);
    await toBeLogged(12);
    await redis.ask('FLUSHALL');
    const second = await startReplica();
    expect(admitted(await send(second, 60))).toBe(38);
    await second.stop();
    await toBeUp(true);
    expect(admitted(await send(first, 10))).toBe(0);
  });

  it('without Redis knows what is recorded as well, and admits no more than its share', async () => {
    await send(first, 12);
    await toBeLogged(12);
    await redis.kill();
    const alone = await startReplica({ QUOTA_REPLICAS: '2' });
    expect(admitted(await send(alone, 60))).toBe(13);
    await alone.stop();
    await redis.start();
    await toBeUp(true);
  });
});

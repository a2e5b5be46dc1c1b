import { setTimeout as sleep } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDataSource, Metrics, newId } from '#platform';
import { ownDatabase } from '../../../test/setup/database.js';
import type { RequestLogEntry } from './request-log.entity.js';
import { RequestLog } from './request-log.js';
import { RequestLogRepository } from './request-log.repository.js';

const database = await ownDatabase();
let dataSource: DataSource;
let repository: RequestLogRepository;
beforeAll(async () => {
  dataSource = await createDataSource({ url: database.url, poolSize: 4 }).initialize();
  repository = new RequestLogRepository(dataSource);
});
afterAll(() => dataSource.destroy());

function entry(userId: string, change: Partial<RequestLogEntry> = {}): RequestLogEntry {
  return {
    id: newId(),
    userId,
    apiKeyId: null,
    requestId: 'r',
    method: 'POST',
    route: '/x',
    status: 201,
    counted: true,
    admittedAt: new Date(),
    authMs: 0.1,
    quotaMs: 0.1,
    validateMs: null,
    inferMs: null,
    recordMs: null,
    totalMs: 1,
    ...change,
  };
}

async function count(userId: string): Promise<number> {
  const rows: { n: number }[] = await dataSource.query(
    'SELECT count(*)::int AS n FROM request_log WHERE user_id = $1',
    [userId],
  );
  return rows[0]!.n;
}

it('writes entries without being asked', async () => {
  const log = new RequestLog(repository, new Metrics());
  const user = newId();
  for (let n = 0; n < 3; n += 1) log.append(entry(user));
  await expect.poll(() => count(user), { interval: 10 }).toBe(3);
});

it('writes each entry once when it is flushed while others keep coming', async () => {
  const log = new RequestLog(repository, new Metrics());
  const user = newId();
  const flushes: Promise<void>[] = [];
  for (let n = 0; n < 2_500; n += 1) {
    log.append(entry(user));
    if (n % 100 === 0) {
      flushes.push(log.flush());
      await sleep(1);
    }
  }
  await Promise.all([...flushes, log.flush()]);
  expect(await count(user)).toBe(2_500);
});

it('keeps entries while the database is away and writes them when it is back', async () => {
  let away = true;
  const flaky = {
    insertMany: (entries: readonly RequestLogEntry[]) =>
      away ? Promise.reject(new Error('away')) : repository.insertMany(entries),
  } as RequestLogRepository;
  const log = new RequestLog(flaky, new Metrics());
  const user = newId();
  log.append(entry(user));
  await expect(log.flush()).rejects.toThrow('away');
  away = false;
  await log.flush();
  expect(await count(user)).toBe(1);
});

it('tells usage per UTC day and what counts against a quota', async () => {
  const user = newId();
  const today = new Date();
  const yesterday = new Date(today.getTime() - 86_400_000);
  await repository.insertMany([
    entry(user),
    entry(user, { status: 422 }),
    entry(user, { status: 429, counted: false }),
    entry(user, { admittedAt: yesterday }),
    // As other protocols answer; a replay, or a file of which no row could be predicted; a record that failed; a client that was gone.
    entry(user, { status: 200, inferMs: 1, recordMs: 1, admittedAt: yesterday }),
    entry(user, { status: 200, admittedAt: yesterday }),
    entry(user, { status: 503, recordMs: 1, admittedAt: yesterday }),
    entry(user, { status: 499, recordMs: 1, admittedAt: yesterday }),
  ]);
  const usage = await repository.usagePerDay([newId(), user], new Date(0));
  expect([...usage.keys()]).toEqual([user]);
  expect(usage.get(user)).toEqual([
    { date: today.toISOString().slice(0, 10), requests: 3, predictions: 1, refusals: 1 },
    { date: yesterday.toISOString().slice(0, 10), requests: 5, predictions: 2, refusals: 0 },
  ]);
  expect(
    (await repository.admissionsSince(new Date(today.getTime() - 60_000))).filter(({ userId }) => userId === user),
  ).toHaveLength(2);
});

it('tells where the time of requests went, of those whose entries are written', async () => {
  const part = entry(newId(), { validateMs: 0.25, inferMs: 2.5, recordMs: 3, totalMs: 7 });
  const refused = entry(newId(), { status: 422 });
  await repository.insertMany([part, refused]);
  expect(await repository.timingsOf([part.id, newId(), refused.id])).toEqual(
    new Map([
      [part.id, { authMs: 0.1, quotaMs: 0.1, validateMs: 0.25, inferMs: 2.5, recordMs: 3, totalMs: 7 }],
      [refused.id, { authMs: 0.1, quotaMs: 0.1, validateMs: null, inferMs: null, recordMs: null, totalMs: 1 }],
    ]),
  );
  expect(await repository.timingsOf([])).toEqual(new Map());
});

describe('requests that were refused or failed', () => {
  const statuses = async (query: Parameters<RequestLogRepository['refusals']>): Promise<number[]> =>
    (await repository.refusals(...query)).map(({ status }) => status);

  it('are listed newest first, of one status or of a class of them', async () => {
    const user = newId();
    await repository.insertMany([201, 429, 503, 422, 200, 499].map((status) => entry(user, { status })));
    expect(await statuses([4])).toEqual([499, 422, 503, 429]);
    expect(await statuses([4, undefined, [500, 600]])).toEqual([503, 503]);
    expect(await statuses([1, undefined, [429, 430]])).toEqual([429]);
    const [newest, second] = await repository.refusals(2);
    expect(await repository.refusals(1, newest!.id)).toEqual([second]);
    expect(newest).toEqual({
      id: expect.any(String),
      requestId: 'r',
      admittedAt: expect.any(Date),
      method: 'POST',
      route: '/x',
      status: 499,
      userId: user,
      totalMs: 1,
    });
  });

  it('are found without reading the others', async () => {
    await dataSource.transaction(async (manager) => {
      // Of a table this small all would be read, and sorted.
      for (const way of ['seqscan', 'bitmapscan', 'sort']) await manager.query(`SET LOCAL enable_${way} = off`);
      for (const condition of ['status < 600', 'status >= 500', 'status = 429']) {
        const plan = JSON.stringify(
          await manager.query(
            `EXPLAIN SELECT id FROM request_log WHERE status >= 400 AND ${condition} ORDER BY id DESC LIMIT 50`,
          ),
        );
        expect(plan).toContain('_id_status_idx');
        expect(plan).not.toContain('Sort');
      }
    });
  });
});

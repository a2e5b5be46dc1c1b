import { setTimeout as sleep } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, it } from 'vitest';
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
  expect(await repository.usagePerDay(user, new Date(0))).toEqual([
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

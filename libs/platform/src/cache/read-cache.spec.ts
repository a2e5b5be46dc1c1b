import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { INestApplicationContext } from '@nestjs/common';
import { ownDatabase } from '../../../../test/setup/database.js';
import { loadConfig } from '../config/config.js';
import { PlatformModule } from '../platform.module.js';
import { ChangeFeed } from './change-feed.js';
import { ReadCache } from './read-cache.js';

const database = await ownDatabase();
const folder = mkdtempSync(join(tmpdir(), 'latido-cache-'));

async function replica(): Promise<INestApplicationContext> {
  @Module({ imports: [PlatformModule.forRoot(loadConfig({}, folder), { url: database.url, poolSize: 2 })] })
  class ReplicaModule {}
  return NestFactory.createApplicationContext(ReplicaModule, { logger: false, abortOnError: false });
}

let here: INestApplicationContext;
let elsewhere: INestApplicationContext;
beforeAll(async () => {
  [here, elsewhere] = await Promise.all([replica(), replica()]);
});
afterAll(async () => {
  await Promise.all([here.close(), elsewhere.close()]);
  rmSync(folder, { recursive: true });
});

it('loads once for all who wait, then answers at once', async () => {
  const load = vi.fn(async (key: string) => {
    await sleep(10);
    return { key };
  });
  const reads = here.get(ReadCache).of('once', load);
  const [first, second] = await Promise.all([reads.get('a'), reads.get('a')]);
  expect(first).toBe(second);
  expect(reads.peek('a')).toBe(first);
  expect(load).toHaveBeenCalledTimes(1);
});

it('reads what is asked for in one turn together, and each gets its own', async () => {
  const loadAll = vi.fn((keys: readonly string[]) =>
    Promise.resolve(new Map(keys.filter((key) => key !== 'nobody').map((key) => [key, key.toUpperCase()]))),
  );
  const reads = here.get(ReadCache).ofMany('together', loadAll);
  expect(await Promise.all(['a', 'nobody', 'b', 'a'].map((key) => reads.get(key)))).toEqual(['A', null, 'B', 'A']);
  expect(loadAll.mock.calls).toEqual([[['a', 'nobody', 'b']]]);
  expect([reads.peek('a'), reads.peek('nobody')]).toEqual(['A', undefined]);
});

it('does not remember that something is missing', async () => {
  const load = vi.fn(() => Promise.resolve(null));
  const reads = here.get(ReadCache).of('missing', load);
  await reads.get('a');
  await reads.get('a');
  expect(load).toHaveBeenCalledTimes(2);
});

it('forgets what changed: here before the change returns, elsewhere as soon as it is announced', async () => {
  let value = 1;
  const readHere = here.get(ReadCache).of('plan', () => Promise.resolve(value));
  const readElsewhere = elsewhere.get(ReadCache).of('plan', () => Promise.resolve(value));
  expect([await readHere.get('x'), await readElsewhere.get('x')]).toEqual([1, 1]);
  value = 2;
  await here
    .get(ChangeFeed)
    .transaction((_manager, announce) => Promise.resolve(announce({ topic: 'plan', key: 'x' })));
  expect(readHere.peek('x')).toBeUndefined();
  await vi.waitFor(() => expect(readElsewhere.peek('x')).toBeUndefined(), { timeout: 60_000, interval: 10 });
});

it('announces nothing when the transaction rolls back', async () => {
  const reads = here.get(ReadCache).of('rolled-back', () => Promise.resolve(1));
  await reads.get('x');
  const work = here.get(ChangeFeed).transaction((_manager, announce) => {
    announce({ topic: 'rolled-back', key: 'x' });
    return Promise.reject(new Error('no'));
  });
  await expect(work).rejects.toThrow('no');
  expect(reads.peek('x')).toBe(1);
});

it('does not keep a value that was being loaded while it changed', async () => {
  let release = (): void => undefined;
  const reads = here
    .get(ReadCache)
    .of('race', () => new Promise<string>((resolve) => (release = () => resolve('old'))));
  const loading = reads.get('x');
  await here
    .get(ChangeFeed)
    .transaction((_manager, announce) => Promise.resolve(announce({ topic: 'race', key: 'x' })));
  release();
  expect(await loading).toBe('old');
  expect(reads.peek('x')).toBeUndefined();
});

it('caches nothing while announcements are cut off, and goes on by itself when they are back', async () => {
  const feed = here.get(ChangeFeed);
  const reads = here.get(ReadCache).of('cut', () => Promise.resolve(1));
  await reads.get('x');
  const states: boolean[] = [];
  feed.onConnection((connected) => states.push(connected));
  const admin = new pg.Client({ connectionString: database.superuserUrl });
  await admin.connect();
  await admin.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'latido changes' AND datname = current_database()",
  );
  await admin.end();
  await expect.poll(() => states).toContain(false);
  await vi.waitFor(() => expect(feed.connected).toBe(true), { timeout: 60_000 });
  expect(states[0]).toBe(false);
  expect(reads.peek('x')).toBeUndefined();
});

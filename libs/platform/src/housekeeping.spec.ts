import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Housekeeping } from './housekeeping.js';

const HOUR_MS = 3_600_000;

beforeEach(() => {
  Logger.overrideLogger(false);
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  Logger.overrideLogger(['log', 'warn', 'error']);
});

it('does all of its work once an hour, also when some of it fails', async () => {
  const housekeeping = new Housekeeping();
  let done = 0;
  housekeeping.add('what cannot be deleted', () => Promise.reject(new Error('the database is away')));
  housekeeping.add('what can', () => Promise.resolve((done += 1)));
  housekeeping.onApplicationBootstrap();
  await vi.advanceTimersByTimeAsync(3 * HOUR_MS);
  expect(done).toBe(3);
  await housekeeping.onApplicationShutdown();
});

it('finishes what it is doing at shutdown, and begins nothing after it', async () => {
  const housekeeping = new Housekeeping();
  let begun = 0;
  let finish = (): void => undefined;
  housekeeping.add('what takes long', () => {
    begun += 1;
    return new Promise((resolve) => (finish = () => resolve(1)));
  });
  housekeeping.onApplicationBootstrap();
  await vi.advanceTimersByTimeAsync(HOUR_MS);
  let stopped = false;
  const stopping = housekeeping.onApplicationShutdown().then(() => (stopped = true));
  await vi.advanceTimersByTimeAsync(1);
  expect(stopped).toBe(false);
  finish();
  await stopping;
  await vi.advanceTimersByTimeAsync(2 * HOUR_MS);
  expect(begun).toBe(1);
});

import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { RequestState } from './request-state.js';

it('tells how long each part took, and nothing of parts that were not reached', async () => {
  const state = new RequestState({ url: '/', config: {} as never });
  state.enter('auth');
  await sleep(20);
  state.leave();
  await sleep(20);
  state.enter('validate');
  state.enter('infer');
  state.leave();
  state.leave();
  const { auth, quota, validate, infer, record } = state.timings;
  expect(auth).toBeGreaterThan(15);
  expect([quota, record]).toEqual([undefined, undefined]);
  expect(validate).toBeLessThan(15);
  expect(infer).toBeLessThan(15);
});

import { expect, it } from 'vitest';
import { loadTensorFlow } from './tensorflow-library.js';

const listeners = (): number =>
  process.listenerCount('uncaughtException') + process.listenerCount('unhandledRejection');

it('leaves it to the process what happens to its uncaught errors', async () => {
  const before = listeners();
  const { tf } = await loadTensorFlow();
  expect(await tf.add(tf.tensor1d([1, 2]), 1).array()).toEqual([2, 3]);
  expect(listeners()).toBe(before);
});

import { expect, it } from 'vitest';
import { readInferRequest, readJsonObject } from './infer-request.js';

const DEEP = Buffer.from(`{"inputs":${'['.repeat(5_000_000)}${']'.repeat(5_000_000)}}`);

it.each([
  ['an inference request', () => readInferRequest(DEEP, undefined)],
  ['an inference request with elements behind it', () => readInferRequest(DEEP, String(DEEP.length))],
  ['another object', () => readJsonObject(DEEP)],
])('%s that nests without end is refused before it is parsed', (_, read) => {
  const before = performance.now();
  expect(read).toThrow(/nested too deeply/);
  expect(performance.now() - before).toBeLessThan(2_000);
});

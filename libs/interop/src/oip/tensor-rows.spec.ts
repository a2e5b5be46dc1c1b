/** Names of patients that come in a tensor. */
import { afterEach, expect, it, vi } from 'vitest';
import type { Tensor } from '#inference';
import type { ServingVersion } from '#models';
import { readRows } from './tensor-rows.js';

const serving = {
  model: 'm',
  manifest: { inputs: [{ name: 'age' }] },
  engineInputs: [],
  read: (row: unknown) => row,
} as unknown as ServingVersion;

function read(subject: string): ReturnType<typeof readRows> {
  const tensors = [
    { name: 'age', datatype: 'FP32', shape: [1], values: [61] },
    { name: 'subject', datatype: 'BYTES', shape: [1], values: [subject] },
  ] as unknown as Tensor[];
  return readRows(tensors, serving, 10);
}

afterEach(() => vi.restoreAllMocks());

it('a name has as many characters as in JSON, whatever units they are made of', () => {
  expect(read('🫀'.repeat(200)).subjects).toEqual(['🫀'.repeat(200)]);
  for (const name of ['🫀'.repeat(201), 'x'.repeat(201)]) expect(() => read(name)).toThrow();
});

it('a name of megabytes is refused without being taken apart', () => {
  const takenApart = vi.spyOn(String.prototype, Symbol.iterator);
  expect(() => read('x'.repeat(15_000_000))).toThrow(
    expect.objectContaining({
      extra: { errors: [{ pointer: '/rows/0/subject', detail: 'must have at most 200 characters' }] },
    }) as Error,
  );
  expect(takenApart.mock.contexts.every((text) => String(text).length < 1_000)).toBe(true);
});

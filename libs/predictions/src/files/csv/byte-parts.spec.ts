import { describe, expect, it } from 'vitest';
import { ByteParts } from './byte-parts.js';

describe('bytes in parts', () => {
  it('are put together in their order, and are no longer there once taken', () => {
    const parts = new ByteParts();
    for (const part of ['a', '', 'bcd', 'e'.repeat(100), 'f']) parts.add(Buffer.from(part));
    expect(parts.length).toBe(105);
    const taken = parts.take();
    parts.add(Buffer.from('xyz'));
    expect(taken.toString()).toBe(`abcd${'e'.repeat(100)}f`);
    expect(parts.take().toString()).toBe('xyz');
    expect(parts.take()).toHaveLength(0);
  });
});

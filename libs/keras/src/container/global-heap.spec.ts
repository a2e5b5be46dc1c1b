import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { requireSoundHeaps } from './global-heap.js';

const golden = join(import.meta.dirname, '../../../../test/golden/keras');
const files = readdirSync(golden).filter((name) => name.endsWith('.h5'));
const signature = Buffer.from('GCOL\x01\0\0\0', 'latin1');

describe('the heaps of an HDF5 file', () => {
  it.each(files)('are sound in %s', (file) => {
    expect(() => requireSoundHeaps(readFileSync(join(golden, file)))).not.toThrow();
  });

  it.each([
    ['free space of no size', 0, 0n],
    ['free space of less than its header', 0, 8n],
    ['an object beyond the heap', 3, 1n << 20n],
    ['an object whose size overflows 32 bits', 3, 0xffff_fff0n],
    ['an object whose size overflows 64 bits', 3, 0xffff_ffff_ffff_fff0n],
  ])('are refused with %s', (_, index, size) => {
    const bytes = Buffer.from(readFileSync(join(golden, 'mlp-6-14-7-1-k2_15-h5.h5')));
    const heap = bytes.indexOf(signature);
    expect(heap).toBeGreaterThan(0);
    bytes.writeUInt16LE(index, heap + 16);
    bytes.writeBigUInt64LE(size, heap + 24);
    expect(() => requireSoundHeaps(bytes)).toThrowError(expect.objectContaining({ code: 'corrupt-hdf5' }));
  });
});

/** Weights in .npz. The golden vectors hold files of Keras on three back ends; these are the files that nobody should write. */
import { mkdtempSync, existsSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { array, bytesOf, dtype, floats, npy, npyOf, string, tuple, uint32 } from '../../../../test/setup/numpy-file.js';
import { zipOf } from '../../../../test/setup/zip-archive.js';
import type { KerasImportError } from '../errors.js';
import { defaultImportLimits } from '../limits.js';
import { readNpz } from './npz.js';

const read = (member: Buffer, limits = {}): ReturnType<typeof readNpz> =>
  readNpz(zipOf([{ name: 'layers/dense.npy', content: member }]), { ...defaultImportLimits, ...limits });
const refusal = async (reading: Promise<unknown>): Promise<KerasImportError> =>
  reading.then(
    () => expect.unreachable('it was read'),
    (error: unknown) => error as KerasImportError,
  );

describe('weights in .npz', () => {
  it('are found where HDF5 has them', async () => {
    const { groups, datasets } = await read(
      npyOf({
        0: array([2, 3], dtype('f4'), floats(1, 2, 3, 4, 5, 6)),
        1: array([1], dtype('f8'), bytesOf(Buffer.from(Float64Array.of(0.5).buffer))),
      }),
    );
    expect([...groups.keys()]).toEqual(['', 'layers', 'layers/dense', 'layers/dense/vars']);
    expect(datasets.get('layers/dense/vars/0')?.shape).toEqual([2, 3]);
    expect(datasets.get('layers/dense/vars/0')?.read()).toEqual(Float32Array.of(1, 2, 3, 4, 5, 6));
    expect(datasets.get('layers/dense/vars/1')?.read()).toEqual(Float32Array.of(0.5));
  });

  it('are put in order where the first axis is the fastest', async () => {
    const stored = floats(1, 4, 2, 5, 3, 6);
    const { datasets } = await read(npyOf({ 0: array([2, 3], dtype('f4'), stored, true) }));
    expect(datasets.get('layers/dense/vars/0')?.read()).toEqual(Float32Array.of(1, 2, 3, 4, 5, 6));
  });

  it('run nothing: a pickle that calls the system is data like any other, and refused', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'latido-npz-'));
    const call = (name: string): string => `cos\nsystem\n${tuple(string(`touch ${join(folder, name)}`))}R`;
    const whole = await refusal(read(npy(`\x80\x03${call('whole')}.`)));
    expect(whole).toMatchObject({ name: 'KerasImportError', code: 'corrupt-npz' });
    const variable = await refusal(read(npyOf({ 0: call('variable') })));
    expect(variable.message).toContain('something else than variables');
    for (const name of ['whole', 'variable']) expect(existsSync(join(folder, name))).toBe(false);
    rmSync(folder, { recursive: true });
  });

  it.each([
    ['a file of another kind', Buffer.from('PK\x03\x04 and something')],
    ['a file that ends in its header', npy('').subarray(0, 20)],
    ['an array of numbers', npy('', "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }\n")],
    ['a pickle that ends before its end', npyOf({}).subarray(0, -2)],
    ['a pickle that takes from an empty stack', npy('\x80\x03tR.')],
    ['a pickle of an opcode that Keras does not use', npy('\x80\x03I1\n.')],
    ['a pickle that remembers at a far place', npy(`\x80\x03Nr${uint32(0xffff_ffff)}.`)],
    ['a pickle that declares more bytes than there are', npy(`\x80\x03B${uint32(0xffff_ffff)}x.`)],
  ])('%s is refused', async (_, member) => {
    expect(await refusal(read(member))).toMatchObject({ name: 'KerasImportError', code: 'corrupt-npz' });
  });

  it('are refused when they declare another size than they have, or numbers of another type', async () => {
    const short = await read(npyOf({ 0: array([3, 2], dtype('f4'), floats(1, 2, 3)) }));
    expect(() => short.datasets.get('layers/dense/vars/0')?.read()).toThrow(/less or more than it declares/);
    const half = await read(npyOf({ 0: array([2], dtype('f2'), bytesOf(Buffer.alloc(4))) }));
    expect(() => half.datasets.get('layers/dense/vars/0')?.read()).toThrow(/not of 32 or 64 bits/);
    const large = read(npyOf({ 0: array([1000, 1000], dtype('f4'), floats(1)) }), { maxParameters: 1000 });
    expect(await refusal(large)).toMatchObject({ code: 'too-large' });
    const negative = read(npyOf({ 0: array([-1], dtype('f4'), floats(1)) }));
    expect(await refusal(negative)).toMatchObject({ code: 'corrupt-npz' });
  });

  it('are refused when their pickle has more steps than any layer needs', async () => {
    expect(await refusal(read(npy(`\x80\x03${'N'.repeat(100_001)}.`)))).toMatchObject({ code: 'too-large' });
  });
});

/** Weights in .npz. The golden vectors hold files of Keras on three back ends; these are the files that nobody should write. */
import { mkdtempSync, existsSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { zipOf } from '../../../../test/setup/zip-archive.js';
import type { KerasImportError } from '../errors.js';
import { defaultImportLimits } from '../limits.js';
import { readNpz } from './npz.js';

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');
const uint32 = (value: number): string => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes.toString('latin1');
};
const string = (text: string): string => `X${uint32(text.length)}${text}`;
const bytesOf = (content: Buffer): string => `B${uint32(content.length)}${content.toString('latin1')}`;
const tuple = (...items: string[]): string => `(${items.join('')}t`;
const integer = (value: number): string => `J${uint32(value >>> 0)}`;

/** `dtype('f4')` and the like, with its byte order in its state. */
const dtype = (name: string, order = '<'): string =>
  `cnumpy\ndtype\n${tuple(string(name), '\x89', '\x88')}R${tuple(integer(3), string(order), 'N')}b`;
const reconstruct =
  'cnumpy.core.multiarray\n_reconstruct\n' + tuple('cnumpy\nndarray\n', tuple(integer(0)), 'C\x01b') + 'R';
const array = (shape: number[], type: string, content: string, isFortran = false): string =>
  reconstruct + tuple(integer(1), tuple(...shape.map(integer)), type, isFortran ? '\x88' : '\x89', content) + 'b';
const floats = (...values: number[]): string => bytesOf(Buffer.from(Float32Array.from(values).buffer));

/** A member as NumPy writes an array of one Python object: here a dictionary of variables. */
function npyOf(variables: Readonly<Record<string, string>>, protocol = '\x80\x03'): Buffer {
  const items = Object.entries(variables).map(([key, value]) => string(key) + value);
  return npy(`${protocol}${array([], dtype('O8', '|'), `](}(${items.join('')}ue`)}.`);
}

function npy(pickle: string, description = "{'descr': '|O', 'fortran_order': False, 'shape': (), }\n"): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16LE(description.length);
  return Buffer.concat([latin1('\x93NUMPY\x01\x00'), length, latin1(description), latin1(pickle)]);
}

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
    expect(await refusal(read(npy(`\x80\x03${'N'.repeat(1_100_000)}.`)))).toMatchObject({ code: 'too-large' });
  });
});

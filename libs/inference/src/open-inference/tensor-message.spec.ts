/** The codec of the Open Inference Protocol: whatever is written reads the same, and what disagrees with itself is refused. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DATATYPES, fromHalf, TensorFault, toHalf, type Datatype } from './datatypes.js';
import { readTensorMessage, writeTensorMessage, type Tensor } from './tensor-message.js';

const safe = Number.MAX_SAFE_INTEGER;
const element: Record<Datatype, fc.Arbitrary<number | string>> = {
  BOOL: fc.integer({ min: 0, max: 1 }),
  UINT8: fc.integer({ min: 0, max: 0xff }),
  UINT16: fc.integer({ min: 0, max: 0xffff }),
  UINT32: fc.integer({ min: 0, max: 0xffff_ffff }),
  UINT64: fc.integer({ min: 0, max: safe }),
  INT8: fc.integer({ min: -0x80, max: 0x7f }),
  INT16: fc.integer({ min: -0x8000, max: 0x7fff }),
  INT32: fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff }),
  INT64: fc.integer({ min: -safe, max: safe }),
  FP16: fc.integer({ min: 0, max: 0xffff }).map(fromHalf).filter(Number.isFinite),
  FP32: fc.float({ noNaN: true, noDefaultInfinity: true }),
  FP64: fc.double({ noNaN: true, noDefaultInfinity: true }),
  BYTES: fc.string({ unit: 'grapheme', maxLength: 8 }),
};

const tensor = fc
  .record({ datatype: fc.constantFrom(...DATATYPES), shape: fc.array(fc.nat({ max: 4 }), { maxLength: 4 }) })
  .chain(({ datatype, shape }) => {
    const size = shape.reduce((product, axis) => product * axis, 1);
    return fc
      .array(element[datatype], { minLength: size, maxLength: size })
      .map((values) => ({ datatype, shape, values: values as number[] }));
  });
const tensors = fc
  .array(fc.record({ tensor, binary: fc.boolean() }), { maxLength: 4 })
  .map((list) => list.map((entry, index) => ({ ...entry.tensor, name: `t${index}`, binary: entry.binary })));

function nested(values: readonly unknown[], shape: readonly number[]): unknown {
  const [size = 1, ...rest] = shape;
  if (rest.length === 0) return values;
  return Array.from({ length: size }, (_, index) =>
    nested(values.slice((index * values.length) / size, ((index + 1) * values.length) / size), rest),
  );
}

function message(inputs: unknown, binary = Buffer.alloc(0)): [Buffer, string | undefined] {
  const json = Buffer.from(JSON.stringify({ inputs }));
  return [Buffer.concat([json, binary]), binary.length > 0 ? String(json.length) : undefined];
}

function refusal(bytes: Buffer, headerLength: string | undefined): string {
  try {
    readTensorMessage(bytes, headerLength, 'inputs');
  } catch (error) {
    if (error instanceof TensorFault) return error.message;
    throw error;
  }
  throw new Error('it was read');
}

describe('a message', () => {
  it('reads as it was written, tensors as JSON and as bytes', () => {
    fc.assert(
      fc.property(tensors, (written) => {
        const { bytes, headerLength } = writeTensorMessage({ id: 'a' }, 'inputs', written);
        expect(headerLength === undefined).toBe(!written.some(({ binary }) => binary));
        const read = readTensorMessage(bytes, headerLength?.toString(), 'inputs');
        expect(read.json.id).toBe('a');
        const plain = ({ name, datatype, shape, values }: Tensor) => ({
          name,
          datatype,
          shape,
          // JSON spells no sign of a zero.
          values: Array.from<unknown>(values).map((value) => (value === 0 ? 0 : value)),
        });
        expect(read.tensors.map(plain)).toEqual(written.map(plain));
      }),
    );
  });

  it('reads lists within lists as the flat list of their elements', () => {
    fc.assert(
      fc.property(tensor, ({ datatype, shape, values }) => {
        const read = (data: unknown) =>
          readTensorMessage(...message([{ name: 'x', datatype, shape, data }]), 'inputs').tensors[0]!.values;
        const spelled = datatype === 'BOOL' ? values.map(Boolean) : values;
        expect(read(nested(spelled, shape))).toEqual(read(spelled));
      }),
    );
  });

  it('is read or refused with a fault of its own, whatever its bytes are', () => {
    fc.assert(
      fc.property(tensors, fc.nat(), fc.uint8Array({ maxLength: 12 }), (written, position, noise) => {
        const { bytes, headerLength } = writeTensorMessage({}, 'inputs', written);
        const at = position % bytes.length;
        const damaged = Buffer.concat([bytes.subarray(0, at), noise, bytes.subarray(at + (position % 3))]);
        try {
          readTensorMessage(damaged, headerLength?.toString(), 'inputs');
        } catch (error) {
          expect(error).toBeInstanceOf(TensorFault);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('a tensor that disagrees with itself is refused:', () => {
  const x = { name: 'x', datatype: 'FP32', shape: [2], data: [1, 2] };
  const binary = (size: unknown, shape: unknown = [2], datatype = 'FP32'): object => ({
    name: 'x',
    datatype,
    shape,
    parameters: { binary_data_size: size },
  });

  it.each<[string, unknown, number, string]>([
    ['more elements than the shape', [{ ...x, shape: [1] }], 0, 'other data than the 1 elements'],
    ['fewer elements than the shape', [{ ...x, shape: [3] }], 0, 'other data than the 3 elements'],
    ['lists of other lengths than the shape', [{ ...x, shape: [2, 1], data: [[1, 2], []] }], 0, 'other data'],
    ['lists that are too deep', [{ ...x, shape: [2, 1], data: [[[1]], [[2]]] }], 0, 'no FP32'],
    ['lists that are not deep enough', [{ ...x, shape: [1, 1, 2], data: [[1, 2]] }], 0, 'other data'],
    ['a negative size', [{ ...x, shape: [-1, -2] }], 0, 'not negative'],
    ['a broken size', [{ ...x, shape: [1.5] }], 0, 'whole numbers'],
    ['a size that is text', [{ ...x, shape: ['2'] }], 0, 'whole numbers'],
    ['a product past what can be counted', [{ ...x, shape: Array(16).fill(2 ** 31) }], 0, 'too many elements'],
    ['a product that overflows to zero', [binary(0, [2 ** 32, 2 ** 32])], 8, 'too many elements'],
    ['a huge shape over little data', [binary(8, [2 ** 40])], 8, 'at most 4194304 elements'],
    ['a shape of more bytes than there are', [binary(8, [2 ** 20])], 8, 'need 4194304'],
    ['too many axes', [{ ...x, shape: Array(17).fill(1) }], 0, 'at most 16 sizes'],
    ['a shape that is none', [{ ...x, shape: { length: 1 } }], 0, 'must have a shape'],
    ['fewer bytes than it names', [binary(12, [3])], 8, '8 bytes are left'],
    ['more bytes than it names', [binary(8)], 12, '4 bytes after the JSON object belong to no tensor'],
    ['bytes that are not of its shape', [binary(8, [3])], 8, 'need 12'],
    ['a size of bytes that is negative', [binary(-8)], 8, 'not negative'],
    ['a size of bytes that is text', [binary('8')], 8, 'whole number'],
    ['data and bytes', [{ ...binary(8), data: [1, 2] }], 8, 'one of them only'],
    ['no data', [{ name: 'x', datatype: 'FP32', shape: [2] }], 0, 'has no data'],
    ['data that is an object', [{ ...x, data: { 0: 1, 1: 2, length: 2 } }], 0, 'as an array'],
    ['an unknown datatype', [{ ...x, datatype: 'FP8' }], 0, 'datatype of the protocol'],
    ['a datatype named as a method of objects', [{ ...x, datatype: 'constructor' }], 0, 'datatype of the protocol'],
    ['text for numbers', [{ ...x, data: ['1', '2'] }], 0, 'no FP32'],
    ['numbers for text', [{ ...x, datatype: 'BYTES' }], 0, 'must have strings'],
    ['a fraction for an integer', [{ ...x, datatype: 'INT32', data: [1, 2.5] }], 0, 'no INT32'],
    ['a value out of its datatype', [{ ...x, datatype: 'UINT8', data: [1, 256] }], 0, 'no UINT8'],
    ['a whole number that a double does not hold', [{ ...x, datatype: 'INT64', data: [1, 2 ** 53] }], 0, 'no INT64'],
    ['null for an integer', [{ ...x, datatype: 'INT8', data: [1, null] }], 0, 'no INT8'],
    ['bytes that are no booleans', [binary(2, [2], 'BOOL')], 2, '0 and 1 for BOOL'],
    ['texts longer than their bytes', [binary(8, [1], 'BYTES')], 8, '1 elements of BYTES'],
    ['more texts than bytes', [binary(8, [2 ** 16], 'BYTES')], 8, 'elements of BYTES'],
    ['more texts than are read', [binary(8, [2 ** 17], 'BYTES')], 8, '65536 of BYTES'],
    ['shared memory', [{ ...x, parameters: { shared_memory_region: 'r' } }], 0, 'shared memory'],
    ['no name', [{ ...x, name: '' }], 0, 'must have a name'],
    ['a name twice', [x, x], 0, 'two tensors of one name'],
    ['inputs that are no array', { x }, 0, 'must be an array'],
    ['an input that is no object', [1], 0, 'must be an object'],
  ])('%s', (_, inputs, bytes, expected) => {
    expect(refusal(...message(inputs, Buffer.alloc(bytes, 7)))).toContain(expected);
  });

  it('a 64-bit value in bytes that a double does not hold', () => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(2n ** 60n);
    expect(refusal(...message([binary(8, [1], 'INT64')], bytes))).toContain('beyond 2^53');
  });

  it('BYTES that are no UTF-8', () => {
    expect(refusal(...message([binary(5, [1], 'BYTES')], Buffer.from([1, 0, 0, 0, 0xff])))).toContain('no UTF-8');
  });

  it.each(['-1', '1e3', '99999', '', 'x', '0x10'])('an Inference-Header-Content-Length of "%s"', (length) => {
    expect(refusal(message([x])[0], length)).toContain('Inference-Header-Content-Length');
  });

  it('what is no JSON, without repeating it', () => {
    expect(refusal(Buffer.from('{"inputs": secret'), undefined)).not.toContain('secret');
  });
});

describe('binary16', () => {
  it('reads every pattern and writes it again', () => {
    for (let bits = 0; bits < 0x10000; bits += 1) {
      const value = fromHalf(bits);
      if (!Number.isNaN(value)) expect(toHalf(value)).toBe(bits);
    }
    expect(fromHalf(toHalf(NaN))).toBeNaN();
  });

  it('rounds to the nearest, ties to even', () => {
    expect([1 + 2 ** -11, 1 + 3 * 2 ** -11, 65_519, 65_520, 2 ** -25, 1.5 * 2 ** -24].map(toHalf)).toEqual([
      0x3c00, 0x3c02, 0x7bff, 0x7c00, 0, 2,
    ]);
    fc.assert(
      fc.property(fc.double({ min: -70_000, max: 70_000, noNaN: true }), (value) => {
        const bits = toHalf(value);
        const near = [bits - 1, bits, bits + 1].map((other) => Math.abs(fromHalf(other & 0xffff) - value));
        if (Number.isFinite(fromHalf(bits)))
          expect(near[1]).toBeLessThanOrEqual(Math.min(...near.filter(Number.isFinite)));
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bytesField,
  concatenate,
  int64sOf,
  readFields,
  varintField,
  varintsOf,
  WireError,
  wireType,
} from './protobuf-wire.js';

const number = fc.integer({ min: 1, max: 536_870_911 });
const field = fc.oneof(
  fc.record({ number, content: fc.uint8Array({ maxLength: 300 }) }),
  fc.record({ number, value: fc.nat(Number.MAX_SAFE_INTEGER) }),
);
const written = (one: { number: number; content?: Uint8Array; value?: number }): Uint8Array =>
  one.content ? bytesField(one.number, one.content) : varintField(one.number, one.value ?? 0);

describe('fields of a message', () => {
  it('are read as they were written, and together are the message', () => {
    fc.assert(
      fc.property(fc.array(field), (fields) => {
        const message = concatenate(fields.map(written));
        const read = readFields(message);
        expect(concatenate(read.map(({ whole }) => whole))).toEqual(message);
        expect(read.map(({ number: found }) => found)).toEqual(fields.map(({ number: wanted }) => wanted));
        read.forEach((one, index) => {
          const original = fields[index] as { content?: Uint8Array; value?: number };
          if (one.type === wireType.bytes) expect(one.content).toEqual(original.content);
          else expect(varintsOf(one)).toEqual([original.value]);
        });
      }),
    );
  });

  it('are those that are wanted', () => {
    const message = concatenate([varintField(1, 7), bytesField(2, Uint8Array.of(1)), varintField(3, 9)]);
    expect(readFields(message, [3, 1]).map(({ number: found }) => found)).toEqual([1, 3]);
  });

  it('may be numbers below zero, packed or not', () => {
    const minusTwo = Uint8Array.of(0xfe, 255, 255, 255, 255, 255, 255, 255, 255, 1);
    const [packed] = readFields(bytesField(8, concatenate([minusTwo, Uint8Array.of(5)])));
    const [single] = readFields(concatenate([Uint8Array.of(8 * 8), minusTwo]));
    expect(packed && int64sOf(packed)).toEqual([-2n, 5n]);
    expect(single && int64sOf(single)).toEqual([-2n]);
  });
});

describe('bytes that are no message', () => {
  it('are refused, or read within their bounds', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          expect(concatenate(readFields(bytes).map(({ whole }) => whole))).toEqual(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(WireError);
        }
      }),
    );
  });

  it.each([
    ['a field of number 0', [0, 1]],
    ['a group', [8 * 8 + 3, 0]],
    ['a length beyond the end', [8 + 2, 5, 1]],
    ['a fixed number that is cut', [8 + 5, 1, 2]],
  ])('such as %s are refused', (_kind, bytes) => {
    expect(() => readFields(Uint8Array.from(bytes))).toThrow(WireError);
  });
});

/**
 * Protocol Buffers below their schema: the fields of a message as they lie in the bytes, so that a file can be looked
 * through, or one field of it replaced, while every other byte stays as it was.
 */

/** Bytes that are no message. */
export class WireError extends Error {}

export const wireType = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** A field of a message. */
export interface WireField {
  readonly number: number;
  readonly type: number;
  /** With its tag: what to copy to keep the field. */
  readonly whole: Uint8Array;
  /** Without tag and length. */
  readonly content: Uint8Array;
}

/**
 * The fields of a message in their order, of all numbers or of those wanted. Throws `WireError` where the bytes end
 * early or hold what is no field.
 */
export function readFields(message: Uint8Array, wanted?: readonly number[]): WireField[] {
  const fields: WireField[] = [];
  const reader = new VarintReader(message);
  while (reader.offset < message.length) {
    const start = reader.offset;
    const tag = reader.next();
    const [number, type] = [Math.floor(tag / 8), tag % 8];
    if (number === 0 || number > 536_870_911) throw new WireError(`byte ${start} starts no field`);
    let contentStart = reader.offset;
    if (type === wireType.varint) reader.next();
    else if (type === wireType.fixed64) reader.offset += 8;
    else if (type === wireType.fixed32) reader.offset += 4;
    else if (type === wireType.bytes) {
      const length = reader.next();
      contentStart = reader.offset;
      reader.offset += length;
    } else throw new WireError(`byte ${start} starts a field of unknown type ${type}`);
    const end = reader.offset;
    if (end > message.length) throw new WireError(`the field at byte ${start} ends beyond its message`);
    if (wanted && !wanted.includes(number)) continue;
    fields.push({ number, type, whole: message.subarray(start, end), content: message.subarray(contentStart, end) });
  }
  return fields;
}

/** Fields of some numbers that hold bytes: messages or texts. */
export function messages(message: Uint8Array, ...numbers: number[]): WireField[] {
  return readFields(message, numbers).filter(({ type }) => type === wireType.bytes);
}

const decoder = new TextDecoder();

export function textOf(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** The text of a field, the last where it is there several times; `''` where it is not. */
export function textIn(message: Uint8Array, number: number): string {
  return textOf(messages(message, number).at(-1)?.content ?? new Uint8Array());
}

/** The number of a varint field, or a list of them that is packed. Values above 2^53 are not exact. */
export function varintsOf({ content }: WireField): number[] {
  const values: number[] = [];
  const reader = new VarintReader(content);
  while (reader.offset < content.length) values.push(reader.next());
  return values;
}

/** As `varintsOf`, of int64. */
export function int64sOf({ content }: WireField): bigint[] {
  const values: bigint[] = [];
  const reader = new VarintReader(content);
  while (reader.offset < content.length) {
    const start = reader.offset;
    reader.next();
    let value = 0n;
    for (let index = reader.offset - 1; index >= start; index--)
      value = (value << 7n) | BigInt((content[index] ?? 0) & 0x7f);
    values.push(BigInt.asIntN(64, value));
  }
  return values;
}

class VarintReader {
  offset = 0;

  constructor(private readonly bytes: Uint8Array) {}

  next(): number {
    const start = this.offset;
    let value = 0;
    for (let scale = 1; this.offset < start + 10; scale *= 128) {
      const byte = this.bytes[this.offset++];
      if (byte === undefined) throw new WireError(`the number at byte ${start} ends beyond its message`);
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    throw new WireError(`the number at byte ${start} has more than 64 bits`);
  }
}

/** A field of bytes: text or a message. */
export function bytesField(number: number, content: Uint8Array): Uint8Array {
  return concatenate([varint(number * 8 + wireType.bytes), varint(content.length), content]);
}

/** A field of a number that is not negative. */
export function varintField(number: number, value: number): Uint8Array {
  return concatenate([varint(number * 8 + wireType.varint), varint(value)]);
}

/** The parts one after the other: the fields of a message, for instance. */
export function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
  return Uint8Array.from(bytes);
}

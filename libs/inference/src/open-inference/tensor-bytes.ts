/** Elements as the binary tensor data extension has them: little-endian, row-major, without gaps. */
import {
  elementBytes,
  fromHalf,
  holds,
  TensorFault,
  toHalf,
  type Datatype,
  type NumericDatatype,
} from './datatypes.js';

/** Numbers; 0 and 1 for BOOL; texts for BYTES. */
export type TensorValues = ArrayLike<number | string>;

const LENGTH_BYTES = 4;
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Exactly `elements` elements from exactly these bytes.
 * @throws TensorFault for another number of bytes, 64-bit numbers that a double does not hold, and BYTES that are no UTF-8
 */
export function decodeBytes(datatype: Datatype, bytes: Uint8Array, elements: number, name: string): TensorValues {
  if (datatype === 'BYTES') return decodeTexts(bytes, elements, name);
  const needed = elements * elementBytes(datatype);
  if (bytes.length !== needed)
    throw new TensorFault(`${name} has ${bytes.length} bytes of data, its shape and datatype need ${needed}`);
  return decodeNumbers(datatype, bytes, name);
}

/** @throws TensorFault for values that are none of the type's */
export function encodeBytes(datatype: Datatype, values: TensorValues, name: string): Uint8Array {
  return datatype === 'BYTES'
    ? encodeTexts(values as readonly string[])
    : encodeNumbers(datatype, values as ArrayLike<number>, name);
}

function decodeNumbers(datatype: NumericDatatype, bytes: Uint8Array, name: string): ArrayLike<number> {
  // A copy starts where every type may start; the bytes may lie anywhere in a body. (A Buffer's own slice is no copy.)
  const { buffer } = new Uint8Array(bytes);
  switch (datatype) {
    case 'BOOL':
      if (bytes.some((byte) => byte > 1)) throw new TensorFault(`${name} has bytes other than 0 and 1 for BOOL`);
      return new Uint8Array(buffer);
    case 'UINT8':
      return new Uint8Array(buffer);
    case 'INT8':
      return new Int8Array(buffer);
    case 'UINT16':
      return new Uint16Array(buffer);
    case 'INT16':
      return new Int16Array(buffer);
    case 'UINT32':
      return new Uint32Array(buffer);
    case 'INT32':
      return new Int32Array(buffer);
    case 'UINT64':
      return exactNumbers(new BigUint64Array(buffer), datatype, name);
    case 'INT64':
      return exactNumbers(new BigInt64Array(buffer), datatype, name);
    case 'FP16':
      return Float32Array.from(new Uint16Array(buffer), fromHalf);
    case 'FP32':
      return new Float32Array(buffer);
    case 'FP64':
      return new Float64Array(buffer);
  }
}

function exactNumbers(values: BigInt64Array | BigUint64Array, datatype: NumericDatatype, name: string): Float64Array {
  const numbers = new Float64Array(values.length);
  for (let index = 0; index < values.length; index += 1) {
    numbers[index] = Number(values[index]);
    if (!Number.isSafeInteger(numbers[index]))
      throw new TensorFault(`${name} has a value of ${datatype} beyond 2^53, which cannot be taken exactly`);
  }
  return numbers;
}

function encodeNumbers(datatype: NumericDatatype, values: ArrayLike<number>, name: string): Uint8Array {
  const { length } = values;
  for (let index = 0; index < length; index += 1) {
    if (!holds(datatype, values[index]!)) throw new TensorFault(`${name} has a value that ${datatype} does not hold`);
  }
  switch (datatype) {
    case 'BOOL':
    case 'UINT8':
      return Uint8Array.from(values);
    case 'INT8':
      return bytesOf(Int8Array.from(values));
    case 'UINT16':
      return bytesOf(Uint16Array.from(values));
    case 'INT16':
      return bytesOf(Int16Array.from(values));
    case 'UINT32':
      return bytesOf(Uint32Array.from(values));
    case 'INT32':
      return bytesOf(Int32Array.from(values));
    case 'UINT64':
      return bytesOf(BigUint64Array.from(Array.from(values, BigInt)));
    case 'INT64':
      return bytesOf(BigInt64Array.from(Array.from(values, BigInt)));
    case 'FP16':
      return bytesOf(Uint16Array.from(values, toHalf));
    case 'FP32':
      return bytesOf(Float32Array.from(values));
    case 'FP64':
      return bytesOf(Float64Array.from(values));
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function decodeTexts(bytes: Uint8Array, elements: number, name: string): string[] {
  // Before anything grows with the number that is claimed.
  if (elements * LENGTH_BYTES > bytes.length) throw wrongTexts(name, elements);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const texts: string[] = [];
  let at = 0;
  while (texts.length < elements) {
    if (at + LENGTH_BYTES > bytes.length) throw wrongTexts(name, elements);
    const from = at + LENGTH_BYTES;
    const to = from + view.getUint32(at, true);
    if (to > bytes.length) throw wrongTexts(name, elements);
    texts.push(textOf(bytes.subarray(from, to), name));
    at = to;
  }
  if (at !== bytes.length) throw wrongTexts(name, elements);
  return texts;
}

function textOf(bytes: Uint8Array, name: string): string {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    throw new TensorFault(`${name} has BYTES that are no UTF-8 text`);
  }
}

function wrongTexts(name: string, elements: number): TensorFault {
  return new TensorFault(`${name} does not have ${elements} elements of BYTES, each after its length, in its data`);
}

function encodeTexts(texts: readonly string[]): Uint8Array {
  return Buffer.concat(
    texts.flatMap((text) => {
      const bytes = Buffer.from(text);
      const length = Buffer.alloc(LENGTH_BYTES);
      length.writeUInt32LE(bytes.length);
      return [length, bytes];
    }),
  );
}

/**
 * Rows in the binary format of Postgres' COPY (documentation of COPY, "Binary Format"), ready to be sent: the buffer is
 * one CopyData message and the CopyDone after it, so that sending it copies nothing.
 *
 * A row is its number of columns (int16) and for each column its length (int32, -1 for null) and its bytes. What Postgres
 * answers to COPY … TO is the same to the byte, which is why the record's proofs are made over these bytes.
 */

const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
/** Type byte and length of a message of the wire protocol. */
const MESSAGE_HEAD = 5;
const COPY_DATA = 0x64;
const COPY_DONE = Buffer.from([0x63, 0, 0, 0, 4]);
const END_OF_ROWS = -1;
/** Microseconds from 1970 to 2000, where Postgres' timestamps begin. */
const POSTGRES_EPOCH_MS = 946_684_800_000;

/** The value of a hexadecimal digit by its character code. */
const HEX = new Uint8Array(128);
for (let digit = 0; digit < 16; digit += 1) {
  const text = digit.toString(16);
  HEX[text.charCodeAt(0)] = digit;
  HEX[text.toUpperCase().charCodeAt(0)] = digit;
}
/** Where the 16 pairs of digits stand in a UUID's text. */
const UUID_PAIRS = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];

export class CopyBuffer {
  private bytes: Buffer;
  private size = 0;

  constructor(initialCapacity = 64 * 1024) {
    this.bytes = Buffer.allocUnsafe(initialCapacity);
    this.clear();
  }

  /** Where the next byte goes; with `slice`, what was written between two positions. */
  get position(): number {
    return this.size;
  }

  /** Forgets all rows. What `message` gave must have been sent by then. */
  clear(): void {
    this.bytes[0] = COPY_DATA;
    this.size = MESSAGE_HEAD + SIGNATURE.copy(this.bytes, MESSAGE_HEAD);
  }

  /** Begins a row. Exactly `columns` columns must follow. */
  row(columns: number): void {
    this.reserve(2);
    this.size = this.bytes.writeInt16BE(columns, this.size);
  }

  null(): void {
    this.int32Raw(-1);
  }

  int16(value: number): void {
    this.int32Raw(2);
    this.reserve(2);
    this.size = this.bytes.writeInt16BE(value, this.size);
  }

  int32(value: number): void {
    this.int32Raw(4);
    this.int32Raw(value);
  }

  /** A bigint column. @param value a safe integer that is not negative */
  int64(value: number): void {
    this.reserve(12);
    this.int32Raw(8);
    this.int32Raw(Math.floor(value / 2 ** 32));
    this.size = this.bytes.writeUInt32BE(value >>> 0, this.size);
  }

  real(value: number): void {
    this.int32Raw(4);
    this.reserve(4);
    this.size = this.bytes.writeFloatBE(value, this.size);
  }

  boolean(value: boolean): void {
    this.int32Raw(1);
    this.reserve(1);
    this.bytes[this.size] = value ? 1 : 0;
    this.size += 1;
  }

  /** A timestamptz column. @param ms Unix time in milliseconds */
  timestamp(ms: number): void {
    this.reserve(12);
    this.int32Raw(8);
    this.size = this.bytes.writeBigInt64BE(BigInt(Math.round((ms - POSTGRES_EPOCH_MS) * 1000)), this.size);
  }

  /** A uuid column from its text of 36 characters. */
  uuid(text: string): void {
    this.reserve(20);
    this.int32Raw(16);
    const { bytes, size } = this;
    for (let index = 0; index < 16; index += 1) {
      const at = UUID_PAIRS[index]!;
      bytes[size + index] = (HEX[text.charCodeAt(at)]! << 4) | HEX[text.charCodeAt(at + 1)]!;
    }
    this.size += 16;
  }

  /** A column of text, json or jsonb's text; never with U+0000. */
  text(value: string): void {
    const lengthAt = this.beginColumn();
    this.rawText(value);
    this.endColumn(lengthAt);
  }

  /** A bytea column, or any other whose binary form is at hand. */
  bytea(value: Uint8Array): void {
    this.int32Raw(value.length);
    this.raw(value);
  }

  /** A text[] column of one dimension. */
  textArray(values: readonly string[]): void {
    const lengthAt = this.beginColumn();
    this.int32Raw(values.length === 0 ? 0 : 1);
    this.int32Raw(0); // no nulls
    this.int32Raw(25); // the type's oid: text
    if (values.length > 0) {
      this.int32Raw(values.length);
      this.int32Raw(1); // the first index
    }
    for (const value of values) this.text(value);
    this.endColumn(lengthAt);
  }

  /** A column whose length is not known before it is written; `endColumn` is told what this answers. */
  beginColumn(): number {
    this.reserve(4);
    const at = this.size;
    this.size += 4;
    return at;
  }

  endColumn(lengthAt: number): void {
    this.bytes.writeInt32BE(this.size - lengthAt - 4, lengthAt);
  }

  /** Bytes within a column. */
  raw(value: Uint8Array): void {
    this.reserve(value.length);
    this.bytes.set(value, this.size);
    this.size += value.length;
  }

  /** UTF-8 within a column; how many bytes it took. */
  rawText(value: string): number {
    this.reserve(value.length * 3);
    const written = this.bytes.write(value, this.size, 'utf8');
    this.size += written;
    return written;
  }

  /** A big-endian int32 within a column. */
  int32Raw(value: number): void {
    this.reserve(4);
    this.size = this.bytes.writeInt32BE(value, this.size);
  }

  /** Puts an int32 over bytes that were written before. */
  patchInt32(value: number, at: number): void {
    this.bytes.writeInt32BE(value, at);
  }

  /** What was written from one position to another; valid until something more is written. */
  slice(from: number, to = this.size): Buffer {
    return this.bytes.subarray(from, to);
  }

  /** The rows as CopyData and CopyDone. Nothing may be written between this and `clear`. */
  message(): Buffer {
    this.reserve(2 + COPY_DONE.length);
    this.size = this.bytes.writeInt16BE(END_OF_ROWS, this.size);
    this.bytes.writeInt32BE(this.size - 1, 1);
    this.size += COPY_DONE.copy(this.bytes, this.size);
    return this.bytes.subarray(0, this.size);
  }

  private reserve(more: number): void {
    if (this.size + more <= this.bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.size + more));
    this.bytes.copy(grown, 0, 0, this.size);
    this.bytes = grown;
  }
}

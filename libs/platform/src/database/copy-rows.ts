/** Reads COPY … TO STDOUT (FORMAT binary): the counterpart of CopyBuffer. */
import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';

const HEADER_BYTES = 19;
const TRAILER = -1;
const POSTGRES_EPOCH_US = 946_684_800_000_000n;

/** One row, whose columns are read by their number, from 0. Valid until the next row. */
export class CopyRow {
  /** All columns with their lengths, without the number of columns before them. */
  bytes: Buffer = Buffer.alloc(0);
  /** Where each column's length stands; one more for the end. */
  readonly at: number[] = [];

  isNull(column: number): boolean {
    return this.bytes.readInt32BE(this.at[column]!) === -1;
  }

  int32(column: number): number {
    return this.bytes.readInt32BE(this.at[column]! + 4);
  }

  /** A bigint column as a number: exact up to 2^53. */
  int64(column: number): number {
    return Number(this.bytes.readBigInt64BE(this.at[column]! + 4));
  }

  /** A timestamptz column as Unix time in milliseconds, cut to whole ones. */
  timestamp(column: number): number {
    return Number((this.bytes.readBigInt64BE(this.at[column]! + 4) + POSTGRES_EPOCH_US) / 1000n);
  }

  text(column: number): string {
    return this.bytes.toString('utf8', this.at[column]! + 4, this.at[column + 1]);
  }

  /** The bytes of a column; a view of the row. */
  bytea(column: number): Buffer {
    return this.bytes.subarray(this.at[column]! + 4, this.at[column + 1]);
  }

  uuid(column: number): string {
    const hex = this.bytes.toString('hex', this.at[column]! + 4, this.at[column]! + 20);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  }

  /** A text[] column of one dimension without nulls. */
  textArray(column: number): string[] {
    const values: string[] = [];
    let at = this.at[column]! + 4;
    if (this.bytes.readInt32BE(at) === 0) return values;
    const count = this.bytes.readInt32BE(at + 12);
    at += 20;
    for (let index = 0; index < count; index += 1) {
      const length = this.bytes.readInt32BE(at);
      values.push(this.bytes.toString('utf8', at + 4, at + 4 + length));
      at += 4 + length;
    }
    return values;
  }

  /** The first columns with their lengths, in the form in which they were written. */
  leading(columns: number): Buffer {
    return this.bytes.subarray(0, this.at[columns]);
  }
}

/**
 * Calls back with each row that `select` answers; no more than a few buffers are held. What `onRow` throws ends it.
 * @param select the statement within COPY ( … ); parameters are not possible there
 */
export async function copyRows(client: pg.ClientBase, select: string, onRow: (row: CopyRow) => void): Promise<void> {
  const stream = client.query(copyTo(`COPY (${select}) TO STDOUT (FORMAT binary)`));
  const row = new CopyRow();
  let rest: Buffer = Buffer.alloc(0);
  let begun = false;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    if (!begun) {
      if (bytes.length < HEADER_BYTES) {
        rest = bytes;
        continue;
      }
      at = HEADER_BYTES;
      begun = true;
    }
    for (let next = readRow(bytes, at, row); next !== undefined; next = readRow(bytes, at, row)) {
      onRow(row);
      at = next;
    }
    rest = bytes.subarray(at);
  }
}

/** Where the row after this one begins; undefined when it is not there as a whole, or is the trailer. */
function readRow(bytes: Buffer, start: number, row: CopyRow): number | undefined {
  if (start + 2 > bytes.length) return undefined;
  const columns = bytes.readInt16BE(start);
  if (columns === TRAILER) return undefined;
  const begin = start + 2;
  let at = begin;
  for (let column = 0; column < columns; column += 1) {
    if (at + 4 > bytes.length) return undefined;
    row.at[column] = at - begin;
    at += 4 + Math.max(0, bytes.readInt32BE(at));
  }
  if (at > bytes.length) return undefined;
  row.at[columns] = at - begin;
  row.bytes = bytes.subarray(begin, at);
  return at;
}

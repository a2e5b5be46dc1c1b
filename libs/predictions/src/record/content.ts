/**
 * The bytes of `prediction_contents.content`: for each row its length (int32), 16 bytes of salt and so many bytes of JSON;
 * or, where the row was erased, the length 0 and the 32 bytes of SHA-256(salt ‖ JSON), which keep the proof whole.
 */
import { randomFillSync } from 'node:crypto';
import { HASH_BYTES, sha256, sha256Into } from '#audit';
import { CopyBuffer } from '#platform';
import type { RecordedRow } from './prediction-record.js';

const SALT_BYTES = 16;
/** Salts are drawn many at once: a draw costs more than its bytes. */
const salts = Buffer.alloc(SALT_BYTES * 1024);
let saltsUsed = salts.length;

function nextSalt(): Buffer {
  if (saltsUsed === salts.length) {
    randomFillSync(salts);
    saltsUsed = 0;
  }
  saltsUsed += SALT_BYTES;
  return salts.subarray(saltsUsed - SALT_BYTES, saltsUsed);
}

/** Appends a row's content to a column, and its digest SHA-256(salt ‖ JSON) to `digests` at `offset`. */
export function writeContent(column: CopyBuffer, json: string, digests: Buffer, offset: number): void {
  const lengthAt = column.position;
  column.int32Raw(0);
  const saltAt = column.position;
  column.raw(nextSalt());
  column.patchInt32(column.rawText(json), lengthAt);
  sha256Into(digests, offset, column.slice(saltAt));
}

/** A content of one row, for what is not written by COPY; and its digest. */
export function newContent(json: string): { readonly content: Buffer; readonly digest: Buffer } {
  const bytes = new CopyBuffer(json.length + 64);
  const digest = Buffer.alloc(HASH_BYTES);
  const start = bytes.position;
  writeContent(bytes, json, digest, 0);
  return { content: Buffer.from(bytes.slice(start)), digest };
}

export interface ContentRow {
  /** SHA-256(salt ‖ JSON). */
  readonly digest: Buffer;
  /** UTF-8 of the JSON; undefined where it was erased. */
  readonly json: Buffer | undefined;
}

/** The rows in a content, their digests computed anew. @throws RangeError where the bytes are none */
export function readContent(content: Buffer): ContentRow[] {
  const rows: ContentRow[] = [];
  for (let at = 0; at < content.length;) {
    const length = content.readInt32BE(at);
    const from = at + 4;
    const to = from + (length === 0 ? HASH_BYTES : SALT_BYTES + length);
    if (length < 0 || to > content.length) throw new RangeError('the content of a prediction is cut');
    const bytes = content.subarray(from, to);
    rows.push(
      length === 0 ? { digest: bytes, json: undefined } : { digest: sha256(bytes), json: bytes.subarray(SALT_BYTES) },
    );
    at = to;
  }
  return rows;
}

/** The JSON of the rows without its digest, for what needs no proof; undefined for one that was erased. @throws RangeError where the bytes are none */
export function* rowTexts(content: Buffer): Generator<Buffer | undefined> {
  for (let at = 0; at < content.length;) {
    const length = content.readInt32BE(at);
    const to = at + rowLength(length);
    if (length < 0 || to > content.length) throw new RangeError('the content of a prediction is cut');
    yield length === 0 ? undefined : content.subarray(at + 4 + SALT_BYTES, to);
    at = to;
  }
}

/** What the rows say; null for one that was erased. */
export function decodeContent(content: Buffer): (RecordedRow | null)[] {
  return readContent(content).map(({ json }) => (json ? (JSON.parse(json.toString('utf8')) as RecordedRow) : null));
}

/** Whether a row of the content was erased. Looks at lengths alone: other rows may be large. */
export function isErased(content: Buffer, row: number): boolean {
  let at = 0;
  for (let index = 0; index < row; index += 1) at += rowLength(content.readInt32BE(at));
  return content.readInt32BE(at) === 0;
}

function rowLength(jsonLength: number): number {
  return 4 + (jsonLength === 0 ? HASH_BYTES : SALT_BYTES + jsonLength);
}

/** The content without what `rows` say; their digests stay. */
export function eraseRows(content: Buffer, rows: ReadonlySet<number>): Buffer {
  const parts: Buffer[] = [];
  let at = 0;
  for (const [index, { digest, json }] of readContent(content).entries()) {
    const length = 4 + (json ? SALT_BYTES + json.length : HASH_BYTES);
    if (json && rows.has(index)) parts.push(Buffer.alloc(4), digest);
    else parts.push(content.subarray(at, at + length));
    at += length;
  }
  return Buffer.concat(parts);
}

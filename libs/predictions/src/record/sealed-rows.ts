/**
 * The content of a record made outside of the server's thread: the bytes of `content.ts` and the digest of each row. Imports Node
 * alone, so that a thread that makes it loads nothing else.
 */
import { hash, randomFillSync } from 'node:crypto';

const SALT_BYTES = 16;
const DIGEST_BYTES = 32;
const LENGTH_BYTES = 4;

export interface SealedRows {
  /** Rows. */
  readonly length: number;
  /** As in `prediction_contents.content`. */
  readonly content: Uint8Array;
  /** SHA-256(salt ‖ JSON) of each row, one after the other. */
  readonly digests: Uint8Array;
}

export function isSealed(rows: readonly string[] | SealedRows): rows is SealedRows {
  return !Array.isArray(rows);
}

/** Gathers the rows of one record; used again for the next one. */
export class RowSealer {
  private bytes: Buffer = Buffer.allocUnsafe(256 * 1024);
  private digests: Buffer = Buffer.allocUnsafe(1024 * DIGEST_BYTES);
  private salts: Buffer = Buffer.alloc(0);
  private size = 0;
  private count = 0;

  add(json: string): void {
    const most = LENGTH_BYTES + SALT_BYTES + json.length * 3;
    if (this.size + most > this.bytes.length) this.bytes = grown(this.bytes, this.size, most);
    const { bytes, size } = this;
    const saltAt = size + LENGTH_BYTES;
    this.salt().copy(bytes, saltAt);
    const end = saltAt + SALT_BYTES + bytes.write(json, saltAt + SALT_BYTES, 'utf8');
    bytes.writeInt32BE(end - saltAt - SALT_BYTES, size);
    const at = this.count * DIGEST_BYTES;
    if (at === this.digests.length) this.digests = grown(this.digests, at, DIGEST_BYTES);
    // A string between costs less than a Buffer of its own.
    this.digests.write(hash('sha256', bytes.subarray(saltAt, end), 'latin1' as 'hex'), at, DIGEST_BYTES, 'latin1');
    this.size = end;
    this.count += 1;
  }

  /** What was added, in memory of its own. */
  take(): SealedRows {
    const sealed = {
      length: this.count,
      content: new Uint8Array(this.bytes.subarray(0, this.size)),
      digests: new Uint8Array(this.digests.subarray(0, this.count * DIGEST_BYTES)),
    };
    this.size = 0;
    this.count = 0;
    return sealed;
  }

  /** Salts are drawn many at once: a draw costs more than its bytes. */
  private salt(): Buffer {
    if (this.salts.length === 0) this.salts = randomFillSync(Buffer.allocUnsafe(1024 * SALT_BYTES));
    const salt = this.salts.subarray(0, SALT_BYTES);
    this.salts = this.salts.subarray(SALT_BYTES);
    return salt;
  }
}

function grown(bytes: Buffer, used: number, more: number): Buffer {
  const larger = Buffer.allocUnsafe(Math.max(2 * bytes.length, used + more));
  bytes.copy(larger, 0, 0, used);
  return larger;
}

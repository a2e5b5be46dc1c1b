/**
 * Merkle trees of RFC 6962 §2.1 over SHA-256: a leaf's hash is H(0x00 ‖ leaf), that of an inner node
 * H(0x01 ‖ left ‖ right), and a tree of n leaves has its largest power of two smaller than n on the left.
 */
import { hash } from 'node:crypto';

export const HASH_BYTES = 32;
const LEAF_PREFIX = 0x00;
const NODE_PREFIX = 0x01;

/** SHA-256 of `bytes`, written to `target`: as a string between, which costs less than a Buffer of its own. */
export function sha256Into(target: Buffer, offset: number, bytes: Uint8Array): void {
  target.write(hash('sha256', bytes, 'latin1' as 'hex'), offset, HASH_BYTES, 'latin1');
}

export function sha256(bytes: Uint8Array | string): Buffer {
  return hash('sha256', bytes, 'buffer');
}

/** H(0x00 ‖ leaf). */
export function leafHash(leaf: Uint8Array): Buffer {
  return sha256(Buffer.concat([Buffer.of(LEAF_PREFIX), leaf]));
}

function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return sha256(Buffer.concat([Buffer.of(NODE_PREFIX), left, right]));
}

/**
 * The root over hashes of leaves. Pairs level by level give RFC 6962's tree: a hash without a partner moves up as it is.
 * @param leaves hashes one after the other, `count × 32` bytes, at least one; they are overwritten
 */
export function merkleRoot(leaves: Buffer, count: number): Buffer {
  const pair = Buffer.allocUnsafe(1 + 2 * HASH_BYTES);
  pair[0] = NODE_PREFIX;
  for (let width = count; width > 1; width = (width + 1) >> 1) {
    for (let node = 0; node < width >> 1; node += 1) {
      leaves.copy(pair, 1, 2 * node * HASH_BYTES, 2 * (node + 1) * HASH_BYTES);
      sha256Into(leaves, node * HASH_BYTES, pair);
    }
    if (width & 1) leaves.copy(leaves, (width >> 1) * HASH_BYTES, (width - 1) * HASH_BYTES, width * HASH_BYTES);
  }
  return Buffer.from(leaves.subarray(0, HASH_BYTES));
}

/** What shows that leaf `index` is in the tree: its siblings from the bottom to the top (RFC 6962 §2.1.1). */
export function inclusionPath(leaves: readonly Buffer[], index: number): Buffer[] {
  const path: Buffer[] = [];
  let level = [...leaves];
  for (let at = index; level.length > 1; at >>= 1) {
    const sibling = level[at ^ 1];
    if (sibling) path.push(sibling);
    const above: Buffer[] = [];
    for (let node = 0; node < level.length; node += 2) {
      const [left, right] = [level[node]!, level[node + 1]];
      above.push(right ? nodeHash(left, right) : left);
    }
    level = above;
  }
  return path;
}

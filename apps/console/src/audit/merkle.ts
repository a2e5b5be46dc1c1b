/** The way from a leaf to the root of its Merkle tree (RFC 6962 §2.1.1), over SHA-256. */
import { fromHex, sha256, toHex } from './bytes';

const LEAF_PREFIX = Uint8Array.of(0x00);
const NODE_PREFIX = Uint8Array.of(0x01);

/** One sibling taken in. Hashes are hexadecimal. */
export interface PathStep {
  readonly sibling: string;
  /** Where the sibling stands. */
  readonly side: 'left' | 'right';
  /** Hash of the node above both. */
  readonly node: string;
}

export interface MerklePath {
  readonly leafHash: string;
  readonly steps: readonly PathStep[];
  /** Where the path ends; undefined if it has not exactly the siblings that the leaf's place wants. */
  readonly root: string | undefined;
}

/**
 * A node without a partner moves up as it is.
 * @param leaf the record's bytes
 * @param index place of the leaf among `count`, from 0
 * @param path siblings from the leaf to the root, hexadecimal
 */
export async function climb(
  leaf: Uint8Array,
  index: number,
  count: number,
  path: readonly string[],
): Promise<MerklePath> {
  let node = await sha256(LEAF_PREFIX, leaf);
  const leafHash = toHex(node);
  const steps: PathStep[] = [];
  let at = index;
  for (let last = count - 1; last > 0; last >>= 1, at >>= 1) {
    if (at === last && at % 2 === 0) continue;
    const sibling = path[steps.length];
    if (sibling === undefined) return { leafHash, steps, root: undefined };
    const side = at % 2 === 1 ? 'left' : 'right';
    const [left, right] = side === 'left' ? [fromHex(sibling), node] : [node, fromHex(sibling)];
    node = await sha256(NODE_PREFIX, left, right);
    steps.push({ sibling, side, node: toHex(node) });
  }
  const isWhole = steps.length === path.length && index >= 0 && index < count;
  return { leafHash, steps, root: isWhole ? toHex(node) : undefined };
}

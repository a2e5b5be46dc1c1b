import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inclusionPath, leafHash, merkleRoot, sha256 } from './merkle.js';

function nodeHash(left: Buffer, right: Buffer): Buffer {
  return sha256(Buffer.concat([Buffer.of(1), left, right]));
}

/** RFC 6962 §2.1, word by word. */
function treeHash(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 1) return leaves[0]!;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return nodeHash(treeHash(leaves.slice(0, split)), treeHash(leaves.slice(split)));
}

/** As who checks a proof goes (docs/check-proof.mjs): the root that a path leads to, to be compared with the one that was signed; undefined when the path does not fit. */
function rootOfPath(leaf: Buffer, index: number, count: number, path: readonly Buffer[]): Buffer | undefined {
  if (index < 0 || index >= count) return undefined;
  let node = leaf;
  let used = 0;
  for (let [at, last] = [index, count - 1]; last > 0; at >>= 1, last >>= 1) {
    if (at === last && (at & 1) === 0) continue; // without a partner
    const sibling = path[used++];
    if (!sibling) return undefined;
    node = at & 1 ? nodeHash(sibling, node) : nodeHash(node, sibling);
  }
  return used === path.length ? node : undefined;
}

const someLeaves = fc
  .array(fc.uint8Array({ maxLength: 20 }), { minLength: 1, maxLength: 70 })
  .map((leaves) => leaves.map((leaf) => leafHash(leaf)));

describe('a Merkle tree', () => {
  it('has the roots of RFC 6962', () => {
    // The leaf of nothing, and the test vectors of Certificate Transparency's reference implementations.
    expect(leafHash(Buffer.alloc(0)).toString('hex')).toBe(
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    );
    const leaves = [
      '',
      '00',
      '10',
      '2021',
      '3031',
      '40414243',
      '5051525354555657',
      '606162636465666768696a6b6c6d6e6f',
    ].map((hex) => leafHash(Buffer.from(hex, 'hex')));
    expect(merkleRoot(Buffer.concat(leaves), 8).toString('hex')).toBe(
      '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
    );
    fc.assert(
      fc.property(someLeaves, (leaves) => {
        expect(merkleRoot(Buffer.concat(leaves), leaves.length)).toEqual(treeHash(leaves));
      }),
    );
  });

  it('has a path for each leaf, and none for another leaf, place or size', () => {
    fc.assert(
      fc.property(someLeaves, fc.nat(), (leaves, any) => {
        const index = any % leaves.length;
        const path = inclusionPath(leaves, index);
        const root = treeHash(leaves);
        expect(rootOfPath(leaves[index]!, index, leaves.length, path)).toEqual(root);
        expect(rootOfPath(leafHash(Buffer.from('another')), index, leaves.length, path)).not.toEqual(root);
        expect(rootOfPath(leaves[index]!, leaves.length, leaves.length, path)).toBeUndefined();
        if (path.length > 0) expect(rootOfPath(leaves[index]!, index, leaves.length, path.slice(1))).toBeUndefined();
        expect(rootOfPath(leaves[index]!, index, leaves.length, [...path, root])).toBeUndefined();
      }),
    );
  });
});

/** Checks in the browser what a proof claims: the same as docs/check-proof.mjs does without a browser. */
import { fromBase64, sha256, toHex } from './bytes';
import { kidOf, signatureHolds } from './ed25519';
import { climb, type MerklePath } from './merkle';
import type { AuditProof } from './queries';

export interface ProofCheck {
  readonly path: MerklePath;
  /** The bytes begin with the id that was asked for. */
  readonly isItsLeaf: boolean;
  /** The path leads from the leaf to the batch's root. */
  readonly isInTree: boolean;
  /** The signed statement names this batch, its root and its number of leaves, and is what the next batch names. */
  readonly isItsBatch: boolean;
  /** The signature is the key's, and the key has the name that the batch gives it. Undefined: this browser cannot tell. */
  readonly isSigned: boolean | undefined;
}

export type Verdict = 'holds' | 'unsigned' | 'broken';

/** @throws TypeError where there is no WebCrypto */
export async function checkProof({ id, leaf, index, path, batch, publicKey }: AuditProof): Promise<ProofCheck> {
  const bytes = fromBase64(leaf);
  const climbed = await climb(bytes, index, batch.count, path);
  const [, shard, seq, , count, root] = batch.statement.split('\n');
  const head = toHex(await sha256(new TextEncoder().encode(batch.statement)));
  const isItsKey = (await kidOf(publicKey)) === batch.kid;
  const isSigned = await signatureHolds(batch.statement, batch.signature, publicKey);
  return {
    path: climbed,
    // A column's length, then 16 bytes.
    isItsLeaf: toHex(bytes.subarray(4, 20)) === id.replaceAll('-', ''),
    isInTree: climbed.root === batch.root,
    isItsBatch:
      shard === String(batch.shard) &&
      seq === String(batch.seq) &&
      count === String(batch.count) &&
      root === batch.root &&
      head === batch.head,
    isSigned: isSigned === undefined ? undefined : isSigned && isItsKey,
  };
}

export function verdictOf({ isItsLeaf, isInTree, isItsBatch, isSigned }: ProofCheck): Verdict {
  if (!isItsLeaf || !isInTree || !isItsBatch || isSigned === false) return 'broken';
  return isSigned ? 'holds' : 'unsigned';
}

/** All batches in little memory: what is in which, and which of their leaves have been seen. */
import { HASH_BYTES, merkleRoot } from '../chain/merkle.js';
import type { BatchKind } from '../chain/batch.js';

const KINDS: readonly BatchKind[] = ['predictions', 'events'];

const LARGEST_GAP = 1_000_000;

interface ShardBatches {
  /** Sequence number of the first one. */
  first: number;
  size: number;
  kinds: Uint8Array;
  counts: Int32Array;
  roots: Buffer;
  seen: Int32Array;
}

interface OpenBatch {
  readonly leaves: Buffer;
  readonly present: Uint8Array;
}

export interface BatchGap {
  readonly shard: number;
  readonly seq: number;
  readonly kind: BatchKind;
  readonly count: number;
  /** Of its leaves, how many were there. */
  readonly seen: number;
}

export type LeafOutcome = 'taken' | 'root-holds' | 'root-broken' | 'no-such-batch' | 'no-such-leaf' | 'leaf-twice';

export class BatchIndex {
  private readonly shards = new Map<number, ShardBatches>();
  private readonly open = new Map<string, OpenBatch>();

  /** Batches of a shard come in the order of their numbers. One far behind a gap is not taken in: it is a fault by itself. */
  add(shard: number, seq: number, kind: BatchKind, count: number, root: Buffer): void {
    let batches = this.shards.get(shard);
    if (!batches) this.shards.set(shard, (batches = newShard(seq)));
    const index = seq - batches.first;
    if (index < batches.size || index > batches.size + LARGEST_GAP) return;
    while (index >= batches.counts.length) grow(batches);
    batches.kinds[index] = KINDS.indexOf(kind);
    batches.counts[index] = count;
    root.copy(batches.roots, index * HASH_BYTES);
    batches.size = index + 1;
  }

  /** Takes a leaf; with the last one of a batch its root is compared. */
  take(kind: BatchKind, shard: number, seq: number, leaf: number, hash: Buffer): LeafOutcome {
    const batches = this.shards.get(shard);
    const index = seq - (batches?.first ?? 0);
    if (!batches || index < 0 || index >= batches.size || KINDS[batches.kinds[index]!] !== kind) return 'no-such-batch';
    const count = batches.counts[index]!;
    if (leaf < 0 || leaf >= count) return 'no-such-leaf';
    const name = `${shard}/${seq}`;
    let open = this.open.get(name);
    if (!open) {
      if (batches.seen[index]! > 0) return 'leaf-twice';
      this.open.set(name, (open = { leaves: Buffer.allocUnsafe(count * HASH_BYTES), present: new Uint8Array(count) }));
    }
    if (open.present[leaf]) return 'leaf-twice';
    open.present[leaf] = 1;
    hash.copy(open.leaves, leaf * HASH_BYTES);
    batches.seen[index]! += 1;
    if (batches.seen[index] !== count) return 'taken';
    this.open.delete(name);
    const root = batches.roots.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES);
    return merkleRoot(open.leaves, count).equals(root) ? 'root-holds' : 'root-broken';
  }

  /** Batches of which not all leaves were seen. */
  *gaps(): Generator<BatchGap> {
    for (const [shard, { first, size, kinds, counts, seen }] of this.shards) {
      for (let index = 0; index < size; index += 1) {
        const count = counts[index]!;
        if (seen[index]! < count)
          yield { shard, seq: first + index, kind: KINDS[kinds[index]!]!, count, seen: seen[index]! };
      }
    }
  }

  /** Numbers of the leaves that a batch lacks. */
  missingLeaves({ shard, seq, count }: BatchGap): number[] {
    const present = this.open.get(`${shard}/${seq}`)?.present;
    return Array.from({ length: count }, (_, leaf) => leaf).filter((leaf) => !present?.[leaf]);
  }
}

function newShard(first: number): ShardBatches {
  const size = 1_024;
  return {
    first,
    size: 0,
    kinds: new Uint8Array(size),
    counts: new Int32Array(size),
    roots: Buffer.alloc(size * HASH_BYTES),
    seen: new Int32Array(size),
  };
}

function grow(batches: ShardBatches): void {
  const size = 2 * batches.counts.length;
  const { kinds, counts, roots, seen } = batches;
  batches.kinds = new Uint8Array(size);
  batches.kinds.set(kinds);
  batches.counts = new Int32Array(size);
  batches.counts.set(counts);
  batches.roots = Buffer.alloc(size * HASH_BYTES);
  roots.copy(batches.roots);
  batches.seen = new Int32Array(size);
  batches.seen.set(seen);
}

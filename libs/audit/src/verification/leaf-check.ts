/** The records themselves against the batches that seal them. */
import type pg from 'pg';
import { copyRows, idTime } from '#platform';
import type { BatchIndex } from './batch-index.js';
import type { Acts } from './acts.js';
import type { Findings } from './finding.js';
import type { Leaf, LeafSource } from './leaf-source.js';
import type { TrustedKeys } from './trusted-keys.js';
import type { VerificationProgress } from './verification-progress.js';

/** An event that is younger may be about to be sealed. */
const SEAL_WITHIN_MS = 120_000;
/** Altered records that are compared with each other. */
const MOST_ALTERED = 64;

export interface LeafSummary {
  records: number;
  /** In no batch, from before there were proofs. */
  unproven: number;
  /** Signed, but in no batch yet. */
  unsealed: number;
}

export class LeafCheck {
  private readonly altered: Leaf[] = [];
  private readonly summary: LeafSummary = { records: 0, unproven: 0, unsealed: 0 };

  constructor(
    private readonly source: LeafSource,
    private readonly index: BatchIndex,
    private readonly keys: TrustedKeys,
    private readonly acts: Acts,
    private readonly findings: Findings,
    private readonly progress?: VerificationProgress,
  ) {}

  async run(client: pg.Client, sinceMs: number | undefined): Promise<LeafSummary> {
    const { source } = this;
    // A batch may hold records from a moment before it was sealed.
    const marginMs = sinceMs === undefined ? undefined : Math.max(0, sinceMs - SEAL_WITHIN_MS);
    const select = source.select({ sinceMs: marginMs });
    await this.progress?.begin(source.kind, client, select);
    await copyRows(client, select, (row) => {
      this.progress?.step();
      this.check(source.read(row, this.acts), sinceMs);
    });
    this.explainAltered();
    if (source.besides) {
      const { rows } = await client.query<Record<string, string>>(source.besides.select);
      for (const row of rows) this.findings.add({ code: source.besides.code, message: Object.values(row)[0]! });
    }
    return this.summary;
  }

  private check(leaf: Leaf, sinceMs: number | undefined): void {
    this.summary.records += 1;
    const { id, place } = leaf;
    for (const fault of leaf.faults)
      this.findings.add({ code: 'record-altered', id, ...placeOf(leaf), message: fault });
    const forged = this.isForged(leaf);
    if (!place) {
      this.checkUnsealed(leaf, forged);
      return;
    }
    const { shard, seq } = place;
    const hash = leaf.stored ?? leaf.computed;
    const outcome = this.index.take(this.source.kind, shard, seq, place.leaf, hash);
    if (outcome === 'no-such-batch' && sinceMs !== undefined && idTime(id).getTime() < sinceMs) return;
    if (forged || (leaf.stored && !leaf.stored.equals(leaf.computed))) {
      this.altered.push(leaf);
      if (this.altered.length > MOST_ALTERED) this.tellAltered(this.altered.shift()!);
    } else if (outcome === 'root-broken') {
      this.findings.add({
        code: 'record-altered',
        shard,
        seq,
        message: `Batch ${seq} of chain ${shard} seals other ${this.source.noun}s than are there: one of them was altered or replaced.`,
      });
    } else if (outcome !== 'taken' && outcome !== 'root-holds') {
      this.findings.add({
        code: 'record-inserted',
        shard,
        seq,
        id,
        message: `The ${this.source.noun} ${id} names a place in batch ${seq} of chain ${shard} that is not its own: it was inserted.`,
      });
    }
  }

  private isForged({ signed, place }: Leaf): boolean {
    if (!signed) return signed === null && place !== null;
    return !this.keys.holds(signed.statement, signed.kid, signed.signature);
  }

  private checkUnsealed(leaf: Leaf, forged: boolean): void {
    const { noun } = this.source;
    if (forged) {
      this.findings.add({
        code: 'event-forged',
        id: leaf.id,
        message: `The ${noun} ${leaf.id} was not written by a server of the trusted keys, or was altered.`,
      });
    } else if (!leaf.signed) {
      this.summary.unproven += 1;
    } else if (Date.now() - idTime(leaf.id).getTime() > SEAL_WITHIN_MS) {
      this.summary.unsealed += 1;
    }
  }

  /** Pairs whose contents or places were exchanged are told as such; the others are altered. */
  private explainAltered(): void {
    const { source } = this;
    while (this.altered.length > 0) {
      const one = this.altered.shift()!;
      const other = this.altered.findIndex((candidate) => source.exchanged?.(one, candidate) !== undefined);
      if (other === -1) {
        this.tellAltered(one);
        continue;
      }
      const [partner] = this.altered.splice(other, 1);
      this.findings.add({
        code: 'records-exchanged',
        id: one.id,
        ...placeOf(one),
        message: `The ${source.noun}s ${one.id} and ${partner!.id} ${source.exchanged!(one, partner!)}.`,
      });
    }
  }

  private tellAltered(leaf: Leaf): void {
    this.findings.add({
      code: 'record-altered',
      id: leaf.id,
      ...placeOf(leaf),
      message: `The ${this.source.noun} ${leaf.id} was altered after it was sealed.`,
    });
  }
}

function placeOf({ place }: Leaf): { shard?: number; seq?: number } {
  return place ? { shard: place.shard, seq: place.seq } : {};
}

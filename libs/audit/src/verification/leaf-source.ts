/** Where the leaves of a kind of batch are read from. Each lib that records something gives one. */
import { Injectable } from '@nestjs/common';
import { idFloor, type CopyRow } from '#platform';
import type { BatchKind } from '../chain/batch.js';
import type { Acts } from './acts.js';
import type { FindingCode } from './finding.js';

/** Which leaves are read: all, those from a moment on, those of one batch, or one record. */
export interface LeafSelection {
  readonly sinceMs?: number;
  readonly batch?: { readonly shard: number; readonly seq: number };
  readonly id?: string;
  /** From this id on, and before that one: where the records of a batch are looked for. */
  readonly ids?: { readonly from: string; readonly to: string };
}

/**
 * The selection as a condition in SQL.
 * @param record alias of the table with the record's `id`
 * @param seal alias of the table with `shard` and `seq`
 */
export function conditionOf({ sinceMs, batch, id, ids }: LeafSelection, record: string, seal: string): string {
  const conditions = [
    ...(sinceMs === undefined ? [] : [`${record}.id >= '${idFloor(new Date(sinceMs))}'`]),
    ...(batch ? [`${seal}.shard = ${batch.shard} AND ${seal}.seq = ${batch.seq}`] : []),
    ...(ids ? [`${record}.id >= '${ids.from}' AND ${record}.id < '${ids.to}'`] : []),
    ...(id === undefined ? [] : [`${record}.id = '${id}'`]),
  ];
  return conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
}

export interface Leaf {
  readonly id: string;
  /** Null: in no batch. */
  readonly place: { readonly shard: number; readonly seq: number; readonly leaf: number } | null;
  /** What the record's own signature covers, where it has one; it names an alteration to the record. */
  readonly signed?: { readonly statement: string; readonly kid: string; readonly signature: Buffer } | null;
  /** The leaf's bytes as they are now. */
  readonly bytes: Buffer;
  /** H(0x00 ‖ bytes). */
  readonly computed: Buffer;
  /** The leaf's hash as it was stored with the record, where it was. */
  readonly stored?: Buffer;
  /** What does not hold although the hash may: sentences. */
  readonly faults: readonly string[];
}

export interface LeafSource {
  readonly kind: BatchKind;
  /** What a record is called in a sentence: `prediction`. */
  readonly noun: string;
  /** A SELECT for `COPY (…) TO`, ordered by id. Ids in `selection` are UUIDs. */
  select(selection: LeafSelection): string;
  read(row: CopyRow, acts: Acts): Leaf;
  /**
   * What was exchanged between two records that are both altered, if that explains it: a sentence's end.
   */
  exchanged?(one: Leaf, other: Leaf): string | undefined;
  /** Faults in tables beside the leaves: a SELECT that answers one column of sentences. */
  readonly besides?: { readonly code: FindingCode; readonly select: string };
}

/** All that is recorded, by kind. */
@Injectable()
export class LeafSources {
  private readonly sources: LeafSource[] = [];

  add(source: LeafSource): void {
    this.sources.push(source);
  }

  all(): readonly LeafSource[] {
    return this.sources;
  }
}

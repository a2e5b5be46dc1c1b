/**
 * What is signed. A shard is the chain of one process of one replica; it begins with an opening statement and goes on in
 * batches, each of which names the one before it by its hash. All statements are text, so that they can be checked with
 * any tool: `docs/audit.md` does it in 30 lines.
 */
import { sign, verify, type KeyObject } from 'node:crypto';
import { sha256 } from './merkle.js';

/** What the leaves of a batch are; where they are read from depends on it. */
export type BatchKind = 'predictions' | 'events';

export interface BatchHead {
  readonly shard: number;
  /** From 1, without gaps. */
  readonly seq: number;
  readonly kind: BatchKind;
  readonly count: number;
  /** Merkle root over the leaves. */
  readonly root: Buffer;
  /** Hash of the batch before; of the first one: of the shard's opening statement. */
  readonly previous: Buffer;
  /** Unix time in milliseconds. */
  readonly sealedAtMs: number;
}

/** The text whose SHA-256 is the batch's `head`. */
export function batchStatement({ shard, seq, kind, count, root, previous, sealedAtMs }: BatchHead): string {
  return `latido batch 1\n${shard}\n${seq}\n${kind}\n${count}\n${root.toString('hex')}\n${previous.toString('hex')}\n${sealedAtMs}\n`;
}

/** Hash of a statement, by which the next one names it. */
export function statementHash(statement: string): Buffer {
  return sha256(statement);
}

/** Ed25519 (RFC 8032) over the statement's UTF-8 bytes: 64 bytes. */
export function signStatement(statement: string, key: KeyObject): Buffer {
  return sign(null, Buffer.from(statement), key);
}

export function statementHolds(statement: string, signature: Uint8Array, key: KeyObject): boolean {
  return signature.length === 64 && verify(null, Buffer.from(statement), key, signature);
}

/** How a shard begins. The names stand in the signed JSON. */
export interface OpeningStatement {
  readonly latido: 'opening';
  readonly format: 1;
  readonly shard: number;
  readonly replica: string;
  /** Counts the shards of the replica, from 1. */
  readonly epoch: number;
  readonly openedAt: string;
  /** Ends of the shards before it that no earlier opening names: to drop one of them breaks this one's promise. */
  readonly heads: readonly HeadReference[];
  /** What had been recorded before there were proofs, and is outside all chains. In the first opening of a database. */
  readonly unproven?: { readonly predictions: number; readonly events: number };
}

/** Hashes are hexadecimal. */
export interface HeadReference {
  readonly shard: number;
  readonly seq: number;
  readonly head: string;
}

/** All chains as they stood at a moment, written where the database's owner cannot change it. */
export interface CheckpointStatement {
  readonly latido: 'checkpoint';
  readonly format: 1;
  readonly at: string;
  /** Shards that have grown since the checkpoint before of the same process; all of them in its first. */
  readonly heads: readonly HeadReference[];
}

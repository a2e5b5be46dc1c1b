/** What a checkpoint states: where the chains of the record ended. Pure. */

export interface ChainEnd {
  /** The chain's number: one for each start of a process that records. */
  readonly shard: number;
  /** The last batch, counted from 1. */
  readonly seq: number;
  /** Its hash, hexadecimal. */
  readonly head: string;
}

export interface CheckpointStatement {
  /** ISO 8601. */
  readonly at: string;
  readonly chains: readonly ChainEnd[];
}

function isChainEnd(value: unknown): value is ChainEnd {
  if (typeof value !== 'object' || value === null) return false;
  const { shard, seq, head } = value as Readonly<Record<string, unknown>>;
  return typeof shard === 'number' && typeof seq === 'number' && typeof head === 'string';
}

/** Undefined of a text that is no checkpoint of a format that is known here. */
export function readCheckpoint(statement: string): CheckpointStatement | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(statement);
  } catch {
    return undefined;
  }
  if (typeof parsed !== 'object' || parsed === null) return undefined;
  const { latido, format, at, heads } = parsed as Readonly<Record<string, unknown>>;
  const known = latido === 'checkpoint' && format === 1 && typeof at === 'string' && Array.isArray(heads);
  if (!known || !heads.every(isChainEnd)) return undefined;
  return { at, chains: heads };
}

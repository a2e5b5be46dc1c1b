/**
 * Verifies the whole record by what the database holds, public keys and checkpoints: nothing of a server is asked or trusted. Needs
 * a role that may read.
 */
import type pg from 'pg';
import type { BatchKind } from '../chain/batch.js';
import type { CheckpointLine } from '../chain/checkpoints.js';
import { Acts } from './acts.js';
import { BatchIndex } from './batch-index.js';
import { ChainCheck } from './chain-check.js';
import { Findings, type Finding } from './finding.js';
import { LeafCheck, type LeafSummary } from './leaf-check.js';
import type { LeafSource } from './leaf-source.js';
import { TrustedKeys } from './trusted-keys.js';
import type { VerificationProgress } from './verification-progress.js';

export interface VerifyOptions {
  readonly sources: readonly LeafSource[];
  /** PEM of the public keys that the auditor trusts; without one those in the database are taken, which proves less. */
  readonly publicKeys?: readonly string[];
  readonly checkpoints?: readonly CheckpointLine[];
  /** Only what was sealed at this moment or later. */
  readonly since?: Date;
  /** Who watches it. Counting beforehand what there is costs a little. */
  readonly progress?: VerificationProgress;
}

export interface VerifyReport {
  readonly holds: boolean;
  /** Where the keys come from: of the auditor, or of the database that is verified. */
  readonly keys: 'given' | 'database';
  readonly chains: number;
  readonly batches: number;
  readonly records: Readonly<Record<BatchKind, LeafSummary>>;
  /** Batches whose records are gone with a month that a recorded act dropped. */
  readonly droppedBatches: number;
  readonly checkpoints: number;
  /** At most 100, the first place first. */
  readonly findings: readonly Finding[];
  readonly moreFindings: number;
}

/** @param client on a connection of its own; all is read in one snapshot, while others go on writing */
export async function verifyRecord(client: pg.Client, options: VerifyOptions): Promise<VerifyReport> {
  await client.query('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
  try {
    // A million rows are sorted or merged at once, not in pieces on disk.
    await client.query("SET LOCAL work_mem = '256MB'");
    return await verifyInSnapshot(client, options);
  } finally {
    await client.query('ROLLBACK');
  }
}

async function verifyInSnapshot(client: pg.Client, options: VerifyOptions): Promise<VerifyReport> {
  const { sources, publicKeys = [], checkpoints = [], since, progress } = options;
  const keys = new TrustedKeys();
  for (const pem of publicKeys) keys.add(pem);
  const given = keys.size > 0;
  if (given) await keys.follow(client);
  else {
    const { rows } = await client.query<{ public_key: string }>('SELECT public_key FROM audit_keys');
    for (const row of rows) keys.add(row.public_key);
  }
  const findings = new Findings();
  const index = new BatchIndex();
  const chains = new ChainCheck(client, keys, index, findings, progress);
  const sinceMs = since?.getTime();
  await chains.run(checkpoints, sinceMs);
  const acts = await Acts.read(client, keys);
  const records: Partial<Record<BatchKind, LeafSummary>> = {};
  for (const source of sources) {
    const summary = await new LeafCheck(source, index, keys, acts, findings, progress).run(client, sinceMs);
    records[source.kind] = summary;
    const allowed = chains.summary.unproven[source.kind];
    if (sinceMs === undefined && summary.unproven > allowed) {
      findings.add({
        code: 'record-unsealed',
        message: `${summary.unproven} ${source.noun}s are in no chain; when the first one began there were ${allowed}: the others were inserted.`,
      });
    }
  }
  const droppedBatches = await checkGaps(client, index, acts, findings, progress);
  const sorted = findings.sorted();
  return {
    holds: sorted.length === 0,
    keys: given ? 'given' : 'database',
    chains: chains.summary.shards,
    batches: chains.summary.batches,
    records: records as Record<BatchKind, LeafSummary>,
    droppedBatches,
    checkpoints: checkpoints.length,
    findings: sorted,
    moreFindings: findings.more,
  };
}

/** Batches with leaves that are not there: how many of them a recorded act explains; the others are findings. */
async function checkGaps(
  client: pg.Client,
  index: BatchIndex,
  acts: Acts,
  findings: Findings,
  progress?: VerificationProgress,
): Promise<number> {
  let explained = 0;
  for (const gap of index.gaps()) {
    progress?.gone.throwIfAborted();
    const { shard, seq, kind, count, seen } = gap;
    const { rows } = await client.query<{ at: Date }>(
      'SELECT sealed_at AS at FROM audit_batches WHERE shard = $1 AND seq = $2',
      [shard, seq],
    );
    if (kind === 'predictions' && rows[0] && acts.coversBatch(rows[0].at.getTime())) {
      explained += 1;
      continue;
    }
    const missing = index.missingLeaves(gap);
    const which = missing.length > 5 ? '' : ` (${missing.length === 1 ? 'place' : 'places'} ${missing.join(', ')})`;
    findings.add({
      code: 'record-deleted',
      shard,
      seq,
      message: `${count - seen} of the ${count} ${kind} that batch ${seq} of chain ${shard} seals are not there${which}: deleted.`,
    });
  }
  return explained;
}

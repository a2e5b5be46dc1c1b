/** The chains themselves: openings, batches and their signatures, against each other and against checkpoints. */
import type pg from 'pg';
import { copyRows } from '#platform';
import {
  batchStatement,
  statementHash,
  type BatchKind,
  type CheckpointStatement,
  type HeadReference,
  type OpeningStatement,
} from '../chain/batch.js';
import type { CheckpointLine } from '../chain/checkpoints.js';
import type { BatchIndex } from './batch-index.js';
import type { Findings } from './finding.js';
import type { TrustedKeys } from './trusted-keys.js';
import type { VerificationProgress } from './verification-progress.js';

/** Verifications of signatures that run beside this thread, at most. */
const MOST_PENDING = 256;

interface ShardRow {
  readonly id: number;
  readonly replica: string;
  readonly epoch: number;
  readonly statement: string;
  readonly kid: string;
  readonly signature: Buffer;
}

interface ShardState {
  readonly opening: OpeningStatement;
  /** Hash that the next batch must name. */
  head: Buffer;
  seq: number;
}

export interface ChainSummary {
  shards: number;
  batches: number;
  /** What the first opening says was there before there were proofs. */
  unproven: { predictions: number; events: number };
}

export class ChainCheck {
  private readonly shards = new Map<number, ShardState>();
  /** `shard/seq` to the head that an opening or a checkpoint names, and who names it. */
  private readonly promises = new Map<string, { readonly head: string; readonly by: string }[]>();
  private readonly pending = new Set<Promise<void>>();
  readonly summary: ChainSummary = { shards: 0, batches: 0, unproven: { predictions: 0, events: 0 } };

  constructor(
    private readonly client: pg.Client,
    private readonly keys: TrustedKeys,
    private readonly index: BatchIndex,
    private readonly findings: Findings,
    private readonly progress?: VerificationProgress,
  ) {}

  /** @param sinceMs batches sealed before it are left out, but for the head that the first one names */
  async run(checkpoints: readonly CheckpointLine[], sinceMs: number | undefined): Promise<void> {
    await this.readOpenings();
    for (const line of checkpoints) this.readCheckpoint(line);
    await this.readBatches(sinceMs);
    this.checkPromises(sinceMs);
  }

  private async readOpenings(): Promise<void> {
    const { rows } = await this.client.query<ShardRow>(
      'SELECT id, replica, epoch, statement, kid, signature FROM audit_shards ORDER BY id',
    );
    for (const { id, replica, epoch, statement, kid, signature } of rows) {
      this.summary.shards += 1;
      if (!this.keys.holds(statement, kid, signature)) {
        this.findings.add({
          code: 'opening-forged',
          shard: id,
          message: this.keys.get(kid)
            ? `The opening of chain ${id} does not bear a valid signature: it was altered.`
            : `Chain ${id} was opened with the key ${kid}, which is not among the trusted ones: it is forged, or that key's public part must be given.`,
        });
        continue;
      }
      const opening = JSON.parse(statement) as OpeningStatement;
      if (opening.shard !== id || opening.replica !== replica || opening.epoch !== epoch) {
        this.findings.add({
          code: 'opening-forged',
          shard: id,
          message: `The row of chain ${id} is not what its signed opening says.`,
        });
        continue;
      }
      this.shards.set(id, { opening, head: statementHash(statement), seq: 0 });
      if (opening.unproven) this.summary.unproven = opening.unproven;
      for (const head of opening.heads) this.promise(head, `the opening of chain ${id} (${opening.openedAt})`);
    }
  }

  private readCheckpoint({ statement, kid, signature }: CheckpointLine): void {
    if (!this.keys.holds(statement, kid, Buffer.from(signature, 'base64'))) {
      this.findings.add({
        code: 'checkpoint-forged',
        message: `A checkpoint signed with the key ${kid} does not hold: it was altered, or the key is not among the trusted ones.`,
      });
      return;
    }
    const { at, heads } = JSON.parse(statement) as CheckpointStatement;
    for (const head of heads) this.promise(head, `the checkpoint of ${at}`);
  }

  private promise({ shard, seq, head }: HeadReference, by: string): void {
    const name = `${shard}/${seq}`;
    const others = this.promises.get(name);
    if (others) others.push({ head, by });
    else this.promises.set(name, [{ head, by }]);
  }

  private async readBatches(sinceMs: number | undefined): Promise<void> {
    const from = sinceMs === undefined ? undefined : new Date(sinceMs).toISOString();
    const since = from ? `WHERE sealed_at >= '${from}'` : '';
    let last: { shard: number; seq: number } | undefined;
    const select = `SELECT shard, seq, kind, count, root, previous, head, sealed_at, kid, signature FROM audit_batches ${since} ORDER BY shard, seq`;
    await this.progress?.begin('batches', this.client, select);
    await copyRows(this.client, select, (row) => {
      this.progress?.step();
      const [shard, seq] = [row.int32(0), row.int64(1)];
      const twice = last?.shard === shard && last.seq === seq;
      last = { shard, seq };
      if (twice) {
        this.findings.add({
          code: 'batch-forked',
          shard,
          seq,
          message: `Batch ${seq} of chain ${shard} is there twice: the chain was forked.`,
        });
        return;
      }
      const kind = row.text(2) as BatchKind;
      const [root, previous] = [Buffer.from(row.bytea(4)), Buffer.from(row.bytea(5))];
      const batch = { shard, seq, kind, count: row.int32(3), root, previous, sealedAtMs: row.timestamp(7) };
      const statement = batchStatement(batch);
      const head = statementHash(statement);
      this.summary.batches += 1;
      this.index.add(shard, seq, kind, batch.count, root);
      this.link(batch, head, row.bytea(6), from !== undefined);
      this.verifyLater(shard, seq, statement, row.text(8), Buffer.from(row.bytea(9)));
      this.checkPromisesOf(shard, seq, head);
    });
    while (this.pending.size > 0) await Promise.all(this.pending);
  }

  /** Compares a batch with the one before it, and its stored head with what it says. */
  private link(
    { shard, seq, previous }: { shard: number; seq: number; previous: Buffer },
    head: Buffer,
    storedHead: Buffer,
    partly: boolean,
  ): void {
    const state = this.shards.get(shard);
    if (!state) {
      if (seq === 1 || partly)
        this.findings.add({
          code: 'batch-forged',
          shard,
          seq,
          message: `Batch ${seq} is of chain ${shard}, which has no valid opening.`,
        });
      return;
    }
    // With --since the first batch is taken at its word: it is signed.
    const first = partly && state.seq === 0;
    if (!first && seq !== state.seq + 1) {
      const gap = state.seq + 1 === seq - 1 ? `Batch ${seq - 1}` : `Batches ${state.seq + 1} to ${seq - 1}`;
      this.findings.add({
        code: 'batch-missing',
        shard,
        seq: state.seq + 1,
        message: `${gap} of chain ${shard} are missing: deleted.`,
      });
    } else if (!first && !previous.equals(state.head)) {
      this.findings.add({
        code: 'batch-altered',
        shard,
        seq,
        message: `Batch ${seq} of chain ${shard} does not follow the one before it: one of the two was replaced.`,
      });
    } else if (!head.equals(storedHead)) {
      this.findings.add({
        code: 'batch-altered',
        shard,
        seq,
        message: `Batch ${seq} of chain ${shard} was altered: its head is not the hash of what it says.`,
      });
    }
    state.seq = seq;
    state.head = head;
  }

  private verifyLater(shard: number, seq: number, statement: string, kid: string, signature: Buffer): void {
    if (!this.keys.get(kid)) {
      this.findings.add({
        code: 'batch-forged',
        shard,
        seq,
        message: `Batch ${seq} of chain ${shard} is signed with the key ${kid}, which is not among the trusted ones: the chain was written anew with another key.`,
      });
      return;
    }
    const check = (holds: boolean): void => {
      if (!holds)
        this.findings.add({
          code: 'batch-altered',
          shard,
          seq,
          message: `Batch ${seq} of chain ${shard} does not bear a valid signature: it was altered.`,
        });
    };
    if (this.pending.size >= MOST_PENDING) {
      check(this.keys.holds(statement, kid, signature));
      return;
    }
    const done = this.keys.holdsAsync(statement, kid, signature).then((holds) => {
      this.pending.delete(done);
      check(holds);
    });
    this.pending.add(done);
  }

  private checkPromisesOf(shard: number, seq: number, head: Buffer): void {
    const name = `${shard}/${seq}`;
    const promises = this.promises.get(name);
    if (!promises) return;
    this.promises.delete(name);
    for (const { head: promised, by } of promises) {
      if (promised !== head.toString('hex'))
        this.findings.add({
          code: 'chain-rewritten',
          shard,
          seq,
          message: `Batch ${seq} of chain ${shard} is another one than ${by} names: the chain was written anew.`,
        });
    }
  }

  /** What was promised and is not there. */
  private checkPromises(sinceMs: number | undefined): void {
    const told = new Set<number>();
    for (const [name, [first]] of this.promises) {
      const [shard, seq] = name.split('/').map(Number) as [number, number];
      const state = this.shards.get(shard);
      const end = state?.seq ?? 0;
      // Not read because it is older than what was asked for.
      if (sinceMs !== undefined && seq <= end) continue;
      if (sinceMs !== undefined && end === 0) continue;
      if (told.has(shard)) continue;
      told.add(shard);
      this.findings.add(
        state
          ? {
              code: 'chain-truncated',
              shard,
              seq: end + 1,
              message: `Chain ${shard} ends at batch ${end}, but ${first!.by} names its batch ${seq}: its end was cut off.`,
            }
          : {
              code: 'chain-dropped',
              shard,
              message: `Chain ${shard} is not there, but ${first!.by} names its batch ${seq}: it was dropped as a whole.`,
            },
      );
    }
  }
}

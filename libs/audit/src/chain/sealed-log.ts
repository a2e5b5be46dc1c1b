/**
 * The chain of this process: every commit to it is one transaction that writes records together with the batch that seals
 * them. One at a time, because each names the one before it.
 */
import { Injectable } from '@nestjs/common';
import type pg from 'pg';
import { copyIn, CopyBuffer, LatidoConfig } from '#platform';
import { AuditKey } from './audit-key.js';
import { batchStatement, statementHash, type BatchKind } from './batch.js';
import { merkleRoot } from './merkle.js';
import { RecordConnection } from './record-connection.js';
import { openShard } from './shard-opening.js';

/** Where a batch stands. */
export interface BatchPlace {
  readonly shard: number;
  readonly seq: number;
}

/** What a batch writes and seals. */
export interface BatchContent {
  readonly kind: BatchKind;
  readonly count: number;
  /** Hashes of the leaves one after the other; overwritten. */
  readonly leaves: Buffer;
  /** COPY statements, each ended by a semicolon, one for each of `tables`. */
  readonly statements: string;
  readonly tables: readonly CopyBuffer[];
}

export interface Commit {
  /** Encodes the batch for its place; undefined when there is nothing to write after all. */
  readonly encode: (place: BatchPlace) => BatchContent | undefined;
  /** What decides inside the transaction, before `encode`. Costs round trips of its own. */
  readonly before?: (client: pg.Client) => Promise<void>;
}

interface Chain {
  readonly shard: number;
  seq: number;
  head: Buffer;
}

const COPY_BATCH =
  'COPY audit_batches (shard, seq, kind, count, root, previous, head, sealed_at, kid, signature) FROM STDIN (FORMAT binary);';
const BATCH_COLUMNS = 10;
const LAST_BATCH = 'SELECT seq::float8 AS seq, head FROM audit_batches WHERE shard = $1 ORDER BY seq DESC LIMIT 1';

@Injectable()
export class SealedLog {
  private chain: Chain | undefined;
  /** After a failure it is not known whether the last batch was committed. */
  private certain = true;
  private last: Promise<unknown> = Promise.resolve();
  private readonly batches = new CopyBuffer(1024);
  private readonly replica: string;

  constructor(
    private readonly connection: RecordConnection,
    private readonly key: AuditKey,
    config: LatidoConfig,
  ) {
    this.replica = config.audit.replica;
  }

  /** Whether this process has begun a chain. */
  get hasWritten(): boolean {
    return this.chain !== undefined;
  }

  /**
   * Writes and seals one batch; resolves once it is committed.
   * @throws what the database said; whether it was written is then not known, but it is whole or not there
   */
  commit(commit: Commit): Promise<void> {
    const done = this.last.then(() => this.write(commit));
    this.last = done.catch(() => undefined); // told to whoever asked for it
    return done;
  }

  /** Gives up what is being written: it fails, and the next commit finds out what became of it. */
  interrupt(): void {
    this.connection.abandon();
  }

  private async write({ before, encode }: Commit): Promise<void> {
    const client = this.connection.client ?? (await this.connection.connect());
    try {
      const chain = this.certain && this.chain ? this.chain : await this.resume(client);
      if (before) {
        await client.query('BEGIN');
        await before(client);
      }
      const content = encode({ shard: chain.shard, seq: chain.seq + 1 });
      if (!content) {
        if (before) await client.query('ROLLBACK');
        return;
      }
      const text = content.statements + COPY_BATCH + (before ? 'COMMIT' : '');
      let head = chain.head;
      await copyIn(client, text, content.tables, () => {
        head = this.seal(chain, content);
        return this.batches;
      });
      chain.seq += 1;
      chain.head = head;
    } catch (error) {
      this.certain = false;
      // Whatever state the session is in: a new one is in none.
      this.connection.abandon();
      throw error;
    }
  }

  private async resume(client: pg.Client): Promise<Chain> {
    if (!this.chain) {
      const { id, opening } = await openShard(client, this.key, this.replica);
      this.chain = { shard: id, seq: 0, head: opening };
    } else {
      const [found] = (await client.query<{ seq: number; head: Buffer }>(LAST_BATCH, [this.chain.shard])).rows;
      if (found) {
        this.chain.seq = found.seq;
        this.chain.head = found.head;
      }
    }
    this.certain = true;
    return this.chain;
  }

  /** Writes the batch's own row; its head. */
  private seal(chain: Chain, { kind, count, leaves }: BatchContent): Buffer {
    const root = merkleRoot(leaves, count);
    const sealedAtMs = Date.now();
    const { shard, head: previous } = chain;
    const seq = chain.seq + 1;
    const statement = batchStatement({ shard, seq, kind, count, root, previous, sealedAtMs });
    const head = statementHash(statement);
    const row = this.batches;
    row.clear();
    row.row(BATCH_COLUMNS);
    row.int32(shard);
    row.int64(seq);
    row.text(kind);
    row.int32(count);
    row.bytea(root);
    row.bytea(previous);
    row.bytea(head);
    row.timestamp(sealedAtMs);
    row.text(this.key.kid);
    row.bytea(this.key.sign(statement));
    return head;
  }
}

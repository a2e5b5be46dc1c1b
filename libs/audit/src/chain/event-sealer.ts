/**
 * Puts audit events into the chain. They are written by transactions of all kinds, each of which may still fail; the sealer
 * looks a moment later which of them are there, and seals those. What a process that died left unsealed the next one seals,
 * if its signature holds: a row that was put in by hand stays outside, and the verifier names it.
 */
import { createPublicKey } from 'node:crypto';
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CopyBuffer, idFloor } from '#platform';
import { statementHolds } from './batch.js';
import { eventLeafHash, eventStatement } from './event-leaf.js';
import { HASH_BYTES } from './merkle.js';
import { SealedLog } from './sealed-log.js';
import { SIGNED_EVENT_COLUMNS, type SignedEvent } from './signed-event.js';

const SEAL_EVERY_MS = 100;
const RETRY_MS = 1_000;
const BATCH_SIZE = 500;
/** A transaction that has not committed by then has failed: none of ours takes as long. */
const FORGET_AFTER_MS = 60_000;
/** How far back unsealed events of processes that died are looked for. */
const LOOK_BACK_MS = 30 * 86_400_000;
const COPY_SEALS = 'COPY audit_event_seals (event_id, shard, seq, leaf) FROM STDIN (FORMAT binary);';

interface Pending {
  readonly leafHash: Buffer;
  readonly sinceMs: number;
}

interface UnsealedEvent extends SignedEvent {
  readonly publicKey: string;
}

const UNSEALED = `
  SELECT ${SIGNED_EVENT_COLUMNS}, k.public_key AS "publicKey"
    FROM audit_events AS e
    JOIN audit_keys AS k ON k.kid = e.kid
   WHERE e.id >= $1 AND e.id < $2 AND NOT EXISTS (SELECT FROM audit_event_seals AS s WHERE s.event_id = e.id)
   ORDER BY e.id`;

@Injectable()
export class EventSealer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(EventSealer.name);
  private readonly pending = new Map<string, Pending>();
  private readonly seals = new CopyBuffer(4 * 1024);
  private timer: NodeJS.Timeout | undefined;
  private sealing: Promise<void> | undefined;

  constructor(
    private readonly dataSource: DataSource,
    private readonly log: SealedLog,
  ) {}

  /** An event was written, in a transaction that may not be over. */
  note(id: string, leafHash: Buffer): void {
    this.pending.set(id, { leafHash, sinceMs: performance.now() });
    this.schedule(SEAL_EVERY_MS);
  }

  /** What a process that died did not come to. Not those of the last minute: another one may be about to seal them. */
  async onApplicationBootstrap(): Promise<void> {
    const now = Date.now();
    const from = idFloor(new Date(now - LOOK_BACK_MS));
    const to = idFloor(new Date(now - FORGET_AFTER_MS));
    for (const event of await this.dataSource.query<UnsealedEvent[]>(UNSEALED, [from, to])) {
      const leafHash = eventLeafHash(event);
      if (statementHolds(eventStatement(leafHash), event.signature, createPublicKey(event.publicKey)))
        this.note(event.id, leafHash);
      else
        this.logger.error(
          { eventId: event.id },
          'an audit event does not bear the signature of a server: it is not sealed',
        );
    }
  }

  /** Before the database's pool is closed. */
  async beforeApplicationShutdown(): Promise<void> {
    clearTimeout(this.timer);
    await this.seal().catch((error: unknown) =>
      this.logger.error(
        { err: error, waiting: this.pending.size },
        'audit events could not be sealed at shutdown; the next start does it',
      ),
    );
  }

  /** Seals what is committed by now. @throws what the database said */
  seal(): Promise<void> {
    this.sealing ??= this.sealCommitted().finally(() => (this.sealing = undefined));
    return this.sealing;
  }

  private schedule(delayMs: number): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.seal().then(
        () => this.pending.size > 0 && this.schedule(SEAL_EVERY_MS),
        (error: unknown) => {
          this.logger.warn({ err: error, waiting: this.pending.size }, 'audit events cannot be sealed now');
          this.schedule(RETRY_MS);
        },
      );
    }, delayMs).unref();
  }

  private async sealCommitted(): Promise<void> {
    const ids = [...this.pending.keys()];
    for (let from = 0; from < ids.length; from += BATCH_SIZE) {
      const rows = await this.dataSource.query<{ id: string; sealed: boolean }[]>(
        `SELECT id, EXISTS (SELECT FROM audit_event_seals WHERE event_id = audit_events.id) AS sealed
           FROM audit_events WHERE id = ANY ($1) ORDER BY id`,
        [ids.slice(from, from + BATCH_SIZE)],
      );
      const committed = rows.filter(({ sealed }) => !sealed).map(({ id }) => id);
      if (committed.length > 0) await this.write(committed);
      for (const { id } of rows) this.pending.delete(id);
    }
    const overdueMs = performance.now() - FORGET_AFTER_MS;
    for (const [id, { sinceMs }] of this.pending) if (sinceMs < overdueMs) this.pending.delete(id);
  }

  private write(ids: readonly string[]): Promise<void> {
    return this.log.commit({
      encode: ({ shard, seq }) => {
        const { seals } = this;
        const leaves = Buffer.alloc(ids.length * HASH_BYTES);
        seals.clear();
        ids.forEach((id, leaf) => {
          this.pending.get(id)!.leafHash.copy(leaves, leaf * HASH_BYTES);
          seals.row(4);
          seals.uuid(id);
          seals.int32(shard);
          seals.int64(seq);
          seals.int32(leaf);
        });
        return { kind: 'events', count: ids.length, leaves, statements: COPY_SEALS, tables: [seals] };
      },
    });
  }
}

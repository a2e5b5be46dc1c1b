/**
 * The public keys whose signatures count: those the auditor brings, and those that they vouch for: a rotation is an audit
 * event that names the new key, signed by the old one.
 */
import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import type pg from 'pg';
import { kidOf } from '../chain/audit-key.js';
import { statementHolds } from '../chain/batch.js';
import { eventLeafHash, eventStatement, type EventLeaf } from '../chain/event-leaf.js';

/** The action of the event by which one key vouches for the next; its details are `{kid, publicKey}`. */
export const KEY_ROTATED = 'audit.key-rotated';

interface RotationRow extends EventLeaf {
  readonly kid: string;
  readonly signature: Buffer;
}

const ROTATIONS = `
  SELECT id, occurred_at AS "occurredAt", actor_kind AS "actorKind", actor_id AS "actorId", action, target_type AS "targetType",
         target_id AS "targetId", details::text AS details, request_id AS "requestId", kid, signature
    FROM audit_events WHERE action = $1 AND signature IS NOT NULL ORDER BY id`;

const PEM_BLOCK = /-----BEGIN PUBLIC KEY-----[\s\S]*?-----END PUBLIC KEY-----/g;

export class TrustedKeys {
  private readonly keys = new Map<string, KeyObject>();

  /** @param pem one or several public keys in PEM, one after the other */
  add(pem: string): void {
    for (const [block] of pem.matchAll(PEM_BLOCK)) {
      const key = createPublicKey(block);
      if (key.asymmetricKeyType !== 'ed25519') throw new Error('a public key of the record is an Ed25519 key');
      this.keys.set(kidOf(key), key);
    }
  }

  get size(): number {
    return this.keys.size;
  }

  get(kid: string): KeyObject | undefined {
    return this.keys.get(kid);
  }

  holds(statement: string, kid: string, signature: Uint8Array): boolean {
    const key = this.keys.get(kid);
    return key !== undefined && statementHolds(statement, signature, key);
  }

  /** The same beside this thread, for many. */
  async holdsAsync(statement: string, kid: string, signature: Uint8Array): Promise<boolean> {
    const key = this.keys.get(kid);
    if (!key || signature.length !== 64) return false;
    return new Promise((resolve, reject) => {
      verify(null, Buffer.from(statement), key, signature, (error, holds) => (error ? reject(error) : resolve(holds)));
    });
  }

  /** Adds the keys that a trusted one vouches for. */
  async follow(client: pg.Client): Promise<void> {
    const { rows } = await client.query<RotationRow>(ROTATIONS, [KEY_ROTATED]);
    for (const row of rows) {
      const holds = this.holds(eventStatement(eventLeafHash(row)), row.kid, row.signature);
      const { publicKey } = JSON.parse(row.details) as { publicKey?: unknown };
      if (holds && typeof publicKey === 'string') this.add(publicKey);
    }
  }
}

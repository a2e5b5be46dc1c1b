/**
 * The public keys whose signatures count: those the auditor brings, and those that they vouch for: a rotation is an audit
 * event that names the new key, signed by the old one.
 */
import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import type pg from 'pg';
import { kidOf } from '../chain/audit-key.js';
import { statementHolds } from '../chain/batch.js';
import { signedEvents, statementOf, type SignedEvent } from '../chain/signed-event.js';

/** The action of the event by which one key vouches for the next; its details are `{kid, publicKey}`. */
export const KEY_ROTATED = 'audit.key-rotated';

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

  /** Whether the event is as it was signed. */
  holdsEvent(event: SignedEvent): boolean {
    return this.holds(statementOf(event), event.kid, event.signature);
  }

  /** As `holds`, beside this thread, for many. */
  async holdsAsync(statement: string, kid: string, signature: Uint8Array): Promise<boolean> {
    const key = this.keys.get(kid);
    if (!key || signature.length !== 64) return false;
    return new Promise((resolve, reject) => {
      verify(null, Buffer.from(statement), key, signature, (error, holds) => (error ? reject(error) : resolve(holds)));
    });
  }

  /** Adds the keys that a trusted one vouches for. */
  async follow(client: pg.Client): Promise<void> {
    for (const event of await signedEvents(client, [KEY_ROTATED])) {
      const { publicKey } = JSON.parse(event.details) as { publicKey?: unknown };
      if (this.holdsEvent(event) && typeof publicKey === 'string') this.add(publicKey);
    }
  }
}

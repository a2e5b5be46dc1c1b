/**
 * The Ed25519 key that signs the record: given by AUDIT_KEY_FILE, or made at first start and kept in the data folder. It is
 * never in the database. Whoever has both can write another record.
 */
import { createHash, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataFolder, LatidoConfig, readEd25519PrivateKey } from '#platform';
import { signStatement } from './batch.js';

const FILE = 'audit-key.pem';

@Injectable()
export class AuditKey {
  /** First 16 hexadecimal digits of the SHA-256 of the public key (SubjectPublicKeyInfo, DER). */
  readonly kid: string;
  /** PEM, for the table of keys and for auditors. */
  readonly publicPem: string;
  private readonly privateKey: KeyObject;

  /** @throws Error when the file in the data folder is no Ed25519 private key; the configuration has checked a given one. */
  constructor(config: LatidoConfig, folder: DataFolder) {
    const key = readEd25519PrivateKey(config.audit.key ?? folder.secret(FILE, newAuditKeyPem));
    if (!key) throw new Error(`${folder.file(`secrets/${FILE}`)} is not an Ed25519 private key in PEM.`);
    this.privateKey = key;
    const publicKey = createPublicKey(key);
    this.kid = kidOf(publicKey);
    this.publicPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  }

  sign(statement: string): Buffer {
    return signStatement(statement, this.privateKey);
  }
}

/** The name of a public key. */
export function kidOf(publicKey: KeyObject): string {
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex')
    .slice(0, 16);
}

/** PEM of a new private key. */
export function newAuditKeyPem(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

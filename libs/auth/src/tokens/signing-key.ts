/**
 * The P-256 key that signs access tokens: given by TOKEN_SIGNING_KEY, or made at first start and kept in the data
 * folder.
 */
import { createHash, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataFolder, LatidoConfig, readP256PrivateKey } from '#platform';

const FILE = 'token-signing-key.pem';

/** A public key as RFC 7517 writes it. */
export interface PublicJwk {
  readonly kty: string;
  readonly crv: string;
  readonly x: string;
  readonly y: string;
  readonly kid: string;
  readonly alg: 'ES256';
  readonly use: 'sig';
}

@Injectable()
export class SigningKey {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly jwk: PublicJwk;

  /** @throws Error when the file in the data folder is no P-256 private key; the configuration has checked a given one. */
  constructor(config: LatidoConfig, folder: DataFolder) {
    const key = readP256PrivateKey(config.auth.signingKey ?? folder.secret(FILE, generatePem));
    if (!key)
      throw new Error(
        `${folder.file(`secrets/${FILE}`)} is not a P-256 private key in PEM. Remove it to have one made.`,
      );
    this.privateKey = key;
    this.publicKey = createPublicKey(this.privateKey);
    const { kty = '', crv = '', x = '', y = '' } = this.publicKey.export({ format: 'jwk' });
    // RFC 7638: the thumbprint of the required members, in alphabetical order, is a name that anybody can compute.
    const kid = createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
    this.jwk = { kty, crv, x, y, kid, alg: 'ES256', use: 'sig' };
  }
}

function generatePem(): string {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();
}

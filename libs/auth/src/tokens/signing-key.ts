/**
 * The P-256 key that signs access tokens: given by TOKEN_SIGNING_KEY, or made at first start and kept in the data
 * folder.
 */
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataFolder, LatidoConfig } from '#platform';

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

  /** @throws Error when TOKEN_SIGNING_KEY is no P-256 private key. */
  constructor(config: LatidoConfig, folder: DataFolder) {
    this.privateKey = readPrivateKey(config.auth.signingKey ?? folder.secret('token-signing-key.pem', generatePem));
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

function readPrivateKey(pem: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch (cause) {
    throw new Error(
      'TOKEN_SIGNING_KEY is not a PEM private key. Example: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256',
      { cause },
    );
  }
  if (key.asymmetricKeyType !== 'ec' || key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
    throw new Error(
      'TOKEN_SIGNING_KEY must be a P-256 key (ES256). Example: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256',
    );
  }
  return key;
}

import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { calculateJwkThumbprint } from 'jose';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DataFolder, loadConfig } from '#platform';
import { SigningKey } from './signing-key.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latido-key-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function signingKey(environment: Record<string, string> = {}): SigningKey {
  return new SigningKey(loadConfig({ DATA_DIR: folder, ...environment }, folder), new DataFolder(folder));
}

function pem(namedCurve: string): string {
  return generateKeyPairSync('ec', { namedCurve }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

it('is made once, kept in the data folder and readable by its owner alone', () => {
  const first = signingKey();
  expect(signingKey().jwk).toEqual(first.jwk);
  expect(statSync(join(folder, 'secrets', 'token-signing-key.pem')).mode & 0o777).toBe(0o600);
});

it('is named by its RFC 7638 thumbprint', async () => {
  const { jwk } = signingKey();
  expect(jwk.kid).toBe(await calculateJwkThumbprint({ kty: jwk.kty, crv: jwk.crv, x: jwk.x, y: jwk.y }));
});

it('is the one given, when one is given', () => {
  const given = pem('P-256');
  expect(signingKey({ TOKEN_SIGNING_KEY: given }).jwk).toEqual(
    signingKey({ TOKEN_SIGNING_KEY: given.replaceAll('\n', '\\n') }).jwk,
  );
});

it.each([
  ['another curve', () => pem('P-384')],
  [
    'another algorithm',
    () =>
      generateKeyPairSync('rsa', { modulusLength: 2048 })
        .privateKey.export({ type: 'pkcs8', format: 'pem' })
        .toString(),
  ],
  ['no key at all', () => '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----'],
])('stops the start for %s', (_, make) => {
  expect(() => signingKey({ TOKEN_SIGNING_KEY: make() })).toThrow('TOKEN_SIGNING_KEY');
});

it('stops the start when its file holds something else, naming the file', () => {
  signingKey();
  writeFileSync(join(folder, 'secrets', 'token-signing-key.pem'), pem('P-384'));
  expect(() => signingKey()).toThrow(join(folder, 'secrets/token-signing-key.pem'));
});

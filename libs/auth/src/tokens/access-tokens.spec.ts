import { createHmac, createPrivateKey, generateKeyPairSync, randomUUID, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLocalJWKSet, jwtVerify, SignJWT } from 'jose';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { accountsDatabase, AccountsServer, type Session } from '../../../../test/setup/accounts-server.js';
import { AccessTokenStrategy } from './access-token.strategy.js';
import { SigningKey } from './signing-key.js';

const database = await accountsDatabase();
let server: AccountsServer;
let user: Session;
let privateKey: KeyObject;

beforeAll(async () => {
  server = await AccountsServer.start(database);
  user = await server.register('ordinary');
  privateKey = createPrivateKey(readFileSync(join(server.dataFolder, 'secrets', 'token-signing-key.pem'), 'utf8'));
});

interface Draft {
  issuer?: string;
  audience?: string;
  expiresAt?: string;
  epoch?: unknown;
  subject?: string;
  key?: KeyObject;
}

/** A token like the server's own but for what the draft changes. */
function tokenWith({
  issuer = 'latido',
  audience = 'latido',
  expiresAt = '20m',
  epoch = 0,
  subject = user.userId,
  key = privateKey,
}: Draft): Promise<string> {
  return new SignJWT({ epoch, sid: randomUUID() })
    .setProtectedHeader({ alg: 'ES256', kid: server.app.get(SigningKey).jwk.kid })
    .setSubject(subject)
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime(expiresAt)
    .sign(key);
}

function base64url(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

async function statusWith(token: string): Promise<number> {
  return (await server.get('/v1/me/api-keys', token)).status;
}

describe('an access token', () => {
  it('verifies against the published keys and says who, for whom, by whom and until when', async () => {
    const { body } = await server.get('/.well-known/jwks.json');
    const { payload, protectedHeader } = await jwtVerify(user.accessToken, createLocalJWKSet(body), {
      issuer: 'latido',
      audience: 'latido',
    });
    expect(protectedHeader).toMatchObject({ alg: 'ES256', kid: body.keys[0].kid });
    expect(payload).toMatchObject({ sub: user.userId, epoch: 0, jti: expect.any(String), sid: expect.any(String) });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(1200);
    expect(Object.keys(body.keys[0]).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
  });

  it('made with the right key and claims is accepted: the checks below are of what they change', async () => {
    expect(await statusWith(await tokenWith({}))).toBe(200);
  });

  it('does not lend its signature to other claims, also where it was verified just before', async () => {
    const token = await tokenWith({});
    expect(await statusWith(token)).toBe(200);
    const [header, payload, signature] = token.split('.') as [string, string, string];
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
    const altered = base64url({ ...claims, sub: randomUUID() });
    expect(await statusWith(`${header}.${altered}.${signature}`)).toBe(401);
    expect(await statusWith(token)).toBe(200);
  });

  it.each<[string, () => Promise<string> | string]>([
    [
      'is signed with another key',
      () => tokenWith({ key: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey }),
    ],
    ['has another issuer', () => tokenWith({ issuer: 'somebody-else' })],
    ['has another audience', () => tokenWith({ audience: 'somebody-else' })],
    ['has expired', () => tokenWith({ expiresAt: '-1s' })],
    ['has another epoch', () => tokenWith({ epoch: 1 })],
    ['has an epoch that is no number', () => tokenWith({ epoch: '0' })],
    ['names nobody', () => tokenWith({ subject: '0198c2b4-6a52-7c3e-9a41-0c1f5d1d8a11' })],
    ['has a subject that is no id', () => tokenWith({ subject: "' OR 1=1 --" })],
    [
      'has a changed payload',
      async () => {
        const [header, , signature] = (await tokenWith({})).split('.');
        const payload = {
          sub: user.userId,
          iss: 'latido',
          aud: 'latido',
          exp: 4_000_000_000,
          epoch: 0,
          sid: randomUUID(),
        };
        return `${header}.${base64url(payload)}.${signature}`;
      },
    ],
    [
      'says alg none',
      () => {
        const payload = {
          sub: user.userId,
          iss: 'latido',
          aud: 'latido',
          exp: 4_000_000_000,
          epoch: 0,
          sid: randomUUID(),
        };
        return `${base64url({ alg: 'none', typ: 'JWT' })}.${base64url(payload)}.`;
      },
    ],
    [
      'is signed by HS256 with the public key',
      () => {
        const { kid } = server.app.get(SigningKey).jwk;
        const payload = {
          sub: user.userId,
          iss: 'latido',
          aud: 'latido',
          exp: 4_000_000_000,
          epoch: 0,
          sid: randomUUID(),
        };
        const content = `${base64url({ alg: 'HS256', typ: 'JWT', kid })}.${base64url(payload)}`;
        const pem = server.app.get(SigningKey).publicKey.export({ type: 'spki', format: 'pem' });
        return `${content}.${createHmac('sha256', pem).update(content).digest('base64url')}`;
      },
    ],
    ['is cut off', async () => (await tokenWith({})).slice(0, -3)],
    ['is nonsense', () => 'a.b.c'],
  ])('that %s is refused', async (_, make) => {
    const { status, headers } = await server.get('/v1/me/api-keys', await make());
    expect(status).toBe(401);
    expect(headers['www-authenticate']).toContain('error="invalid_token"');
  });

  it('is verified once and then remembered, but not past its end', async () => {
    const verify = vi.spyOn(server.app.get(AccessTokenStrategy), 'verify');
    const token = await tokenWith({ expiresAt: '2s' });
    expect(await statusWith(token)).toBe(200);
    expect(await statusWith(token)).toBe(200);
    expect(verify).toHaveBeenCalledTimes(1);
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    expect(await statusWith(token)).toBe(401);
    verify.mockRestore();
  });
});

it('belongs to one server: two with different keys refuse each other', async () => {
  const stranger = await AccountsServer.start(database);
  expect((await stranger.get('/v1/me/api-keys', user.accessToken)).status).toBe(401);
  expect(await statusWith(user.accessToken)).toBe(200);
});

/**
 * What the chart gives its pods, given to real servers: each with an empty data folder of its own, and with Postgres, Redis and two keys in
 * common. What one has signed holds with the others, and the record is one record.
 */
import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ownDatabase } from '../setup/database.js';
import { runLatido } from '../setup/latido-command.js';
import { redisInstalled, RedisServer } from '../setup/redis.js';
import { ADMIN_PASSWORD, Server, type Answer } from './server.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 300_000 });

const database = await ownDatabase();
const folder = mkdtempSync(join(tmpdir(), 'latido-replicas-'));
chmodSync(folder, 0o755);
const tokenKey = join(folder, 'token-signing-key.pem');
const auditKey = join(folder, 'audit-key.pem');
const publicKey = join(folder, 'latido-audit.pem');

describe.skipIf(!redisInstalled)('replicas', () => {
  const replicas: Server[] = [];
  let shared: Record<string, string>;
  let admitted = 0;

  beforeAll(async () => {
    const redis = await RedisServer.start();
    const pkcs8 = { type: 'pkcs8', format: 'pem' } as const;
    writeFileSync(tokenKey, generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export(pkcs8));
    writeFileSync(auditKey, generateKeyPairSync('ed25519').privateKey.export(pkcs8));
    shared = {
      DATABASE_URL: database.url,
      DATABASE_OWNER_URL: database.ownerUrl,
      REDIS_URL: redis.url,
      TOKEN_SIGNING_KEY: tokenKey,
      AUDIT_KEY_FILE: auditKey,
      QUOTA_REPLICAS: '2',
      ADMIN_PASSWORD,
    };
    for (const name of ['pod-a', 'pod-b']) {
      const replica = new Server({ ...shared, REPLICA_NAME: name });
      replicas.push(replica);
      await replica.start();
    }
  });
  afterAll(async () => {
    await Promise.all(replicas.map((replica) => replica.remove()));
    rmSync(folder, { recursive: true, force: true });
  });

  it('take the tokens of each other and count one quota', async () => {
    const [first, second] = replicas as [Server, Server];
    const { token } = await first.newUser('ana');
    const answers: Answer[] = [];
    for (let count = 0; count < 12; count += 1) answers.push(await (count % 2 === 0 ? first : second).predict(token));
    admitted = answers.filter(({ status }) => status === 201).length;
    expect(answers.map(({ status }) => status).filter((status) => status !== 201 && status !== 429)).toEqual([]);
    // A Redis that is slow for a moment makes them careful: nobody gets more, some get less.
    if (answers.every(({ headers }) => headers.get('ratelimit-scope') === null)) expect(admitted).toBe(5);
    else expect(admitted).toBeLessThanOrEqual(5);
    expect(admitted).toBeGreaterThan(0);
    const { body } = await second.request<{ data: object[] }>('GET', '/v1/predictions', { token });
    expect(body.data).toHaveLength(admitted);
    const admin = await second.admin();
    expect((await first.request('GET', '/v1/audit/events', { token: admin })).status).toBe(200);
  });

  it('keep one record, which one public key proves', async () => {
    const environment = { ...shared, DATA_DIR: join(folder, 'auditor') };
    const key = await runLatido(folder, ['audit', 'public-key'], environment);
    expect(key).toMatchObject({ code: 0, out: expect.stringContaining('BEGIN PUBLIC KEY') as string });
    writeFileSync(publicKey, key.out);
    await Promise.all(replicas.map((replica) => replica.stop()));
    const verified = await runLatido(folder, ['audit', 'verify', '--public-key', publicKey], environment);
    expect({ code: verified.code, text: verified.out + verified.err }).toMatchObject({ code: 0 });
    expect(verified.out).toMatch(new RegExp(`\\b${admitted} predictions?\\b`));
  });
});

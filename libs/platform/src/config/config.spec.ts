import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ConfigError, loadConfig } from './config.js';
import { variables } from './variables.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latido-config-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function faultsOf(environment: NodeJS.ProcessEnv): string[] {
  try {
    loadConfig(environment, folder);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

it('needs nothing: every variable has a default or is optional', () => {
  const config = loadConfig({}, folder);
  expect(config.http).toMatchObject({ host: '127.0.0.1', port: 3000, corsOrigins: [] });
  expect(config.dataDir).toBe(join(folder, 'data'));
  expect(config.http.trustProxy).toBeUndefined();
});

it('names every wrong variable at once, what is wrong with it and an example', () => {
  const faults = faultsOf({ PORT: 'eighty', INFERENCE_ENGINE: 'torch', LOG_LEVEL: 'loud' });
  expect(faults).toHaveLength(3);
  expect(faults[0]).toBe('PORT must be a whole number from 0 to 65535. It is "eighty". Example: PORT=3000');
});

it('never shows the value of a secret', () => {
  const [fault] = faultsOf({ ADMIN_PASSWORD: 'short-one' });
  expect(fault).toContain('ADMIN_PASSWORD must have at least 12 characters');
  expect(fault).not.toContain('short-one');
});

it('reads .env, over which real variables win, and takes an empty value as unset', () => {
  writeFileSync(join(folder, '.env'), 'PORT=4000\nHOST=0.0.0.0\nLOG_LEVEL=\n');
  const config = loadConfig({ PORT: '5000' }, folder);
  expect(config.http).toMatchObject({ port: 5000, host: '0.0.0.0' });
  expect(config.log.level).toBe('info');
});

it('refuses several workers without a Redis, naming both variables', () => {
  const [fault, ...more] = faultsOf({ CLUSTER_WORKERS: '4' });
  expect(fault).toMatch(/^CLUSTER_WORKERS asks for 4 processes, and REDIS_URL is missing.* Example: REDIS_URL=redis:/);
  expect(more).toEqual([]);
  expect(faultsOf({ CLUSTER_WORKERS: '4', REDIS_URL: 'redis://localhost' })).toEqual([]);
});

it('takes one worker for each processor when asked to, and as many replicas as workers unless told of more', () => {
  const REDIS_URL = 'redis://localhost';
  expect(loadConfig({ CLUSTER_WORKERS: 'auto', REDIS_URL }, folder).cluster.workers).toBe(
    Math.min(availableParallelism(), 64),
  );
  expect(loadConfig({}, folder)).toMatchObject({ cluster: { workers: 1 }, quota: { replicas: 1 } });
  expect(loadConfig({ CLUSTER_WORKERS: '3', REDIS_URL }, folder).quota.replicas).toBe(3);
  expect(loadConfig({ CLUSTER_WORKERS: '3', QUOTA_REPLICAS: '6', REDIS_URL }, folder).quota.replicas).toBe(6);
});

it.each([
  [{ TLS_CERT: 'nowhere.pem' }, 'TLS_KEY is missing beside TLS_CERT'],
  [{ DATABASE_OWNER_URL: 'postgres://o@h/d' }, 'DATABASE_URL is missing'],
  [{ DATABASE_URL: 'mysql://h/d' }, 'must be a Postgres connection URL'],
  [{ REDIS_URL: 'localhost:6379' }, 'must be a Redis connection URL'],
  [{ REDIS_URL: 'redis:///1' }, 'must be a Redis connection URL'],
  [{ REDIS_URL: 'redis://h/latido' }, 'must be a Redis connection URL'],
  [{ CLUSTER_WORKERS: '0' }, 'must be a whole number from 1 to 64'],
  [{ CORS_ORIGINS: 'https://a.example/path' }, 'is not an origin'],
  [{ TRUST_PROXY: 'everybody' }, 'not an IP address'],
  [{ TRUST_PROXY: '10.0.0.0/40' }, 'not an IP address'],
  [{ DATABASE_URL: 'postgres://app:100%@h/d' }, 'write % itself as %25'],
  [{ MODELS_DIR: 'nowhere' }, 'MODELS_DIR names no folder'],
  [{ TOKEN_SIGNING_KEY: 'nowhere.pem' }, 'neither PEM text nor the path'],
  [{ TOKEN_SIGNING_KEY: '-----BEGIN PRIVATE KEY-----' }, 'TOKEN_SIGNING_KEY is not a P-256 private key'],
  [{ TLS_CERT: '/', TLS_KEY: '/' }, 'TLS_CERT names a file that cannot be read (EISDIR)'],
])('refuses %j', (environment, message) => {
  expect(faultsOf(environment).join('\n')).toContain(message);
});

it('refuses TLS files that hold no certificate and key', () => {
  writeFileSync(join(folder, 'tls.crt'), 'no certificate');
  writeFileSync(join(folder, 'tls.key'), 'no key');
  expect(faultsOf({ TLS_CERT: 'tls.crt', TLS_KEY: 'tls.key' })).toEqual([
    expect.stringContaining('TLS_CERT and TLS_KEY are not a certificate and its private key'),
  ]);
});

it('keeps model files in the database, or in a bucket that is named', () => {
  expect(loadConfig({}, folder).artifacts).toEqual({ cacheBytes: 4096 * 2 ** 20, s3: undefined });
  const bucket = { ARTIFACT_STORE: 's3', S3_BUCKET: 'models' };
  expect(loadConfig(bucket, folder).artifacts.s3).toEqual({
    bucket: 'models',
    prefix: '',
    region: 'us-east-1',
    pathStyle: false,
  });
  const keys = { S3_ACCESS_KEY_ID: 'id', S3_SECRET_ACCESS_KEY: 'secret' };
  const minio = { ...bucket, ...keys, S3_ENDPOINT: 'http://minio:9000', S3_PREFIX: 'a/b/' };
  expect(loadConfig(minio, folder).artifacts.s3).toEqual({
    endpoint: 'http://minio:9000',
    bucket: 'models',
    prefix: 'a/b/',
    region: 'us-east-1',
    credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
    pathStyle: true,
  });
  expect(loadConfig({ ...minio, S3_PATH_STYLE: 'false' }, folder).artifacts.s3?.pathStyle).toBe(false);
});

it.each([
  [{ ARTIFACT_STORE: 's3' }, 'S3_BUCKET is missing beside ARTIFACT_STORE=s3. Example: S3_BUCKET='],
  [{ S3_BUCKET: 'models' }, 'S3_BUCKET is set, and ARTIFACT_STORE is postgres'],
  [{ S3_ENDPOINT: 'http://minio:9000' }, 'S3_ENDPOINT is set, and ARTIFACT_STORE is postgres'],
  [
    { ARTIFACT_STORE: 's3', S3_BUCKET: 'models', S3_ACCESS_KEY_ID: 'id' },
    'S3_SECRET_ACCESS_KEY is missing beside S3_ACCESS_KEY_ID',
  ],
  [
    { ARTIFACT_STORE: 's3', S3_BUCKET: 'models', S3_SECRET_ACCESS_KEY: 'not to be shown' },
    'S3_ACCESS_KEY_ID is missing beside S3_SECRET_ACCESS_KEY',
  ],
  [{ ARTIFACT_STORE: 's3', S3_BUCKET: 'Models' }, 'S3_BUCKET must be a bucket name'],
  [{ ARTIFACT_STORE: 's3', S3_BUCKET: 'models', S3_PREFIX: '/a' }, 'S3_PREFIX must be folder names'],
  [
    { ARTIFACT_STORE: 's3', S3_BUCKET: 'models', S3_ENDPOINT: 'minio:9000' },
    'S3_ENDPOINT must be an http or https URL',
  ],
  [{ ARTIFACT_STORE: 's3', S3_BUCKET: 'models', S3_PATH_STYLE: 'yes' }, 'S3_PATH_STYLE must be one of true, false'],
  [{ MODEL_MAX_MB: '2048' }, 'MODEL_MAX_MB must be a whole number from 1 to 2047'],
])('refuses %j', (environment, message) => {
  const faults = faultsOf(environment);
  expect(faults).toEqual([expect.stringContaining(message)]);
  expect(faults.join()).not.toContain('not to be shown');
});

it('accepts its own examples', () => {
  for (const [name, { parse, example }] of Object.entries(variables)) {
    expect(() => parse(example), name).not.toThrow();
  }
});

it('lists the servers that may compute models, with their tokens, and refuses what is no list of servers', () => {
  const hosts = 'https://triton.internal:8443/, http://mlserver.internal:8080/base';
  const tokens = join(folder, 'tokens.json');
  writeFileSync(tokens, '{"https://triton.internal:8443": "a-secret-token"}');
  const { remote } = loadConfig({ REMOTE_ENGINE_HOSTS: hosts, REMOTE_ENGINE_TOKENS_FILE: tokens }, folder).inference;
  expect(remote).toEqual({
    servers: [
      { url: 'https://triton.internal:8443', token: 'a-secret-token' },
      { url: 'http://mlserver.internal:8080/base' },
    ],
    timeoutMs: 10_000,
  });
  expect(loadConfig({}, folder).inference.remote.servers).toEqual([]);
  for (const wrong of ['triton:8000', 'file:///etc', 'http://a:b@triton', 'http://triton/?a=1'])
    expect(faultsOf({ REMOTE_ENGINE_HOSTS: wrong }), wrong).toHaveLength(1);
  const [unlisted] = faultsOf({ REMOTE_ENGINE_TOKENS_FILE: tokens });
  expect(unlisted).toContain('which REMOTE_ENGINE_HOSTS does not list');
  expect(unlisted).not.toContain('a-secret-token');
  for (const content of ['a-secret-token', '["a-secret-token"]', '{"https://triton.internal:8443": 1}']) {
    writeFileSync(tokens, content);
    const [fault] = faultsOf({ REMOTE_ENGINE_HOSTS: hosts, REMOTE_ENGINE_TOKENS_FILE: tokens });
    expect(fault).toContain('must hold a JSON object of tokens');
    expect(fault).not.toContain('a-secret-token');
  }
});

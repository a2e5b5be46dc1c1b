/** Latido against Latido: a server whose models are computed by another one, by the Open Inference Protocol. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse, stringify } from 'yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ModelManifest } from '#inference';
import { PATIENT } from '../setup/patient.js';
import { ADMIN_PASSWORD, Server } from './server.js';

const shipped = resolve(import.meta.dirname, '../../models');
const shock = JSON.parse(readFileSync(resolve(import.meta.dirname, '../golden/shock/observations.json'), 'utf8')) as {
  cases: { input: object }[];
};

interface Answered {
  readonly id: string;
  readonly results: { readonly label: string; readonly probability: number; readonly probabilities: object }[];
}

const folder = mkdtempSync(join(tmpdir(), 'latido-remote-'));
const remote = new Server();
let local: Server;
let user: { id: string; token: string };
let admin: string;

/** The shipped version under another name, its pipeline here and its network there. */
function writeRemoteVersion(model: string, name: string, changes: Partial<ModelManifest>, url = remote.url): string {
  const target = join(folder, 'models', name, '1.0.0');
  mkdirSync(target, { recursive: true });
  const manifest = parse(readFileSync(join(shipped, model, '1.0.0/manifest.yaml'), 'utf8')) as ModelManifest;
  writeFileSync(
    join(target, 'manifest.yaml'),
    stringify({ ...manifest, name, artifact: { file: 'remote.json', format: 'remote' }, files: {}, ...changes }),
  );
  writeFileSync(join(target, 'remote.json'), JSON.stringify({ url, model, version: '1.0.0' }));
  return target;
}

beforeAll(async () => {
  await remote.start();
  const remoteAdmin = await remote.admin();
  const caller = await remote.newUser('another-latido');
  await remote.request('PUT', '/v1/plans/PREMIUM', { token: remoteAdmin, body: { requestsPerMinute: 10_000 } });
  await remote.request('PUT', `/v1/users/${caller.id}/subscription`, { token: remoteAdmin, body: { plan: 'PREMIUM' } });
  const key = await remote.request<{ key: string }>('POST', '/v1/me/api-keys', {
    token: caller.token,
    body: { name: 'remote engine' },
  });
  expect(key.status).toBe(201);

  const windows = writeRemoteVersion('haemodynamic-shock', 'shock-elsewhere', {});
  cpSync(join(shipped, 'haemodynamic-shock/1.0.0/golden.json'), join(windows, 'golden.json'));
  const inputs = Object.keys(PATIENT);
  writeRemoteVersion('cardiac-risk', 'cardiac-elsewhere', {
    features: Object.fromEntries(inputs.map((name) => [name, [{ select: [name] }]])),
  });
  writeRemoteVersion('cardiac-risk', 'cardiac-unlisted', {}, 'http://169.254.169.254');
  const tokens = join(folder, 'tokens.json');
  writeFileSync(tokens, JSON.stringify({ [remote.url]: key.body.key }));
  local = new Server({
    ADMIN_PASSWORD,
    MODELS_DIR: join(folder, 'models'),
    REMOTE_ENGINE_HOSTS: remote.url,
    REMOTE_ENGINE_TOKENS_FILE: tokens,
    REMOTE_ENGINE_SECONDS: '5',
  });
  await local.start();
  admin = await local.admin();
  user = await local.newUser('asks');
  await local.request('PUT', `/v1/users/${user.id}/subscription`, { token: admin, body: { plan: 'PREMIUM' } });
}, 180_000);
afterAll(async () => {
  await local?.remove();
  await remote.remove();
  rmSync(folder, { recursive: true, force: true });
});

const predict = (server: Server, token: string, model: string, body: object) =>
  server.request<Answered>('POST', `/v1/models/${model}/predictions`, { token, body });

describe('models that live in another Latido', () => {
  it('are verified through it, golden rows included, and say so', async () => {
    const { body } = await local.request<{
      status: string;
      verifications: {
        engines: { name: string; version: string; processor: string }[];
        comparisons: { kind: string; passed: boolean }[];
      }[];
    }>('GET', '/v1/models/shock-elsewhere/versions/1.0.0', { token: admin });
    expect(body.status).toBe('verified');
    const [{ engines, comparisons }] = body.verifications as [(typeof body.verifications)[0]];
    expect(engines).toEqual([
      {
        name: 'remote',
        version: expect.stringMatching(/^latido \d+\.\d+\.\d+, haemodynamic-shock 1\.0\.0$/) as string,
        processor: new URL(remote.url).host,
      },
    ]);
    expect(comparisons.map(({ kind, passed }) => `${kind} ${passed}`)).toEqual(['golden true', 'alone true']);
  });

  it('answer what that one answers, and are recorded here with who computed it', async () => {
    const there = await remote.newUser('direct');
    for (const [here, origin, input] of [
      ['shock-elsewhere', 'haemodynamic-shock', shock.cases[0]!.input],
      ['cardiac-elsewhere', 'cardiac-risk', PATIENT],
    ] as const) {
      const answer = await predict(local, user.token, here, { input, subject: 'P-1' });
      expect(answer.status, JSON.stringify(answer.body)).toBe(201);
      const expected = (await predict(remote, there.token, origin, { input })).body.results[0]!;
      expect(answer.body.results[0]!.label).toBe(expected.label);
      expect(answer.body.results[0]!.probability).toBeCloseTo(expected.probability, 6);
      const { body } = await local.request('GET', `/v1/predictions/${answer.body.id}`, { token: user.token });
      expect(body).toMatchObject({ engine: 'remote', inputs: [input], subject: 'P-1' });
      const replay = await local.request('POST', `/v1/predictions/${answer.body.id}/replay`, { token: user.token });
      expect(replay.body).toMatchObject({
        identical: true,
        sameEnvironment: true,
        engine: { serving: { name: 'remote' } },
      });
    }
  });

  it('are asked only on hosts that are listed', async () => {
    const { status } = await local.request('GET', '/v1/models/cardiac-unlisted', { token: admin });
    expect(status).toBe(404);
    expect(local.output).toContain('REMOTE_ENGINE_HOSTS does not list http://169.254.169.254');
  });

  it('refuse what the manifest does not allow before they are asked', async () => {
    const counted = async (): Promise<number> => {
      const { body } = await remote.request<{ model_stats: { execution_count: number }[] }>(
        'GET',
        '/v2/models/cardiac-risk/stats',
        { token: await remote.admin() },
      );
      return body.model_stats[0]!.execution_count;
    };
    const before = await counted();
    expect((await predict(local, user.token, 'cardiac-elsewhere', { input: { ...PATIENT, age: 200 } })).status).toBe(
      422,
    );
    expect(await counted()).toBe(before);
  });

  it('are 503 while it is away, recorded as nothing, and answer again when it is back', async () => {
    const recorded = async (): Promise<number> =>
      (await local.request<{ data: object[] }>('GET', '/v1/predictions', { token: user.token })).body.data.length;
    const before = await recorded();
    await remote.stop();
    const away = await predict(local, user.token, 'cardiac-elsewhere', { input: PATIENT });
    expect([away.status, away.body]).toMatchObject([503, { code: 'REMOTE_FAILED' }]);
    expect(away.headers.get('retry-after')).toBe('2');
    expect(await recorded()).toBe(before);
    await remote.start();
    expect((await predict(local, user.token, 'cardiac-elsewhere', { input: PATIENT })).status).toBe(201);
  });
});

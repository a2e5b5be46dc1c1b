/** The life of a version from the command line, on a real Postgres. `latido.spec.ts` has the command as a process of its own. */
import { chmodSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { ownDatabase } from '../../../test/setup/database.js';
import { tinyManifest, writeVersion } from '../../../test/setup/version-folder.js';
import { commands } from './all-commands.js';
import { run } from './run.js';

const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'latido-models-command-'));
chmodSync(folder, 0o755); // the built-in Postgres may run as another user
const goldenOnnx = resolve(import.meta.dirname, '../../../test/golden/onnx');
const database = await ownDatabase();
const onDatabase = {
  DATABASE_URL: database.url,
  DATABASE_OWNER_URL: database.ownerUrl,
  DATA_DIR: join(folder, 'data'),
};

afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function models(...words: string[]): Promise<Ended> {
  let [out, err] = ['', ''];
  const code = await run(commands, ['models', ...words], {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    attended: false,
    signal: new AbortController().signal,
  });
  return { code, out, err };
}

const metricsOf = (auc: number): object[] => [
  { name: 'auc', value: 1, dataset: 'train' },
  { name: 'auc', value: auc, dataset: 'held-out' },
];

async function data<T>(...words: string[]): Promise<T> {
  const { code, out, err } = await models(...words, '--json');
  expect(code, err).toBe(0);
  return JSON.parse(out) as T;
}

beforeAll(async () => {
  for (const [name, value] of Object.entries(onDatabase)) vi.stubEnv(name, value);
  const metrics = (auc: number): object => ({ manifest: { metrics: metricsOf(auc) } });
  for (const [version, auc] of [
    ['1.0.0', 0.9],
    ['1.1.0', 0.8],
  ] as const) {
    const { code, err } = await models('publish', writeVersion(folder, 'tiny', version, metrics(auc)));
    expect(code, err).toBe(0);
    expect(err).toMatch(/reading\nverifying\nstoring\n/); // plain lines where nobody watches
  }
});

describe('latido models', () => {
  it('lists the figures of rows that were held out, not the flattering ones', async () => {
    const { out } = await models('list');
    expect(out).toMatch(/^tiny +1\.0\.0 .* auc 0\.9 *$/m);
    expect(out).not.toContain('auc 1');
  });

  it('activates, asks the policy, overrides it with a reason, and rolls back', async () => {
    expect((await models('activate', 'tiny', '1.0.0', '--reason', 'first')).out).toBe('tiny 1.0.0 is active.\n');
    const policy = join(folder, 'policy.json');
    writeFileSync(policy, JSON.stringify({ metrics: [{ name: 'auc', dataset: 'held-out', maximalDrop: 0.05 }] }));
    expect((await models('policy', 'tiny', '--set', policy)).code).toBe(0);
    expect(await data('policy', 'tiny')).toEqual({
      metrics: [{ name: 'auc', dataset: 'held-out', maximalDrop: 0.05 }],
    });
    const gate = await models('gate', 'tiny', '1.1.0');
    expect(gate.code).toBe(1);
    expect(gate.out).toContain('auc on held-out is 0.8, lower by more than 0.05 than that of the active 1.0.0, 0.9');
    const refused = await models('activate', 'tiny', '1.1.0');
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('/metrics/0 auc on held-out is 0.8') });
    expect((await models('activate', 'tiny', '1.1.0', '--override')).err).toContain('/reason is needed');
    const forced = await models('activate', 'tiny', '1.1.0', '--override', '--reason', 'better on the ward');
    expect(forced.out).toMatch(/^tiny 1\.1\.0 is active, in place of 1\.0\.0\.\n {2}overridden: auc on held-out/);
    expect((await models('rollback', 'tiny', '--reason', 'no')).out).toBe(
      'tiny 1.0.0 answers again, in place of 1.1.0.\n',
    );
    expect((await models('rollback', 'tiny')).err).toContain('was the first one');
  });

  it('shares the traffic and ends it', async () => {
    expect((await models('traffic', 'tiny', '--shadow', '1.1.0')).out).toContain('In shadow: 1.1.0.');
    expect(await data('traffic', 'tiny')).toMatchObject({ canary: null, shadows: ['1.1.0'] });
    expect((await models('traffic', 'tiny', '--canary', '1.1.0')).code).toBe(2);
    expect((await models('traffic', 'tiny', '--canary', '1.1.0', '--share', '2')).code).toBe(2);
    expect((await models('traffic', 'tiny', '--end')).out).toContain('The active version answers everybody.');
  });

  it('lists, shows and compares', async () => {
    const list = (await models('list')).out;
    expect(list).toMatch(/tiny {2}1\.0\.0 {2}verified, active .* auc 0\.9/);
    const shown = (await models('show', 'tiny')).out;
    expect(shown).toMatch(/active +1\.0\.0, rolled back to .*: no\n/);
    expect((await models('show', 'tiny', '--version', '1.1.0')).out).toMatch(/auc, held-out +0\.8\n/);
    const compared = (await models('compare', 'tiny', '1.0.0', '1.1.0')).out;
    expect(compared).toMatch(/auc +held-out +0\.9 +0\.8 +-0\.1\n/);
    expect(compared).toContain('The artifact is the same.');
    expect((await models('show', 'nobody')).err).toContain('There is no model "nobody"');
  });

  it('pulls a version out as the folder that it came from', async () => {
    const target = join(folder, 'pulled');
    expect(await data('pull', 'tiny', '1.1.0', '--output', target)).toEqual({
      folder: target,
      files: ['model.keras', 'manifest.yaml', 'golden.json'],
    });
    expect(parse(readFileSync(join(target, 'manifest.yaml'), 'utf8'))).toMatchObject({
      ...tinyManifest('tiny', '1.1.0'),
      metrics: metricsOf(0.8),
    });
    expect(readFileSync(join(target, 'model.keras'))).toEqual(readFileSync(join(folder, 'tiny/1.1.0/model.keras')));
    expect(await models('pull', 'tiny', '1.1.0', '--output', target)).toMatchObject({ code: 1 });
  });

  it('publishes a model file alone, its manifest inferred and its metrics from beside it', async () => {
    const file = join(folder, 'forest.onnx');
    cpSync(join(goldenOnnx, 'penguins-random-forest.onnx'), file);
    writeFileSync(join(folder, 'forest.metrics.json'), '{"accuracy": 0.97}');
    expect(await data('publish', file, '--name', 'penguins', '--version', '0.1.0')).toMatchObject({
      model: 'penguins',
      version: '0.1.0',
      status: 'verified',
    });
    expect((await models('show', 'penguins', '--version', '0.1.0')).out).toMatch(/accuracy, held-out +0\.97\n/);
  });
});

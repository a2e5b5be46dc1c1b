/**
 * `npm run test:http [-- --url URL] [-- --only TOPIC]`: runs the battery's Postman collection with newman and ends with one line that counts
 * its assertions.
 *
 * Without `--url` a server of its own is started, built first, on a free port with a new data folder, and removed in the end. With it the
 * one that is up already is asked; its administrator's password is read from ADMIN_PASSWORD.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import newman from 'newman';
import { ensureBuilt } from '../../scripts/build.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const START_TIMEOUT_MS = 60_000;
const REQUEST_TIMEOUT_MS = 60_000;

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** A server of its own: its URL, its administrator's password, and how to end it. */
async function startServer() {
  await ensureBuilt();
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'latido-http-'));
  chmodSync(folder, 0o755);
  const port = await freePort();
  const password = randomBytes(18).toString('base64url');
  const environment = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    DATA_DIR: join(folder, 'data'),
    PORT: String(port),
    ADMIN_PASSWORD: password,
  };
  const child = spawn(process.execPath, ['--enable-source-maps', 'dist/apps/api/src/main.js'], {
    cwd: root,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const url = `http://127.0.0.1:${port}`;
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((done) => child.once('exit', done));
      child.kill('SIGTERM');
      await ended;
    }
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  };
  for (let waited = 0; ; waited += 50) {
    const ready = await fetch(`${url}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) return { url, password, stop };
    if (child.exitCode !== null || waited > START_TIMEOUT_MS) {
      await stop();
      throw new Error(`the server did not become ready:\n${output.slice(-3000)}`);
    }
    await sleep(50);
  }
}

/** Runs the collection; resolves with the counts. */
function runCollection(url, password, only) {
  const read = (name) => JSON.parse(readFileSync(join(root, 'test/http/postman', name), 'utf8'));
  const collection = read('latido.postman_collection.json');
  if (only) collection.item = collection.item.filter(({ name }) => name === only);
  if (collection.item.length === 0) throw new Error(`there is no topic ${only}`);
  return new Promise((resolve, reject) => {
    newman.run(
      {
        collection,
        environment: read('latido.postman_environment.json'),
        envVar: [
          { key: 'baseUrl', value: url },
          { key: 'adminPassword', value: password },
        ],
        workingDir: root,
        timeoutRequest: REQUEST_TIMEOUT_MS,
        reporters: [],
      },
      (error, summary) => {
        if (error) return reject(error);
        const { assertions, requests } = summary.run.stats;
        for (const { source, parent, error: failure } of summary.run.failures)
          console.error(
            `FAILED ${parent?.name ?? ''} › ${source?.name ?? ''}: ${failure.test ?? failure.name}: ${failure.message}`,
          );
        const others = summary.run.failures.filter(({ error: failure }) => failure.name !== 'AssertionError').length;
        resolve({
          requests: requests.total,
          passed: assertions.total - assertions.failed,
          failed: assertions.failed + others,
        });
      },
    );
  });
}

const { values } = parseArgs({ options: { url: { type: 'string' }, only: { type: 'string' } } });
if (values.url && !process.env.ADMIN_PASSWORD) {
  console.error('With --url the administrator’s password is needed: ADMIN_PASSWORD=… npm run test:http -- --url URL');
  process.exit(2);
}
const startedAt = performance.now();
const server = values.url ? undefined : await startServer();
try {
  const url = values.url?.replace(/\/$/, '') ?? server.url;
  const { requests, passed, failed } = await runCollection(
    url,
    server?.password ?? process.env.ADMIN_PASSWORD,
    values.only,
  );
  console.log(`${requests} requests in ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
  console.log(`${passed} passed, ${failed} failed`);
  if (failed > 0 || passed === 0) process.exitCode = 1;
} finally {
  await server?.stop();
}

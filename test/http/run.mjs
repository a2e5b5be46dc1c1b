/**
 * `npm run test:http [-- --url URL] [-- --only TOPIC] [-- --complete]`: runs the battery's Postman collection with newman and ends with one
 * line that counts its assertions.
 *
 * Without `--url` a server of its own is started, built first, on a free port with a new data folder and the settings that the topics need, and
 * removed in the end. With it the one that is up already is asked; its administrator's password is read from ADMIN_PASSWORD.
 *
 * `npm run` adds --no-deprecation: newman's parts use much of Node that newer ones warn of.
 *
 * Topics of older services that the server does not have are left out, and named. With `--complete` that fails, and so does a route of the
 * server's own OpenAPI document that no topic sends.
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
import { topics } from './battery/index.mjs';
import { unsentRoutes } from './routes.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const START_TIMEOUT_MS = 120_000;
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

/** What the topics need of a server, together: of a list each its own. */
function neededSettings() {
  const settings = {};
  for (const { needs } of topics)
    for (const [name, value] of Object.entries(needs))
      settings[name] = [...new Set([...(settings[name]?.split(',') ?? []), ...value.split(',')])].join(',');
  return settings;
}

/** Gives the account that calls without a token count for, which the server has made, a plan that the topics fit in. */
async function giveAnonymousAccountPremium(url, adminPassword, username) {
  const send = async (method, path, body, token) => {
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(body ? { 'content-type': 'application/json' } : {}),
        ...(token ? { authorization: `Bearer ${token}` } : {}),
      },
      body: body && JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
    return response.json();
  };
  const credentials = { grant_type: 'password', username: 'admin', password: adminPassword };
  const { access_token: token } = await send('POST', '/v1/auth/token', credentials);
  const { data } = await send('GET', `/v1/users?q=${encodeURIComponent(username)}`, undefined, token);
  const { id } = data.find((user) => user.username === username);
  await send('PUT', `/v1/users/${id}/subscription`, { plan: 'PREMIUM' }, token);
}

/** Topics whose older service the server has, and the names of those it has not. */
function fitting(document) {
  const has = ({ needs }) =>
    !needs.LEGACY_APIS || Object.keys(document.paths).some((path) => path.startsWith(`/legacy/${needs.LEGACY_APIS}`));
  return { there: topics.filter(has), missing: topics.filter((topic) => !has(topic)).map(({ id }) => id) };
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
    ...neededSettings(),
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
    if (ready) {
      const { LEGACY_ANONYMOUS_USER: anonymous } = environment;
      if (anonymous) await giveAnonymousAccountPremium(url, password, anonymous);
      return { url, password, stop };
    }
    if (child.exitCode !== null || waited > START_TIMEOUT_MS) {
      await stop();
      throw new Error(`the server did not become ready:\n${output.slice(-3000)}`);
    }
    await sleep(50);
  }
}

/** Runs these topics of the collection; resolves with the counts. */
function runCollection(url, password, names) {
  const read = (name) => JSON.parse(readFileSync(join(root, 'test/http/postman', name), 'utf8'));
  const collection = read('latido.postman_collection.json');
  collection.item = collection.item.filter(({ name }) => names.includes(name));
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

const { values } = parseArgs({
  options: { url: { type: 'string' }, only: { type: 'string' }, complete: { type: 'boolean', default: false } },
});
if (values.url && !process.env.ADMIN_PASSWORD) {
  console.error('With --url the administrator’s password is needed: ADMIN_PASSWORD=… npm run test:http -- --url URL');
  process.exit(2);
}
if (values.only && !topics.some(({ id }) => id === values.only)) {
  console.error(`There is no topic ${values.only}; there are ${topics.map(({ id }) => id).join(', ')}`);
  process.exit(2);
}
const startedAt = performance.now();
const server = values.url ? undefined : await startServer();
try {
  const url = values.url?.replace(/\/$/, '') ?? server.url;
  const document = await (await fetch(`${url}/openapi.json`)).json();
  const { there, missing } = fitting(document);
  if (missing.length > 0) console.log(`not on this server: ${missing.join(', ')}`);
  const unsent = values.complete ? unsentRoutes(document, there) : [];
  for (const route of unsent) console.error(`FAILED no topic sends ${route}`);
  const names = there.map(({ id }) => id).filter((id) => !values.only || id === values.only);
  const { requests, passed, failed } = await runCollection(url, server?.password ?? process.env.ADMIN_PASSWORD, names);
  const lacking = values.complete ? missing.length + unsent.length : 0;
  console.log(`${requests} requests in ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
  console.log(`${passed} passed, ${failed + lacking} failed`);
  if (failed + lacking > 0 || passed === 0) process.exitCode = 1;
} finally {
  await server?.stop();
}

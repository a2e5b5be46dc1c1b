/**
 * `npm run bench [-- --seconds N]`: the engines by themselves (engines.mjs; only those with `-- --engines`), then requests per second and
 * latency of the server beside a bare Fastify echo, in one run with one load generator (autocannon, in a process of its own). Read
 * the ratios, not the absolute numbers: machines differ.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { profile } from './profile.mjs';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '4' },
    rounds: { type: 'string', default: '3' },
    engines: { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
    target: { type: 'string', default: 'prediction-32' },
  },
});
if (values.profile) {
  await profile({ target: values.target, seconds: Number(values.seconds) });
  process.exit();
}
const SECONDS = Number(values.seconds);
const ROUNDS = Number(values.rounds);
const ROOT = join(import.meta.dirname, '../..');
const ADMIN_PASSWORD = 'a password for the benchmark';
const PATIENT = { cholesterol: 2.45, systolicPressure: 1.35, glucose: 1.75, age: 68, overweight: 0, smoker: 0 };

const freePort = () =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });

async function until200(url) {
  const startedAt = performance.now();
  while (performance.now() - startedAt < 60_000) {
    if (
      await fetch(url).then(
        (response) => response.ok,
        () => false,
      )
    )
      return performance.now() - startedAt;
    await sleep(5);
  }
  throw new Error(`${url} did not answer`);
}

function run(script, args, environment) {
  const child = spawn(process.execPath, [script, ...args], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return {
    child,
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', resolve);
        child.kill('SIGTERM');
      }),
  };
}

/** One measurement by the load generator. */
function load(target) {
  const args = [join(import.meta.dirname, 'load.mjs'), JSON.stringify({ ...target, duration: SECONDS })];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', (chunk) => (text += chunk));
    child.on('close', (code) =>
      code === 0 ? resolve(JSON.parse(text)) : reject(new Error(`the load generator ended with ${code}`)),
    );
  });
}

/** In a process of its own, before anything else runs. */
const enginesExit = await new Promise((resolve) =>
  spawn(process.execPath, [join(import.meta.dirname, 'engines.mjs')], { cwd: ROOT, stdio: 'inherit' }).once(
    'exit',
    resolve,
  ),
);
if (values.engines || enginesExit !== 0) process.exit(enginesExit ?? 1);

const folder = mkdtempSync(join(tmpdir(), 'latido-bench-'));
chmodSync(folder, 0o755);
const echoPort = await freePort();
const apiPort = await freePort();
const echo = run(join(import.meta.dirname, 'echo.mjs'), [String(echoPort)], {});
const environment = {
  DATA_DIR: join(folder, 'data'),
  PORT: String(apiPort),
  ADMIN_PASSWORD,
  LOG_LEVEL: 'info',
  NODE_ENV: 'production',
};
const api = `http://127.0.0.1:${apiPort}`;
let server = run('dist/apps/api/src/main.js', [], environment);
const coldStartMs = await until200(`${api}/health/ready`);
await server.stop();
server = run('dist/apps/api/src/main.js', [], environment);
const warmStartMs = await until200(`${api}/health/ready`);

try {
  const call = async (method, path, body, token) => {
    const response = await fetch(api + path, {
      method,
      headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
    return response.json();
  };
  const signIn = async (username, password) =>
    (await call('POST', '/v1/auth/token', { grant_type: 'password', username, password })).access_token;
  const admin = await signIn('admin', ADMIN_PASSWORD);
  await call(
    'PUT',
    '/v1/plans/PREMIUM',
    { requestsPerMinute: 100000, rowsPerRequest: 1000, rowsPerDay: 1000000000, concurrentStreams: 4 },
    admin,
  );
  const user = await call('POST', '/v1/users', { username: 'bench', password: 'another long password' });
  await call('PUT', `/v1/users/${user.id}/subscription`, { plan: 'PREMIUM' }, admin);
  const token = await signIn('bench', 'another long password');
  // The plan's largest limit is below what one user could send here: several users share the load.
  const tokens = [token];
  for (let index = 0; index < 19; index += 1) {
    const { id } = await call('POST', '/v1/users', { username: `bench-${index}`, password: 'another long password' });
    await call('PUT', `/v1/users/${id}/subscription`, { plan: 'PREMIUM' }, admin);
    tokens.push(await signIn(`bench-${index}`, 'another long password'));
  }

  const body = JSON.stringify({ input: PATIENT });
  const prediction = { url: `${api}/v1/models/cardiac-risk/predictions`, method: 'POST', body, tokens, expect: 201 };
  const targets = [
    {
      name: 'bare Fastify echo, 1 connection',
      url: `http://127.0.0.1:${echoPort}/`,
      method: 'POST',
      body,
      connections: 1,
      expect: 200,
    },
    {
      name: 'bare Fastify echo, 32 connections',
      url: `http://127.0.0.1:${echoPort}/`,
      method: 'POST',
      body,
      connections: 32,
      expect: 200,
    },
    { name: '/health/live, 32 connections', url: `${api}/health/live`, method: 'GET', connections: 32, expect: 200 },
    { name: 'prediction, 1 connection', ...prediction, connections: 1 },
    { name: 'prediction, 32 connections', ...prediction, connections: 32 },
  ];
  const results = targets.map(() => []);
  for (const target of targets) await load({ ...target, warmUp: true });
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [index, target] of targets.entries()) results[index].push(await load(target));
  }

  const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
  const echoOf = (connections) => (connections === 1 ? results[0] : results[1]);
  const rows = targets.map((target, index) => {
    const ratios = results[index].map(
      (result, round) => result.requestsPerSecond / echoOf(target.connections)[round].requestsPerSecond,
    );
    return {
      name: target.name,
      requestsPerSecond: median(results[index].map((result) => result.requestsPerSecond)),
      ratioToEcho: median(ratios),
      p50Ms: median(results[index].map((result) => result.p50Ms)),
      p99Ms: median(results[index].map((result) => result.p99Ms)),
      unexpected: results[index].reduce((sum, result) => sum + result.unexpected, 0),
    };
  });
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  console.log(
    `Latido ${version}, Node ${process.version}, ${cpus().length} × ${cpus()[0].model}; ${ROUNDS} rounds of ${SECONDS} s, medians`,
  );
  console.log(`start to ready: cold ${Math.round(coldStartMs)} ms, warm ${Math.round(warmStartMs)} ms`);
  console.log(
    '| what | requests/s | ratio to echo | p50 ms | p99 ms | unexpected answers |\n| --- | ---: | ---: | ---: | ---: | ---: |',
  );
  for (const row of rows) {
    console.log(
      `| ${row.name} | ${Math.round(row.requestsPerSecond)} | ${row.ratioToEcho.toFixed(3)} | ${row.p50Ms.toFixed(2)} | ${row.p99Ms.toFixed(2)} | ${row.unexpected} |`,
    );
  }
  mkdirSync(join(ROOT, 'bench-results'), { recursive: true });
  writeFileSync(
    join(ROOT, 'bench-results/latest.json'),
    JSON.stringify({ version, node: process.version, coldStartMs, warmStartMs, rows, rounds: results }, null, 2),
  );
  if (rows.some((row) => row.unexpected > 0)) process.exitCode = 1;
} finally {
  await server.stop();
  await echo.stop();
  rmSync(folder, { recursive: true, force: true });
}

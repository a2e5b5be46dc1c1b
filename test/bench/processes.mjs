/** The processes of a measurement: the server, the bare Fastify beside it, the load generator. Each of them is started and ended here. */
import { spawn } from 'node:child_process';
import { chmodSync, closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

export const ROOT = resolve(import.meta.dirname, '../..');
/** What `npm start` tells Node. */
const NODE_FLAGS = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).scripts.start.match(/--[a-z-]+=\S+/g);
export const ADMIN_PASSWORD = 'a password for the benchmark';
const START_LIMIT_MS = 300_000;

export function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** A folder of its own on a disk, not in memory: commits cost what they cost. Postgres, perhaps another user, must reach into it. */
export function newFolder(parent = tmpdir()) {
  const folder = mkdtempSync(join(parent, 'latido-bench-'));
  chmodSync(folder, 0o755);
  return folder;
}

export function removeFolder(folder) {
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}

// An interrupted harness leaves nothing behind either: by itself a signal would not let `exit` handlers run.
for (const [signal, number] of [
  ['SIGINT', 2],
  ['SIGTERM', 15],
])
  process.once(signal, () => process.exit(128 + number));

/** A process of the measurement, with nothing of the caller's environment but what a process needs. */
class Process {
  /** Its exit code, or the signal that ended it. */
  exit = undefined;

  constructor(args, environment, stdio) {
    this.child = spawn(process.execPath, args, {
      cwd: ROOT,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, NODE_ENV: 'production', ...environment },
      stdio,
    });
    this.ended = new Promise((resolve) => this.child.once('exit', (code, signal) => resolve(code ?? signal)));
    void this.ended.then((how) => (this.exit = how));
    // A harness that fails half-way leaves nothing behind.
    this.kill = () => this.child.kill('SIGTERM');
    process.once('exit', this.kill);
    void this.ended.then(() => process.removeListener('exit', this.kill));
  }

  get pid() {
    return this.child.pid;
  }

  /** Resolves with the milliseconds to the first 200. */
  async ready(url) {
    const startedAtMs = performance.now();
    while (performance.now() - startedAtMs < START_LIMIT_MS) {
      if (this.exit !== undefined) throw new Error(`the process for ${url} ended with ${this.exit}`);
      const answered = await fetch(url).then(
        (response) => response.ok,
        () => false,
      );
      if (answered) return performance.now() - startedAtMs;
      await sleep(5);
    }
    throw new Error(`${url} did not answer`);
  }

  /** @param {NodeJS.Signals} signal */
  async stop(signal = 'SIGTERM') {
    if (this.exit === undefined) this.child.kill(signal);
    return this.ended;
  }
}

/** The server, built, on a data folder. */
export class Server extends Process {
  orders = new Map();
  number = 0;

  /**
   * @param {object} options
   * @param {string} options.folder holds the data folder, `data`
   * @param {number} options.port
   * @param {boolean} [options.agent] loads server-agent.mjs, which `order` talks to
   * @param {string} [options.log] file that what it says on standard error is added to
   * @param {Record<string, string>} [options.environment]
   */
  constructor({ folder, port, agent = false, log, environment = {} }) {
    const output = log === undefined ? 'inherit' : openSync(log, 'a');
    super(
      [
        ...NODE_FLAGS,
        ...(agent ? ['--expose-gc', '--import', join(import.meta.dirname, 'server-agent.mjs')] : []),
        'dist/apps/api/src/main.js',
      ],
      { DATA_DIR: join(folder, 'data'), PORT: String(port), ADMIN_PASSWORD, ...environment },
      ['ignore', 'ignore', output, ...(agent ? ['ipc'] : [])],
    );
    if (log !== undefined) closeSync(output);
    this.dataFolder = join(folder, 'data');
    this.port = port;
    this.url = `http://127.0.0.1:${port}`;
    if (!agent) return;
    this.child.on('message', ({ number, result, error }) => {
      const { resolve, reject } = this.orders.get(number);
      this.orders.delete(number);
      if (error === undefined) resolve(result);
      else reject(new Error(error));
    });
  }

  /** Starts it; resolves once it is ready, `readyMs` after the process began. */
  static async start(options) {
    const server = new Server(options);
    server.readyMs = await server.ready(`${server.url}/health/ready`);
    return server;
  }

  /** Has the agent in the process do something. */
  order(name, argument) {
    const number = (this.number += 1);
    return new Promise((resolve, reject) => {
      this.orders.set(number, { resolve, reject });
      this.child.send({ number, name, argument });
    });
  }

  async call(method, path, { body, token } = {}) {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token ? { authorization: `Bearer ${token}` } : {}),
      },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
    return /json/.test(response.headers.get('content-type') ?? '') ? response.json() : response.text();
  }

  async signIn(username, password) {
    const body = { grant_type: 'password', username, password };
    return (await this.call('POST', '/v1/auth/token', { body })).access_token;
  }
}

/** Fastify alone. It echoes bodies of the form of these examples, each on a path of its own. */
export class Echo extends Process {
  constructor(port, examples) {
    super([join(import.meta.dirname, 'echo.mjs'), String(port)], {}, ['pipe', 'ignore', 'inherit']);
    this.child.stdin.end(JSON.stringify(examples));
    this.port = port;
  }

  static async start(examples) {
    const echo = new Echo(await freePort(), examples);
    await echo.ready(`http://127.0.0.1:${echo.port}/ready`);
    return echo;
  }
}

/**
 * One run of the load generator.
 * @param {import('./load.mjs').Orders} orders
 * @param {(event: 'measuring' | 'measured') => void} [onEvent]
 */
export function load(orders, onEvent) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'load.mjs')], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    let result;
    createInterface(child.stdout).on('line', (line) => {
      const { event, ...rest } = JSON.parse(line);
      if (event === 'result') result = rest;
      else onEvent?.(event);
    });
    child.on('close', (code) =>
      result ? resolve(result) : reject(new Error(`the load generator ended with ${code}, without a result`)),
    );
    child.stdin.on('error', () => undefined); // it has ended: `close` tells
    child.stdin.end(JSON.stringify(orders));
  });
}

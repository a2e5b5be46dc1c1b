/** Starts the built server as its own process, on a free port with a data folder of its own, and talks to it over HTTP. */
import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '#platform';
import { PATIENT } from '../setup/patient.js';
import { copyPreparedData } from './prepared-data.js';

const ROOT = resolve(import.meta.dirname, '../..');
export const ADMIN_PASSWORD = 'an-administrators-password';

/** What a first start writes down for good. */
const WRITTEN_DOWN = ['DATABASE_URL', 'MODELS_DIR', 'ADMIN_EMAIL'];

export interface Answer<T = Record<string, unknown>> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

function newFolder(): string {
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'latido-e2e-'));
  chmodSync(folder, 0o755);
  return folder;
}

/** False when there is no such process any more. */
function sendSignal(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

/** Whether there is a process of this number. */
export function isRunning(pid: number): boolean {
  return sendSignal(pid, 0);
}

export class Server {
  output = '';
  private child: ChildProcess | undefined;
  port = 0;
  /** Makes a database of its own and verifies the models, as a first start does. */
  startsAnew = false;
  /** Where the run keeps what it has prepared; left out, tests ask for it. */
  runFolder: string | undefined;

  /** @param folder another server's, to start a second one on it; else one of its own */
  constructor(
    private readonly environment: Record<string, string> = { ADMIN_PASSWORD },
    readonly folder = newFolder(),
    /** Options of the command. */
    private readonly options: readonly string[] = [],
  ) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    return this.child!.pid!;
  }

  get exitCode(): number | null {
    return this.child?.exitCode ?? null;
  }

  spawn(): void {
    // Nothing of the caller's environment but what a process needs: no DATABASE_URL of the machine, no LOG_LEVEL.
    const environment = {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      DATA_DIR: join(this.folder, 'data'),
      PORT: String(this.port),
      ...this.environment,
    };
    this.child = spawn(process.execPath, ['--enable-source-maps', 'dist/apps/api/src/main.js', ...this.options], {
      cwd: ROOT,
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
  }

  /** Whether its first start leaves the same as that of others. */
  private startsLikeOthers(): boolean {
    const { ADMIN_PASSWORD: password, ...others } = this.environment;
    return !this.startsAnew && password === ADMIN_PASSWORD && !WRITTEN_DOWN.some((name) => name in others);
  }

  /** Starts and resolves with the milliseconds to the first 200 of /health/ready. */
  async start(): Promise<number> {
    this.port ||= await freePort();
    const data = join(this.folder, 'data');
    if (!existsSync(data) && this.startsLikeOthers())
      await copyPreparedData(data, () => Object.assign(new Server(), { startsAnew: true }), this.runFolder);
    const startedAt = performance.now();
    this.spawn();
    for (;;) {
      if (this.child?.exitCode !== null)
        throw new Error(`the server ended with ${this.child?.exitCode}: ${this.output.slice(-2000)}`);
      const ready = await fetch(`${this.url}/health/ready`).then(
        (response) => response.status === 200,
        () => false,
      );
      if (ready) return performance.now() - startedAt;
      if (performance.now() - startedAt > 120_000)
        throw new Error(`the server did not become ready: ${this.output.slice(-2000)}`);
      await sleep(20);
    }
  }

  /** Sends a signal and resolves with the exit code (null when killed). */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const ended = new Promise<number | null>((done) => child.once('exit', (code) => done(code)));
    child.kill(signal);
    return ended;
  }

  /** Process id of the server's own Postgres, if it has one. */
  postgresPid(): number | undefined {
    const path = join(this.folder, 'data/postgres/postmaster.pid');
    return existsSync(path) ? Number(readFileSync(path, 'utf8').split('\n')[0]) : undefined;
  }

  /** Stops everything and removes the data folder. */
  async remove(): Promise<void> {
    await this.stop('SIGTERM');
    const pid = this.postgresPid();
    // One that outlived its server still writes: it must be gone before its folder goes.
    for (let attempt = 0; pid !== undefined && attempt < 250 && sendSignal(pid, 'SIGQUIT'); attempt += 1)
      await sleep(20);
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }

  /** @param path or a whole URL, at another of its ports */
  async request<T = Record<string, unknown>>(
    method: string,
    path: string,
    options: { token?: string; body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<Answer<T>> {
    const { token, body, headers } = options;
    const response = await fetch(new URL(path, this.url), {
      method,
      headers: {
        ...(body === undefined || typeof body === 'string' ? {} : { 'content-type': 'application/json' }),
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...headers,
      },
      body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, headers: response.headers, body: (isJson ? JSON.parse(text) : text) as T };
  }

  async signIn(username: string, password: string): Promise<string> {
    const { status, body } = await this.request<{ access_token: string }>('POST', '/v1/auth/token', {
      body: { grant_type: 'password', username, password },
    });
    if (status !== 200) throw new Error(`sign-in of ${username} answered ${status}: ${JSON.stringify(body)}`);
    return body.access_token;
  }

  admin(): Promise<string> {
    return this.signIn('admin', ADMIN_PASSWORD);
  }

  /** Registers somebody new and signs them in. */
  async newUser(name: string): Promise<{ id: string; token: string; name: string; password: string }> {
    const password = `the long password of ${name.split('').reverse().join('')}`;
    const { status, body } = await this.request<{ id: string }>('POST', '/v1/users', {
      body: { username: name, password },
    });
    if (status !== 201) throw new Error(`registration of ${name} answered ${status}: ${JSON.stringify(body)}`);
    return { id: body.id, token: await this.signIn(name, password), name, password };
  }

  predict<T = Record<string, unknown>>(
    token: string | undefined,
    body: unknown = { input: PATIENT },
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    return this.request<T>('POST', '/v1/models/cardiac-risk/predictions', { token, body, headers });
  }
}

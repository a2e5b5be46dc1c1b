/**
 * A Redis (or Valkey) of a spec file's own: a real one on a free port, nothing of it on disk, stopped when the file is done. Tests
 * that need one skip, and say so, where the machine has none.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '@redis/client';
import { afterAll } from 'vitest';
import { freePort, type RunScript } from '#platform';

const PROGRAM = ['redis-server', 'valkey-server'].find((program) => spawnSync(program, ['--version']).status === 0);
const START_TIMEOUT_MS = 10_000;

export const redisInstalled = PROGRAM !== undefined;
if (!redisInstalled)
  console.warn('Neither redis-server nor valkey-server is installed: the tests that need one are skipped.');

/** They may be started within a hook or a test, where nothing can be left to do after the file. */
const toStop = new Set<() => Promise<void> | void>();
afterAll(async () => {
  for (const stop of toStop) await stop();
});

export class RedisServer {
  private child: ChildProcess | undefined;
  private readonly folder = mkdtempSync(join(tmpdir(), 'latido-redis-'));

  private constructor(
    readonly port: number,
    private readonly settings: readonly string[],
  ) {}

  /** @param settings as on redis-server's command line: `--requirepass secret` */
  static async start(...settings: string[]): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), settings);
    toStop.add(() => server.remove());
    await server.start();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts it again, empty, where it was. */
  async start(): Promise<void> {
    const child = spawn(
      PROGRAM!,
      ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', ...this.settings],
      { cwd: this.folder, stdio: 'ignore' },
    );
    this.child = child;
    for (const deadline = Date.now() + START_TIMEOUT_MS; ; await sleep(10)) {
      if (child.exitCode !== null) throw new Error(`${PROGRAM} ended with ${child.exitCode}`);
      const answered = await this.ask('PING').then(
        () => true,
        (error: Error) => /^(NOAUTH|LOADING)/.test(error.message),
      );
      if (answered) return;
      if (Date.now() > deadline) throw new Error(`${PROGRAM} did not answer`);
    }
  }

  /** Ends at once, with all it held. */
  async kill(): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((done) => child.once('exit', done));
    child.kill('SIGKILL');
    await ended;
  }

  /** Keeps its connections and answers nothing, until `resume`. */
  pause(): void {
    this.child?.kill('SIGSTOP');
  }

  resume(): void {
    this.child?.kill('SIGCONT');
  }

  /** What it answers to a command, over a connection of its own. */
  async ask(...command: string[]): Promise<unknown> {
    const client = createClient({ url: this.url, RESP: 2, socket: { reconnectStrategy: false } });
    client.on('error', () => undefined); // connecting fails with it
    try {
      await client.connect();
      return await client.sendCommand(command);
    } finally {
      client.destroy();
    }
  }

  /** Runs scripts over one connection, in the order they are asked for, and waits for them however long they take. */
  async scripts(): Promise<RunScript> {
    const client = createClient({ url: this.url, RESP: 2, socket: { reconnectStrategy: false } });
    client.on('error', () => undefined); // what waits for an answer fails with it
    await client.connect();
    toStop.add(() => client.destroy());
    const loaded = new Set<string>();
    return (script, keys, args) => {
      // The answer need not be waited for: what is asked next comes after it.
      if (!loaded.has(script.sha1)) client.sendCommand(['SCRIPT', 'LOAD', script.lua]).catch(() => undefined);
      loaded.add(script.sha1);
      return client.sendCommand(['EVALSHA', script.sha1, String(keys.length), ...keys, ...args]);
    };
  }

  private async remove(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

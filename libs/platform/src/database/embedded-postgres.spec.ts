import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { isAlive } from './processes.js';
import { DataFolderInUseError, DataFolderVersionError, EmbeddedPostgres } from './embedded-postgres.js';

const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'latido-embedded-'));
chmodSync(folder, 0o755);
const directory = join(folder, 'postgres');
const options = { directory, password: (role: string) => `secret of ${role}`, volatile: true };
let server: EmbeddedPostgres;

async function ask<T>(url: string, statement: string): Promise<T | undefined> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1_000 });
  await client.connect();
  try {
    return (await client.query<{ answer: T }>(statement)).rows[0]?.answer;
  } finally {
    await client.end();
  }
}

function postmasterPid(): number {
  return Number(readFileSync(join(directory, 'postmaster.pid'), 'utf8').split('\n')[0]);
}

beforeAll(async () => {
  server = await EmbeddedPostgres.start(options);
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

describe('the Postgres that comes with the installation', () => {
  it('has an owner and an application role, neither a superuser, and wants their passwords', async () => {
    expect(await ask(server.ownerUrl, 'SELECT current_user::text AS answer')).toBe('latido_owner');
    expect(await ask(server.applicationUrl, 'SELECT current_user::text AS answer')).toBe('latido_app');
    expect(
      await ask(server.applicationUrl, "SELECT bool_or(rolsuper) AS answer FROM pg_roles WHERE rolname LIKE 'latido%'"),
    ).toBe(false);
    const guessed = new URL(server.applicationUrl);
    guessed.password = 'guess';
    await expect(ask(guessed.toString(), 'SELECT 1 AS answer')).rejects.toThrow('password authentication failed');
  });

  it('listens on loopback alone', async () => {
    expect(await ask(server.ownerUrl, "SELECT current_setting('listen_addresses') AS answer")).toBe('127.0.0.1');
  });

  it('refuses a second instance on the same folder, naming the first, and leaves it running', async () => {
    await expect(EmbeddedPostgres.start(options)).rejects.toThrow(DataFolderInUseError);
    await expect(EmbeddedPostgres.start(options)).rejects.toThrow(`process ${process.pid}`);
    expect(await ask(server.ownerUrl, 'SELECT 1 AS answer')).toBe(1);
  });

  it('comes back by itself, on the same port, when it is killed', async () => {
    process.kill(postmasterPid(), 'SIGKILL');
    await vi.waitFor(async () => expect(await ask(server.applicationUrl, 'SELECT 1 AS answer')).toBe(1), {
      timeout: 60_000,
      interval: 100,
    });
  });

  it('keeps its data over a stop and a start', async () => {
    await ask(server.ownerUrl, 'CREATE TABLE kept (x int)');
    const stoppedPid = postmasterPid();
    await server.stop();
    expect(isAlive(stoppedPid)).toBe(false);
    server = await EmbeddedPostgres.start(options);
    expect(await ask(server.ownerUrl, "SELECT to_regclass('kept')::text AS answer")).toBe('kept');
  });

  it('starts when the process that a stale lock file names is somebody else by now', async () => {
    const lock = join(directory, 'postmaster.pid');
    const lines = readFileSync(lock, 'utf8').split('\n');
    await server.stop();
    // Not our parent or our own: those Postgres itself knows to be no postmaster. As Postgres' own user, so that it may ask.
    const { uid, gid } = statSync(directory);
    const bystander = spawn('sleep', ['60'], { stdio: 'ignore', uid, gid });
    writeFileSync(lock, [String(bystander.pid), ...lines.slice(1)].join('\n'));
    chownSync(lock, uid, gid);
    try {
      server = await EmbeddedPostgres.start(options);
      expect(await ask(server.ownerUrl, 'SELECT 1 AS answer')).toBe(1);
    } finally {
      bystander.kill();
    }
  });

  it('tidies up after a start that was killed while it made the directory', async () => {
    const parent = join(folder, 'new');
    mkdirSync(parent, { mode: 0o755 });
    const dead = spawn('true');
    await once(dead, 'exit');
    mkdirSync(join(parent, `postgres.${dead.pid}.new`));
    writeFileSync(join(parent, `postgres.${dead.pid}.new.pw`), 'secret');
    const fresh = await EmbeddedPostgres.start({ ...options, directory: join(parent, 'postgres') });
    await fresh.stop();
    expect(readdirSync(parent)).toEqual(['postgres']);
  });

  it('refuses a folder of another major version and says what to do', async () => {
    await server.stop();
    const version = join(directory, 'PG_VERSION');
    const own = readFileSync(version);
    writeFileSync(version, '16\n');
    await expect(EmbeddedPostgres.start(options)).rejects.toThrow(DataFolderVersionError);
    await expect(EmbeddedPostgres.start(options)).rejects.toThrow(/backup FILE.*restore FILE/s);
    writeFileSync(version, own);
    server = await EmbeddedPostgres.start(options);
  });
});

import type { ChildProcess } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DataFolder, EmbeddedPostgres, migrate } from '#platform';
import { schema } from '../../../migrations/schema.js';
import { ownDatabase } from '../../../test/setup/database.js';
import { runLatido, type Ended } from '../../../test/setup/latido-command.js';

// The command as its own process, built from these sources.
const ROOT = resolve(import.meta.dirname, '../../..');
const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'latido-command-'));
chmodSync(folder, 0o755); // the built-in Postgres may run as another user
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function latido(
  words: string[],
  environment: Record<string, string> = {},
  started?: (command: ChildProcess) => void,
): Promise<Ended> {
  return runLatido(folder, words, environment, started);
}

const database = await ownDatabase();
const onDatabase = {
  DATABASE_URL: database.url,
  DATABASE_OWNER_URL: database.ownerUrl,
  DATA_DIR: join(folder, 'beside'),
};

async function query<Row extends object>(url: string, statement: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(statement)).rows;
  } finally {
    await client.end();
  }
}

beforeAll(async () => {
  const built = await latido(['--version']);
  expect(built).toMatchObject({ code: 0, err: '' });
});

describe('latido', () => {
  it('helps', async () => {
    const { code, out } = await latido(['--help']);
    expect(code).toBe(0);
    for (const name of [
      'backup FILE',
      'restore FILE',
      'models publish PATH',
      'models list',
      'models inspect',
      'users invite',
      'users reset-password NAME',
      'config',
    ])
      expect(out).toContain(name);
  });

  it('ends with 2 when it is called wrongly', async () => {
    expect(await latido(['backup'])).toMatchObject({ code: 2, out: '', err: expect.stringContaining('takes FILE') });
  });

  it('shows the configuration without its secrets', async () => {
    const { code, out } = await latido(['config', '--json'], {
      ...onDatabase,
      ADMIN_PASSWORD: 'the administrators own',
    });
    expect(code).toBe(0);
    const { variables } = JSON.parse(out) as { variables: { name: string; value: string; source: string }[] };
    expect(variables.find(({ name }) => name === 'ADMIN_PASSWORD')).toEqual({
      name: 'ADMIN_PASSWORD',
      value: '(hidden)',
      source: 'environment',
    });
    expect(out).not.toContain(new URL(database.ownerUrl).password);
  });

  it('says what is wrong with the configuration, without a stack', async () => {
    const { code, err } = await latido(['users', 'invite'], { ...onDatabase, PORT: 'x' });
    expect(code).toBe(1);
    expect(err).toMatch(/^latido: The configuration is not usable:\n {2}- PORT must be .*\n$/);
  });

  it('says that there is no database yet rather than make one', async () => {
    const { code, err } = await latido(['backup', 'x.backup'], { DATA_DIR: join(folder, 'none') });
    expect({ code, err }).toEqual({
      code: 1,
      err: `latido: There is no database in ${join(folder, 'none')} yet. Start Latido once, or set DATA_DIR or DATABASE_URL to where it is.\n`,
    });
    expect(existsSync(join(folder, 'none'))).toBe(false);
  });
});

describe('latido backup and restore', () => {
  it('carries a database that is being written to into a new data folder', async () => {
    const writer = new pg.Client({ connectionString: database.url });
    await writer.connect();
    let writing = true;
    let written = 0;
    const writes = (async () => {
      for (; writing; written += 1) {
        await writer.query(
          `INSERT INTO users (id, username, username_key) VALUES (gen_random_uuid(), 'user ${written}', 'user ${written}')`,
        );
      }
    })();
    const taken = await latido(['backup', 'busy.backup', '--json'], onDatabase);
    writing = false;
    await writes;
    await writer.end();
    expect(taken).toMatchObject({ code: 0, err: '' });
    const summary = JSON.parse(taken.out) as { file: string; sha256: string; tables: { name: string; rows: number }[] };
    const users = summary.tables.find(({ name }) => name === 'users')!.rows;
    expect(users).toBeGreaterThan(0);
    expect(users).toBeLessThan(written);
    expect((statSync(summary.file).mode & 0o777).toString(8)).toBe('600');
    expect(
      await query(
        database.url,
        "SELECT target_id, details->>'rows' AS rows FROM audit_events WHERE action = 'record.backed-up'",
      ),
    ).toEqual([{ target_id: summary.sha256, rows: String(summary.tables.reduce((sum, { rows }) => sum + rows, 0)) }]);

    const inFolder = { DATA_DIR: join(folder, 'data') };
    expect(await latido(['restore', 'busy.backup'], inFolder)).toMatchObject({
      code: 0,
      err: '',
      out: expect.stringContaining(`Restored to ${inFolder.DATA_DIR}`),
    });
    expect(existsSync(join(inFolder.DATA_DIR, 'postgres/postmaster.pid'))).toBe(false);
    expect(await latido(['restore', 'busy.backup'], inFolder)).toMatchObject({
      code: 1,
      err: expect.stringContaining('empty database only'),
    });

    const again = await latido(['backup', 'again.backup', '--json'], inFolder);
    const copied = JSON.parse(again.out) as typeof summary;
    expect(copied.tables.find(({ name }) => name === 'users')!.rows).toBe(users);
  });

  it('refuses a file that was cut, and makes no database for it', async () => {
    writeFileSync(join(folder, 'cut.backup'), readFileSync(join(folder, 'busy.backup')).subarray(0, -20));
    for (const words of [
      ['restore', 'cut.backup'],
      ['restore', '--check', 'cut.backup'],
    ]) {
      expect(await latido(words, { DATA_DIR: join(folder, 'none') })).toMatchObject({
        code: 1,
        err: expect.stringContaining('cut off'),
      });
    }
    expect(existsSync(join(folder, 'none'))).toBe(false);
  });

  it('overwrites no file', async () => {
    expect(await latido(['backup', 'busy.backup'], onDatabase)).toMatchObject({
      code: 1,
      err: expect.stringContaining('exists already'),
    });
  });

  it('stops at a signal, even while it waits for the database, and leaves no file', async () => {
    const blocker = new pg.Client({ connectionString: database.ownerUrl });
    await blocker.connect();
    await blocker.query('BEGIN');
    await blocker.query('LOCK TABLE users IN ACCESS EXCLUSIVE MODE');
    let command: ChildProcess | undefined;
    const ended = latido(['backup', 'stopped.backup'], onDatabase, (child) => (command = child));
    for (let waiting = false; !waiting; await sleep(50)) {
      waiting =
        (
          await query(
            database.superuserUrl,
            "SELECT 1 FROM pg_stat_activity WHERE application_name = 'latido backup' AND wait_event_type = 'Lock' AND datname = current_database()",
          )
        ).length > 0;
    }
    expect(existsSync(join(folder, 'stopped.backup'))).toBe(true);
    command!.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 1, err: expect.stringContaining('stopped') });
    expect(existsSync(join(folder, 'stopped.backup'))).toBe(false);
    await blocker.end();
  });

  it('works beside a server that keeps the built-in database running', async () => {
    const dataDir = join(folder, 'served');
    const server = await startedDatabase(dataDir);
    expect(await latido(['backup', 'served.backup'], { DATA_DIR: dataDir })).toMatchObject({ code: 0, err: '' });
    expect(await query(server.ownerUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await server.stop();
  });
});

/** What a running server keeps on its data folder, without the server. */
async function startedDatabase(dataDir: string): Promise<EmbeddedPostgres> {
  const data = new DataFolder(dataDir);
  const server = await EmbeddedPostgres.start({
    directory: data.file('postgres'),
    password: (role) => data.secret(`database-${role}`),
    volatile: true,
  });
  await migrate(server.ownerUrl, server.applicationUrl, schema);
  return server;
}

describe('latido users', () => {
  it('makes an invitation that holds for as long as was said', async () => {
    const { code, out } = await latido(['users', 'invite', '--days', '2', '--json'], onDatabase);
    expect(code).toBe(0);
    const invitation = JSON.parse(out) as { code: string; expiresAt: string };
    expect(invitation.code.length).toBeGreaterThan(15);
    const [row] = await query<{ expires_at: Date; code_hash: string }>(
      database.url,
      'SELECT expires_at, code_hash FROM invitations',
    );
    expect(Math.abs(row!.expires_at.getTime() - new Date(invitation.expiresAt).getTime())).toBeLessThan(5_000);
    expect(row!.code_hash).not.toContain(invitation.code);
    expect(await latido(['users', 'invite', '--days', '0'], onDatabase)).toMatchObject({ code: 2 });
  });

  it('resets a password, ends the sessions and announces it to running servers', async () => {
    await query(
      database.url,
      `INSERT INTO users (id, username, username_key) VALUES ('01890000-0000-7000-8000-000000000001', 'ana', 'ana')`,
    );
    await query(
      database.url,
      `INSERT INTO credentials (user_id, password_hash) VALUES ('01890000-0000-7000-8000-000000000001', 'x')`,
    );
    const listener = new pg.Client({ connectionString: database.url });
    await listener.connect();
    const announced: string[] = [];
    listener.on('notification', ({ payload }) => announced.push(payload ?? ''));
    await listener.query('LISTEN latido_changes');
    const { code, out, err } = await latido(['users', 'reset-password', 'Ana', '--json'], onDatabase);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    await listener.query('SELECT 1');
    await listener.end();
    const { password } = JSON.parse(out) as { password: string };
    const [row] = await query<{ password_hash: string; token_epoch: number; must_change: boolean }>(
      database.url,
      'SELECT password_hash, token_epoch, must_change FROM credentials',
    );
    expect(row).toMatchObject({
      token_epoch: 1,
      must_change: true,
      password_hash: expect.stringMatching(/^\$argon2id\$/),
    });
    expect(password.length).toBeGreaterThanOrEqual(16);
    expect(announced.some((payload) => payload.includes('01890000-0000-7000-8000-000000000001'))).toBe(true);
    expect(await latido(['users', 'reset-password', 'nobody'], onDatabase)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^latido: .*nobody.*\n$/),
    });
  });
});

describe('latido models', () => {
  const shipped = join(ROOT, 'models/cardiac-risk/1.0.0');

  it('verifies and registers a version, once', async () => {
    const added = await latido(['models', 'publish', shipped], onDatabase);
    expect(added).toMatchObject({ code: 0, err: 'opening the registry\nreading\nverifying\nstoring\n' });
    expect(added.out).toMatch(
      /^cardiac-risk 1\.0\.0 is registered: verified\.\n.* against keras .*: \d+ rows differ by at most \d/,
    );
    expect((await latido(['models', 'publish', shipped], onDatabase)).out).toContain(
      'was registered already, in the same bytes: verified',
    );
    expect(await query(database.url, "SELECT action FROM audit_events WHERE target_type = 'model-version'")).toEqual([
      { action: 'model-version.registered' },
    ]);
  });

  it('registers a version whose scores are wrong as rejected, and ends with 1', async () => {
    const wrong = join(folder, 'wrong');
    cpSync(shipped, wrong, { recursive: true });
    writeFileSync(
      join(wrong, 'manifest.yaml'),
      readFileSync(join(wrong, 'manifest.yaml'), 'utf8').replace(/^version: .*$/m, 'version: 1.0.1'),
    );
    const golden = JSON.parse(readFileSync(join(wrong, 'golden.json'), 'utf8')) as { outputs: unknown };
    writeFileSync(join(wrong, 'golden.json'), JSON.stringify({ ...golden, outputs: shifted(golden.outputs) }));
    const { code, out } = await latido(['models', 'publish', wrong, '--json'], onDatabase);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      version: '1.0.1',
      status: 'rejected',
      rejection: expect.stringMatching(/against keras .* instead of/),
    });
  });

  it('names each fault of a manifest', async () => {
    const broken = join(folder, 'broken');
    cpSync(shipped, broken, { recursive: true });
    writeFileSync(join(broken, 'manifest.yaml'), 'name: Broken Name\n');
    const { code, err } = await latido(['models', 'publish', broken], onDatabase);
    expect(code).toBe(1);
    expect(err).toMatch(/\nlatido: [^]*\/name/);
    expect(err).not.toContain('    at ');
  });

  it('lists what is registered', async () => {
    const { code, out } = await latido(['models', 'list', '--json'], onDatabase);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      versions: [
        { model: 'cardiac-risk', version: '1.0.1', status: 'rejected', active: false },
        { model: 'cardiac-risk', version: '1.0.0', status: 'verified', active: false, rejection: null },
      ],
    });
  });
});

/** The same nesting with every number a tenth off. */
function shifted(values: unknown): unknown {
  if (Array.isArray(values)) return values.map(shifted);
  return typeof values === 'number' ? values + 0.1 : values;
}

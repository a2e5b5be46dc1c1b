import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import pg from 'pg';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { schema } from '../../../../migrations/schema.js';
import { ownDatabase } from '../../../../test/setup/database.js';
import { fillEveryTable, run } from '../../../../test/setup/filled-database.js';
import { migrate, type Schema } from '../database/migrate.js';
import { checkBackup } from './read-backup.js';
import { restoreBackup } from './restore-backup.js';
import { writeBackup } from './write-backup.js';

const folder = mkdtempSync(join(tmpdir(), 'latido-backup-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A database without a schema, as an operator makes one. */
async function emptyDatabase(): Promise<{ name: string; ownerUrl: string; applicationUrl: string }> {
  const name = `t_${randomBytes(6).toString('hex')}`;
  await run(inject('superuserUrl'), `CREATE DATABASE ${name} TEMPLATE template0 OWNER latido_owner`);
  afterAll(() => run(inject('superuserUrl'), `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
  const url = (of: 'ownerUrl' | 'applicationUrl'): string =>
    Object.assign(new URL(inject(of)), { pathname: `/${name}` }).toString();
  return { name, ownerUrl: url('ownerUrl'), applicationUrl: url('applicationUrl') };
}

/** All rows of all tables, as Postgres writes them. */
async function content(url: string): Promise<Record<string, string[]>> {
  const tables = await run<{ name: string }>(
    url,
    "SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY 1",
  );
  const found: Record<string, string[]> = {};
  for (const { name } of tables) {
    const rows = await run<{ row: string }>(url, `SELECT t::text AS row FROM ${name} t ORDER BY 1`);
    found[name] = rows.map(({ row }) => row);
  }
  return found;
}

const source = await ownDatabase();
const path = join(folder, 'full.backup');
const backUp = (url: string, file: string) => writeBackup({ ownerUrl: url, path: file, latidoVersion: '0.1.0' });
const restore = (database: { ownerUrl: string; applicationUrl: string }, file: string, into: Schema = schema) =>
  restoreBackup({ path: file, ownerUrl: database.ownerUrl, applicationUrl: database.applicationUrl, schema: into });

beforeAll(async () => {
  await fillEveryTable(source.ownerUrl);
  await backUp(source.ownerUrl, path);
});

describe('a backup', () => {
  it('restored into an empty database has the same rows in every table', async () => {
    const expected = await content(source.ownerUrl);
    expect(Object.entries(expected).filter(([, rows]) => rows.length === 0)).toEqual([]);
    const target = await emptyDatabase();
    const summary = await restore(target, path);
    expect(await content(target.ownerUrl)).toEqual(expected);
    expect(summary.tables).toContainEqual({ name: 'predictions', rows: 20_000 });
  });

  it('restored into a database that has the schema already replaces what migrations put there', async () => {
    const target = await ownDatabase();
    await restore({ ownerUrl: target.ownerUrl, applicationUrl: target.url }, path);
    expect(await content(target.ownerUrl)).toEqual(await content(source.ownerUrl));
  });

  it('leaves the restored schema as migrations make it: keys, constraints, privileges', async () => {
    const describeSchema = (url: string) =>
      run(
        url,
        `SELECT conrelid::regclass::text AS "table", conname, pg_get_constraintdef(oid) AS definition, convalidated, condeferrable FROM pg_constraint WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2`,
      );
    const privileges = (url: string) =>
      run(
        url,
        `SELECT table_name, privilege_type FROM information_schema.role_table_grants WHERE grantee = 'latido_app' AND table_schema = 'public' ORDER BY 1, 2`,
      );
    const target = await emptyDatabase();
    await restore(target, path);
    expect(await describeSchema(target.ownerUrl)).toEqual(await describeSchema(source.ownerUrl));
    expect(await privileges(target.ownerUrl)).toEqual(await privileges(source.ownerUrl));
    await expect(run(target.applicationUrl, 'DELETE FROM predictions')).rejects.toThrow('permission denied');
  });

  it('holds one moment, although others write while it is taken', async () => {
    const file = join(folder, 'busy.backup');
    const writer = new pg.Client({ connectionString: source.ownerUrl });
    await writer.connect();
    let writing = true;
    const writes = (async () => {
      for (let n = 0; writing; n += 1) {
        // Both or neither, and the second table is read well after the first.
        await writer.query('BEGIN');
        await writer.query(
          `INSERT INTO audit_events (id, occurred_at, actor_kind, action, target_type, target_id, details) VALUES (gen_random_uuid(), now(), 'system', 'pair', 'n', '${n}', '{}')`,
        );
        await writer.query(
          `INSERT INTO users (id, username, username_key) VALUES (gen_random_uuid(), 'pair ${n}', 'pair ${n}')`,
        );
        await writer.query('COMMIT');
      }
    })();
    await backUp(source.ownerUrl, file);
    writing = false;
    await writes;
    await writer.end();
    const target = await emptyDatabase();
    await restore(target, file);
    const [pairs] = await run<{ events: string; users: string }>(
      target.ownerUrl,
      "SELECT (SELECT count(*) FROM audit_events WHERE action = 'pair') AS events, (SELECT count(*) FROM users WHERE username LIKE 'pair %') AS users",
    );
    expect(pairs?.events).toBe(pairs?.users);
  });

  it('is readable to its owner alone', () => {
    expect((statSync(path).mode & 0o777).toString(8)).toBe('600');
  });

  it('overwrites nothing', async () => {
    const before = readFileSync(path);
    await expect(backUp(source.ownerUrl, path)).rejects.toThrow('exists already');
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it('leaves no file behind when it fails', async () => {
    const file = join(folder, 'failed.backup');
    await expect(backUp('postgres://nobody:x@127.0.0.1:1/none', file)).rejects.toThrow('ECONNREFUSED');
    await expect(backUp((await emptyDatabase()).ownerUrl, file)).rejects.toThrow('nothing to back up');
    const stopped = AbortSignal.abort();
    await expect(
      writeBackup({ ownerUrl: source.ownerUrl, path: file, latidoVersion: '0', signal: stopped }),
    ).rejects.toThrow('aborted');
    expect(() => statSync(file)).toThrow('ENOENT');
  });

  it('tells what it holds without a database', async () => {
    const summary = await checkBackup(path);
    expect(summary).toMatchObject({ latidoVersion: '0.1.0', migrations: schema.migrations.map(({ name }) => name) });
    expect(summary.tables).toContainEqual({ name: 'users', rows: 3 });
  });
});

describe('a restore changes nothing and says why', () => {
  let target: { ownerUrl: string; applicationUrl: string };
  let whole: Buffer;
  beforeAll(async () => {
    target = await emptyDatabase();
    whole = readFileSync(path);
  });

  async function refuses(bytes: Buffer, reason: RegExp): Promise<void> {
    const file = join(folder, `${randomBytes(4).toString('hex')}.backup`);
    writeFileSync(file, bytes);
    await expect(checkBackup(file)).rejects.toThrow(reason);
    await expect(restore(target, file)).rejects.toThrow(reason);
    expect(await content(target.ownerUrl)).toEqual({});
    rmSync(file);
  }

  it.each([0.999, 0.5, 0.01])('when the file was cut at %d of its length', async (part) => {
    await refuses(whole.subarray(0, Math.floor(whole.length * part)), /cut off/);
  });

  it('when the text was cut between two tables and packed again', async () => {
    const text = gunzipSync(whole);
    await refuses(gzipSync(text.subarray(0, text.indexOf('{"table":"users"}'))), /cut off/);
    await refuses(gzipSync(text.subarray(0, text.lastIndexOf('{"end":"backup"'))), /cut off/);
  });

  it('when a byte of the file was altered', async () => {
    for (const part of [0.1, 0.5, 0.9]) {
      const altered = Buffer.from(whole);
      altered[Math.floor(whole.length * part)]! ^= 0x10;
      await refuses(altered, /altered/);
    }
  });

  it('when a value was altered and the file packed again', async () => {
    const text = gunzipSync(whole).toString('latin1');
    await refuses(
      gzipSync(Buffer.from(text.replace('ana@example.org', 'eva@example.org'), 'latin1')),
      /the rows of users are not those/,
    );
    await refuses(
      gzipSync(Buffer.from(text.replace('"latidoVersion":"0.1.0"', '"latidoVersion":"0.1.1"'), 'latin1')),
      /last line does not agree/,
    );
  });

  it('when a row was taken out', async () => {
    const text = gunzipSync(whole).toString('latin1');
    await refuses(
      gzipSync(Buffer.from(text.replace(/^.*bo@example\.org.*\n/m, ''), 'latin1')),
      /the rows of users are not those/,
    );
  });

  it('when something was added after the end', async () => {
    await refuses(Buffer.concat([whole, Buffer.from('x')]), /something follows/);
    await refuses(Buffer.concat([whole, gzipSync('x')]), /something follows/);
  });

  it('when the file is something else', async () => {
    await refuses(Buffer.from('a text'), /not a backup/);
    await refuses(gzipSync('a text\n'), /not a backup/);
    await refuses(
      gzipSync('{"latido":"backup","format":9,"latidoVersion":"9.0.0"}\n'),
      /form 9, written by Latido 9\.0\.0/,
    );
    await expect(restore(target, join(folder, 'absent'))).rejects.toThrow('There is no file');
  });

  it('when the database is in use', async () => {
    const before = await content(source.ownerUrl);
    await expect(restore({ ownerUrl: source.ownerUrl, applicationUrl: source.url }, path)).rejects.toThrow(
      /in use: its table \w+ holds rows/,
    );
    expect(await content(source.ownerUrl)).toEqual(before);
  });

  it('when it is stopped', async () => {
    const stop = new AbortController();
    const stopped = restoreBackup({
      path,
      ...target,
      schema,
      signal: stop.signal,
      onTable: ({ name }) => name === 'models' && stop.abort(),
    });
    await expect(stopped).rejects.toThrow('aborted');
    expect(await content(target.ownerUrl)).toEqual({});
  });
});

describe('across schemas', () => {
  class Wards1763700000099 implements MigrationInterface {
    async up(runner: QueryRunner): Promise<void> {
      await runner.query('CREATE TABLE wards (id serial PRIMARY KEY, name text)');
      await runner.query('ALTER TABLE users ADD COLUMN ward_id integer REFERENCES wards (id)');
      await runner.query(`UPDATE users SET display_name = 'migrated' WHERE display_name IS NULL`);
    }

    async down(runner: QueryRunner): Promise<void> {
      await runner.query('ALTER TABLE users DROP COLUMN ward_id');
      await runner.query('DROP TABLE wards');
    }
  }
  const later: Schema = { ...schema, migrations: [...schema.migrations, Wards1763700000099] };

  it('an older backup is loaded into its own schema and then migrated', async () => {
    const target = await emptyDatabase();
    await restore(target, path, later);
    expect(await run(target.ownerUrl, 'SELECT display_name, ward_id FROM users ORDER BY id')).toEqual([
      { display_name: 'Ana \\. "Ñandú"\nsecond line\ttab \\N', ward_id: null },
      { display_name: 'migrated', ward_id: null },
      { display_name: '', ward_id: null },
    ]);
  });

  it('an older backup goes into an empty database of a later schema as well', async () => {
    const target = await emptyDatabase();
    await migrate(target.ownerUrl, target.applicationUrl, later);
    await restore(target, path, later);
    const rows = await run<{ name: string }>(target.ownerUrl, 'SELECT name FROM migrations ORDER BY id');
    expect(rows.map(({ name }) => name)).toEqual(later.migrations.map(({ name }) => name));
    expect((await content(target.ownerUrl)).predictions).toEqual((await content(source.ownerUrl)).predictions);
  });

  it('a newer backup is refused, and sequences go on where they were', async () => {
    const newer = await emptyDatabase();
    await migrate(newer.ownerUrl, newer.applicationUrl, later);
    await run(newer.ownerUrl, `INSERT INTO wards (name) VALUES ('a'), ('b')`);
    const file = join(folder, 'newer.backup');
    await backUp(newer.ownerUrl, file);
    const target = await emptyDatabase();
    await expect(restore(target, file)).rejects.toThrow(/newer schema.*Wards1763700000099/);
    expect(await content(target.ownerUrl)).toEqual({});
    await restore(target, file, later);
    expect(await run(target.applicationUrl, `INSERT INTO wards (name) VALUES ('c') RETURNING id`)).toEqual([{ id: 3 }]);
  });

  it('knows all tables that migrations fill', async () => {
    const fresh = await ownDatabase();
    const filled = Object.entries(await content(fresh.ownerUrl)).filter(([, rows]) => rows.length > 0);
    expect(filled.map(([name]) => name)).toEqual(['migrations', ...schema.seededTables]);
  });
});

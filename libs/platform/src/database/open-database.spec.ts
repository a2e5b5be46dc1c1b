import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { loadConfig } from '../config/config.js';
import { DataFolder } from '../data-folder.js';
import { freePort } from './processes.js';
import { DatabaseRefusedError, NoDatabaseError, openDatabase, openDatabaseForCommand } from './open-database.js';

const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'latido-open-'));
chmodSync(folder, 0o755); // Postgres may run as another user
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const config = loadConfig({ DATA_DIR: 'data' }, folder);

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    await client.query('SELECT 1');
    await client.end();
    return true;
  } catch {
    return false;
  }
}

it('gives a command no database where none was made, and makes no folder', async () => {
  await expect(openDatabaseForCommand(config)).rejects.toThrow(NoDatabaseError);
  expect(existsSync(config.dataDir)).toBe(false);
});

it('makes the built-in database for a command that may, and stops it with it', async () => {
  const database = await openDatabaseForCommand(config, { create: true });
  expect(await answers(database.url)).toBe(true);
  await database.close();
  expect(await answers(database.url)).toBe(false);
});

it("lets a command work beside a running server and leaves the server's database alone", async () => {
  const server = await openDatabase(config, new DataFolder(config.dataDir), () => undefined);
  const database = await openDatabaseForCommand(config);
  expect(database).toMatchObject({ url: server.url, ownerUrl: server.ownerUrl });
  await database.close();
  expect(await answers(server.url)).toBe(true);
  await server.close();
});

describe('with DATABASE_URL', () => {
  const url = inject('applicationUrl');
  const ownerUrl = inject('ownerUrl');
  const external = (environment: Record<string, string>) =>
    openDatabaseForCommand(loadConfig({ DATA_DIR: 'other', ...environment }, folder));

  it('uses that database', async () => {
    expect(await external({ DATABASE_URL: url, DATABASE_OWNER_URL: ownerUrl })).toMatchObject({ url, ownerUrl });
    expect(await external({ DATABASE_URL: url })).toMatchObject({ url, ownerUrl: url });
  });

  it('names the variable whose database cannot be used, and shows no password', async () => {
    const wrong = new URL(ownerUrl);
    wrong.password = 'a-wrong-one';
    const refused = await external({ DATABASE_URL: url, DATABASE_OWNER_URL: wrong.toString() }).catch(
      (error: unknown) => error,
    );
    expect(refused).toBeInstanceOf(DatabaseRefusedError);
    expect((refused as Error).message).toMatch(
      /^DATABASE_OWNER_URL \(latido_owner@127\.0\.0\.1:\d+\/latido\) cannot be used: password authentication failed/,
    );
    expect((refused as Error).message).not.toContain('a-wrong-one');

    const elsewhere = new URL(url);
    elsewhere.pathname = '/nowhere';
    await expect(external({ DATABASE_URL: elsewhere.toString() })).rejects.toThrow('DATABASE_URL (latido_app@');
    await expect(external({ DATABASE_URL: `postgres://a:b@127.0.0.1:${await freePort()}/latido` })).rejects.toThrow(
      /^DATABASE_URL .* cannot be used: connect ECONNREFUSED/,
    );
  });
});

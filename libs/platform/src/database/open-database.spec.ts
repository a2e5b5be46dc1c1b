import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, expect, it } from 'vitest';
import { loadConfig } from '../config/config.js';
import { DataFolder } from '../data-folder.js';
import { NoDatabaseError, openDatabase, openDatabaseForCommand } from './open-database.js';

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

it('uses the database of DATABASE_URL where one is set', async () => {
  const external = loadConfig({ DATA_DIR: 'other', DATABASE_URL: 'postgres://app:x@db/latido', DATABASE_OWNER_URL: 'postgres://owner:x@db/latido' }, folder);
  expect(await openDatabaseForCommand(external)).toMatchObject({ url: 'postgres://app:x@db/latido', ownerUrl: 'postgres://owner:x@db/latido' });
});

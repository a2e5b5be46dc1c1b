import pg from 'pg';
import { expect, it } from 'vitest';
import { ownDatabase } from '../../../../test/setup/database.js';

const database = await ownDatabase();

async function asApplication(statement: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

it('lets the application read what it needs', async () => {
  expect(await asApplication('SELECT name FROM plans ORDER BY name')).toEqual([
    { name: 'FREEMIUM' },
    { name: 'PREMIUM' },
  ]);
});

it.each(['predictions', 'audit_events', 'request_log', 'activations'])(
  'keeps the application from changing or deleting what %s holds',
  async (table) => {
    await expect(asApplication(`DELETE FROM ${table}`)).rejects.toThrow('permission denied');
    await expect(asApplication(`UPDATE ${table} SET id = id`)).rejects.toThrow('permission denied');
    await expect(asApplication(`TRUNCATE ${table}`)).rejects.toThrow('permission denied');
  },
);

it('keeps the application from changing the schema', async () => {
  await expect(asApplication('ALTER TABLE plans ADD COLUMN x int')).rejects.toThrow('must be owner');
  await expect(asApplication('CREATE TABLE x (y int)')).rejects.toThrow('permission denied');
});

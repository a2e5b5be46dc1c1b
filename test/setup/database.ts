/** A migrated database of a spec file's own, dropped when the file is done. */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, inject } from 'vitest';

export interface TestDatabase {
  readonly name: string;
  /** As the application role. */
  readonly url: string;
  readonly ownerUrl: string;
  readonly superuserUrl: string;
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.toString();
}

/** Call it at the top of a spec file. */
export async function ownDatabase(): Promise<TestDatabase> {
  const name = `t_${randomBytes(6).toString('hex')}`;
  const maintenance = inject('superuserUrl');
  const run = async (statement: string): Promise<void> => {
    const client = new pg.Client({ connectionString: maintenance });
    await client.connect();
    await client.query(statement);
    await client.end();
  };
  await run(`CREATE DATABASE ${name} TEMPLATE latido STRATEGY FILE_COPY OWNER latido_owner`);
  afterAll(() => run(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
  return {
    name,
    url: withDatabase(inject('applicationUrl'), name),
    ownerUrl: withDatabase(inject('ownerUrl'), name),
    superuserUrl: withDatabase(maintenance, name),
  };
}

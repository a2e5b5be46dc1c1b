/** One Postgres for a test run, its data in memory where there is /dev/shm, and a migrated database to copy. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { EmbeddedPostgres, migrate } from '#platform';
import { schema } from '../../migrations/schema.js';
import { runFolder } from './run-folder.js';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Superuser's URL of the run's Postgres. */
    superuserUrl: string;
    ownerUrl: string;
    applicationUrl: string;
    /** A folder of the run, gone with it. */
    runFolder: string;
  }
}

export const TEMPLATE_DATABASE = 'latido';

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = runFolder();
  const server = await EmbeddedPostgres.start({
    directory: join(folder, 'postgres'),
    password: (role) => `test-${role}`,
    volatile: true,
  });
  await migrate(server.ownerUrl, server.applicationUrl, schema);
  const admin = new pg.Client({ connectionString: server.superuserUrl });
  await admin.connect();
  await admin.query(`UPDATE pg_database SET datistemplate = true WHERE datname = '${TEMPLATE_DATABASE}'`);
  await admin.end();
  project.provide('superuserUrl', server.superuserUrl);
  project.provide('ownerUrl', server.ownerUrl);
  project.provide('runFolder', folder);
  project.provide('applicationUrl', server.applicationUrl);
  return async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}

/** What is done together with an activation, on a real Postgres. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { SYSTEM } from '#audit';
import { ChangeFeed } from '#platform';
import { ownDatabase } from '../../../test/setup/database.js';
import { startModelServer, type ModelServer } from '../../../test/setup/model-server.js';
import { writeVersion } from '../../../test/setup/version-folder.js';
import { Activations, OPERATOR, type Alongside } from './activations.service.js';
import { ModelDirectory } from './model-directory.js';
import { ModelRegistration } from './registration/model-registration.js';

const database = await ownDatabase();
const folder = mkdtempSync(join(tmpdir(), 'latido-activations-spec-'));
let server: ModelServer;

beforeAll(async () => {
  mkdirSync(join(folder, 'models'));
  server = await startModelServer(database, { modelsDir: join(folder, 'models') });
  for (const version of ['1.0.0', '1.1.0'])
    await server.app.get(ModelRegistration).addFolder(writeVersion(folder, 'tiny', version), SYSTEM);
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const ensure = (version: string, alongside: Alongside): Promise<void> =>
  server.app.get(Activations).ensureActive('tiny', version, {}, OPERATOR, alongside);

async function active(): Promise<string | undefined> {
  const { versions, activeVersionId } = await server.app.get(ModelDirectory).model('tiny');
  return versions.find(({ id }) => id === activeVersionId)?.version;
}

const activations = async (): Promise<number> =>
  (await server.app.get(Activations).list('tiny', { limit: 100 }, 'admin')).data.length;

/** Connections to this database that wait for a row. */
async function waitingForLocks(): Promise<number> {
  const [found] = await server.app
    .get(DataSource)
    .query<{ count: number }[]>(
      `SELECT count(*)::int AS count FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
  return found!.count;
}

it('it is done where the version comes into service, and where it was there already', async () => {
  const told: string[] = [];
  server.app.get(ChangeFeed).on('tests', (key) => void told.push(key));
  for (const key of ['first', 'again'])
    await ensure('1.0.0', async (manager, announce) => {
      const [row] = await manager.query<{ version: string }[]>(
        'SELECT v.version FROM models m JOIN model_versions v ON v.id = m.active_version_id WHERE m.name = $1',
        ['tiny'],
      );
      expect(row).toEqual({ version: '1.0.0' });
      announce({ topic: 'tests', key });
    });
  expect([told, await active(), await activations()]).toEqual([['first', 'again'], '1.0.0', 1]);
});

it('where it fails, nothing came into service', async () => {
  const failing = (): Promise<never> => Promise.reject(new Error('no'));
  await expect(ensure('1.1.0', failing)).rejects.toThrow('no');
  expect([await active(), await activations()]).toEqual(['1.0.0', 1]);
});

it('where another version came meanwhile, it is not done', async () => {
  let done = false;
  let finish: () => void = () => undefined;
  let other: Promise<void> = Promise.resolve();
  // Holds the model's row, and nobody sees yet what it did.
  await new Promise<void>((begun) => {
    other = ensure('1.1.0', () => {
      begun();
      return new Promise((resolve) => (finish = resolve));
    });
  });
  const late = ensure('1.0.0', () => {
    done = true;
    return Promise.resolve();
  }).catch((error: unknown) => error);
  await vi.waitFor(async () => expect(await waitingForLocks()).toBe(1), { timeout: 60_000 });
  finish();
  await other;
  expect(await late).toMatchObject({ kind: { code: 'ACTIVATION_CONFLICT' } });
  expect([done, await active()]).toEqual([false, '1.1.0']);
});

/** Versions as records name them, on a real Postgres with the real engines. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SYSTEM } from '#audit';
import { FaultList } from '#inference';
import { DomainError, newId } from '#platform';
import { ownDatabase } from '../../../test/setup/database.js';
import { startModelServer, type ModelServer } from '../../../test/setup/model-server.js';
import { tinyManifest, tinyRow, writeVersion } from '../../../test/setup/version-folder.js';
import { ModelCatalogue } from './model-catalogue.js';
import { RecordedVersions } from './recorded-versions.js';
import { ModelRegistration } from './registration/model-registration.js';
import type { ServingVersion } from './serving-version.js';

const database = await ownDatabase();
const folder = mkdtempSync(join(tmpdir(), 'latido-recorded-'));
const models = join(folder, 'models');
const { row, probability } = tinyRow();
let server: ModelServer;
let versions: RecordedVersions;
let owner: pg.Client;

beforeAll(async () => {
  writeVersion(models, 'tiny', '1.0.0');
  server = await startModelServer(database, { modelsDir: models, memory: 1 });
  versions = server.app.get(RecordedVersions);
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
});

afterAll(async () => {
  await server.close();
  await owner.end();
  rmSync(folder, { recursive: true, force: true });
});

async function add(version: string, goldenOff?: number): Promise<string> {
  const from = writeVersion(join(folder, 'other'), 'tiny', version, goldenOff === undefined ? {} : { goldenOff });
  return (await server.app.get(ModelRegistration).addFolder(from, SYSTEM)).id;
}

const active = (): ServingVersion => server.app.get(ModelCatalogue).peekActive('tiny')!;
const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'loaded',
    (error: unknown) => (error instanceof DomainError ? error.kind.code : error),
  );

async function scoreOf(version: ServingVersion): Promise<number> {
  const { values } = await version.score([version.read(row, '', new FaultList())!]);
  return values[0]!;
}

describe('a version as a record names it', () => {
  it('is the one that serves, where it is on that engine already', async () => {
    const { id } = active();
    expect(await versions.on('onnx', id)).toBe(active());
    expect(await versions.serving(id)).toBe(active());
    expect(await versions.manifest(id)).toEqual(tinyManifest('tiny', '1.0.0'));
    expect(await versions.servingEngine(id)).toMatchObject({ ...active().engine, processor: active().processor });
  });

  it('runs beside it on another engine, and goes first when there is no room', async () => {
    const { id } = active();
    const other = await versions.on('tfjs', id);
    expect(other).toMatchObject({ id, version: '1.0.0', engine: { name: 'tfjs' } });
    expect(await versions.on('tfjs', id)).toBe(other);
    expect(await scoreOf(other)).toBeCloseTo(probability, 5);
    expect(active().engine.name).toBe('onnx');
    for (const version of ['1.1.0', '1.2.0', '1.3.0']) await versions.serving(await add(version));
    expect(await versions.on('tfjs', id)).not.toBe(other);
    expect(await scoreOf(other)).toBeCloseTo(probability, 5);
    expect(await versions.on('onnx', id)).toBe(active());
  });

  it('may be retired, or verified by a library that is no more, and is not verified for it', async () => {
    const id = await add('2.0.0');
    await owner.query(
      `UPDATE model_versions SET status = 'retired', golden = jsonb_set(golden, '{outputs,0,0}', '0.99'),
              verifications = jsonb_set(verifications, '{0,engines,0,version}', '"onnxruntime-node 1.0.0"') WHERE id = $1`,
      [id],
    );
    expect(await codeOf(versions.serving(id))).toBe('VERSION_NOT_LOADED');
    const version = await versions.on('onnx', id);
    expect(version).toMatchObject({ version: '2.0.0', batchInvariant: false });
    expect(await scoreOf(version)).toBeCloseTo(probability, 5);
    const { rows } = await owner.query<{ count: number }>(
      'SELECT jsonb_array_length(verifications) AS count FROM model_versions WHERE id = $1',
      [id],
    );
    expect(rows[0]!.count).toBe(1);
  });

  it('is not loaded where it was rejected, is not there, or no engine has that name', async () => {
    const rejected = await add('3.0.0', 1);
    expect(await codeOf(versions.on('onnx', rejected))).toBe('VERSION_NOT_LOADED');
    expect(await versions.servingEngine(rejected)).toBeNull();
    for (const engine of ['abacus', '__proto__', 'constructor'])
      expect(await codeOf(versions.on(engine, active().id)), engine).toBe('VERSION_NOT_LOADED');
    expect(await codeOf(versions.on('onnx', newId()))).toBe('VERSION_NOT_FOUND');
    expect(await codeOf(versions.serving(newId()))).toBe('VERSION_NOT_FOUND');
    expect(await codeOf(versions.manifest(newId()))).toBe('VERSION_NOT_FOUND');
    expect(await versions.servingEngine(newId())).toBeNull();
  });
});

/** What answers: loading, swapping, replicas, damage and engines' upgrades, on a real Postgres with the real engines. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { SYSTEM } from '#audit';
import { FaultList } from '#inference';
import { DomainError, Metrics, Readiness } from '#platform';
import { databaseProxy, type DatabaseProxy } from '../../../test/setup/database-proxy.js';
import { ownDatabase } from '../../../test/setup/database.js';
import { startModelServer, type ModelServer } from '../../../test/setup/model-server.js';
import { tinyRow, writeVersion } from '../../../test/setup/version-folder.js';
import { ModelCatalogue } from './model-catalogue.js';
import { ModelRegistration } from './registration/model-registration.js';

const database = await ownDatabase();
const folder = mkdtempSync(join(tmpdir(), 'latido-catalogue-'));
const models = join(folder, 'models');
/** For the two servers of one test each: what each is told to do to the database first happens before it starts. */
const opened: (() => Promise<unknown>)[] = [];
const { row, probability } = tinyRow();

let proxy: DatabaseProxy;
let one: ModelServer;
let two: ModelServer;
let owner: pg.Client;

async function open(url?: string, memory?: number): Promise<ModelServer> {
  const server = await startModelServer(database, { modelsDir: models, url, memory });
  opened.push(() => server.close());
  return server;
}

beforeAll(async () => {
  cpSync(resolve(import.meta.dirname, '../../../models/cardiac-risk'), join(models, 'cardiac-risk'), {
    recursive: true,
  });
  writeVersion(models, 'tiny', '1.0.0');
  one = await open();
  proxy = await databaseProxy(database.url);
  opened.push(() => proxy.cut());
  two = await open(proxy.url);
  owner = new pg.Client({ connectionString: database.superuserUrl });
  await owner.connect();
  opened.push(() => owner.end());
  for (const version of ['1.1.0', '1.2.0', '1.3.0', '1.4.0', '1.5.0', '1.6.0'])
    await one.app.get(ModelRegistration).addFolder(writeVersion(join(folder, 'other'), 'tiny', version), SYSTEM);
  await one.app
    .get(ModelRegistration)
    .addFolder(writeVersion(join(folder, 'other'), 'tiny', '9.0.0', { goldenOff: 1 }), SYSTEM);
  await one.app.get(ModelRegistration).addFolder(writeVersion(join(folder, 'other'), 'idle', '1.0.0'), SYSTEM);
});

afterAll(async () => {
  for (const close of opened.reverse()) await close();
  rmSync(folder, { recursive: true, force: true });
});

const catalogueOf = (server: ModelServer): ModelCatalogue => server.app.get(ModelCatalogue);
const activate = async (version: string): Promise<void> => {
  const answer = await one.request('admin', 'PUT', '/v1/models/tiny/active', { version });
  expect(answer.statusCode, answer.body).toBe(200);
};
const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'served',
    (error: unknown) => (error instanceof DomainError ? error.kind.code : error),
  );
const checksOf = async (server: ModelServer): Promise<unknown> => (await server.app.get(Readiness).report()).checks;

describe('what answers', () => {
  it('is the active version, at hand without waiting', async () => {
    const serving = catalogueOf(one).peekActive('cardiac-risk')!;
    expect(serving).toMatchObject({
      model: 'cardiac-risk',
      version: '1.0.0',
      engine: { name: 'onnx', version: expect.stringContaining('onnxruntime-node') as string },
    });
    expect(serving.processor).not.toBe('');
    expect(await catalogueOf(one).serving('cardiac-risk', undefined, 'user')).toBe(serving);
    const faults = new FaultList();
    expect(serving.read({ age: 500 }, '/inputs/3', faults)).toBeUndefined();
    expect(faults.list).toContainEqual({ pointer: '/inputs/3/age', detail: 'must be at most 99' });
  });

  it('is found by name, by those who may', async () => {
    const catalogue = catalogueOf(one);
    expect((await catalogue.serving('tiny', '1.0.0', 'user')).version).toBe('1.0.0');
    expect((await catalogue.serving('tiny', '1.1.0', 'publisher')).version).toBe('1.1.0');
    expect((await catalogue.serving('idle', '1.0.0', 'admin')).version).toBe('1.0.0');
    expect(await codeOf(catalogue.serving('tiny', '1.1.0', 'user'))).toBe('VERSION_NOT_FOUND');
    expect(await codeOf(catalogue.serving('tiny', '1.1.0', 'auditor'))).toBe('VERSION_NOT_FOUND');
    expect(await codeOf(catalogue.serving('tiny', '9.0.0', 'admin'))).toBe('VERSION_NOT_FOUND');
    expect(await codeOf(catalogue.serving('tiny', '8.8.8', 'admin'))).toBe('VERSION_NOT_FOUND');
    expect(await codeOf(catalogue.serving('idle', undefined, 'admin'))).toBe('MODEL_NOT_ACTIVE');
    expect(await codeOf(catalogue.serving('nothing', undefined, 'user'))).toBe('MODEL_NOT_FOUND');
    expect(await codeOf(catalogue.serving('nothing', '1.0.0', 'user'))).toBe('MODEL_NOT_FOUND');
    expect(await codeOf(catalogue.serving('__proto__', undefined, 'user'))).toBe('MODEL_NOT_FOUND');
  });

  it('can be read from a record whatever became of the version', async () => {
    const { rows } = await owner.query<{ id: string }>(`SELECT id FROM model_versions WHERE version = '9.0.0'`);
    const decode = await catalogueOf(one).resultsOf(rows[0]!.id);
    expect(decode([0.75])).toEqual({ label: 'yes', probability: 0.75, probabilities: { no: 0.25, yes: 0.75 } });
    expect(await codeOf(catalogueOf(one).resultsOf('00000000-0000-7000-8000-000000000000'))).toBe('VERSION_NOT_FOUND');
  });

  it('is counted', async () => {
    expect(await one.app.get(Metrics).registry.metrics()).toMatch(/^latido_models_loaded [1-9]/m);
  });
});

describe('a swap of versions', () => {
  it('holds here with the answer, and on another replica as soon as it is announced', async () => {
    await activate('1.1.0');
    expect(catalogueOf(one).peekActive('tiny')?.version).toBe('1.1.0');
    await vi.waitFor(() => expect(catalogueOf(two).peekActive('tiny')?.version).toBe('1.1.0'), {
      timeout: 60_000,
      interval: 5,
    });
  });

  it('fails no request, whichever version it started with', async () => {
    let swapping = true;
    const seen = new Map<string, number>();
    const client = async (): Promise<void> => {
      while (swapping) {
        const serving = await catalogueOf(one).serving('tiny', undefined, 'user');
        const { values } = await serving.score([row]);
        expect(values[0]).toBeCloseTo(probability, 5);
        seen.set(serving.version, (seen.get(serving.version) ?? 0) + 1);
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const clients = Array.from({ length: 8 }, client);
    for (const version of ['1.2.0', '1.3.0', '1.4.0', '1.5.0', '1.6.0', '1.1.0', '1.2.0', '1.3.0'])
      await activate(version);
    swapping = false;
    await Promise.all(clients);
    expect(seen.size).toBeGreaterThan(3);
  });
});

describe('versions that need more memory than there is', () => {
  let small: ModelServer;
  const versions = ['1.0.0', '1.1.0', '1.2.0', '1.4.0', '1.5.0', '1.6.0'];
  const inMemory = (version: object): boolean => (version as { inMemory: boolean }).inMemory;
  const serving = (version?: string): ReturnType<ModelCatalogue['serving']> =>
    catalogueOf(small).serving('tiny', version, 'admin');

  beforeAll(async () => {
    small = await open(undefined, 1);
  });

  it('all stay after a start where they are active, though together they need more', () => {
    const active = catalogueOf(small).activeVersions();
    expect(active.length).toBeGreaterThan(1);
    expect(active.map(inMemory)).toEqual(active.map(() => true));
  });

  it('go, the one used longest ago first, and active ones stay', async () => {
    const active = await serving();
    const held = await serving('1.0.0');
    for (const version of versions.slice(1)) await serving(version);
    expect(inMemory(held)).toBe(false);
    expect(inMemory(active)).toBe(true);
    expect(inMemory(await serving('1.6.0'))).toBe(true);
    // The held one is loaded again for as long as it runs.
    expect((await held.score([row])).values[0]).toBeCloseTo(probability, 5);
    expect(inMemory(held)).toBe(false);
  });

  it('answer every one of many requests at once all the same, while the active version changes', async () => {
    let done = 0;
    const client = async (first: number): Promise<void> => {
      for (let turn = 0; turn < 20; turn++) {
        const named = versions[(first + turn) % (versions.length + 1)];
        const { values } = await (await serving(named)).score([row]);
        expect(values[0]).toBeCloseTo(probability, 5);
        done += 1;
      }
    };
    const clients = Array.from({ length: 12 }, (_, index) => client(index));
    for (const version of ['1.2.0', '1.5.0', '1.3.0']) await activate(version);
    await Promise.all(clients);
    expect(done).toBe(240);
    expect(await small.app.get(Metrics).registry.metrics()).toMatch(/^latido_models_memory_bytes [1-9]\d{5,}$/m);
  });
});

describe('a replica that is cut off from announcements', () => {
  it('serves nothing from memory, and is up to date as soon as it is back', async () => {
    await vi.waitFor(() => expect(catalogueOf(two).peekActive('tiny')?.version).toBe('1.3.0'), { timeout: 60_000 });
    await proxy.cut();
    await vi.waitFor(() => expect(catalogueOf(two).peekActive('tiny')).toBeUndefined(), { timeout: 60_000 });
    await activate('1.4.0');
    await proxy.restore();
    await vi.waitFor(
      async () => expect((await catalogueOf(two).serving('tiny', undefined, 'user')).version).toBe('1.4.0'),
      { timeout: 60_000 },
    );
    await vi.waitFor(() => expect(catalogueOf(two).peekActive('tiny')?.version).toBe('1.4.0'), { timeout: 60_000 });
  });
});

describe('a version that an older library verified', () => {
  const age = (change: string): Promise<unknown> =>
    owner.query(`UPDATE model_versions SET ${change} WHERE model_name = 'tiny' AND version = '1.4.0'`);
  const older = `verifications = jsonb_set(verifications, '{0,engines,0,version}', '"onnxruntime-node 1.0.0"')`;

  it('is verified again before it answers, and the new record is added', async () => {
    await age(older);
    const server = await open();
    expect(catalogueOf(server).peekActive('tiny')?.version).toBe('1.4.0');
    const { rows } = await owner.query<{ verifications: { passed: boolean }[] }>(
      `SELECT verifications FROM model_versions WHERE version = '1.4.0'`,
    );
    expect(rows[0]!.verifications.map(({ passed }) => passed)).toEqual([true, true]);
    expect(await checksOf(server)).toMatchObject({ models: 'ok' });
  });

  it('does not answer when it no longer matches its golden rows, and the server is not ready', async () => {
    await age(
      `verifications = jsonb_build_array(verifications->0), golden = jsonb_set(golden, '{outputs,0,0}', '0.99')`,
    );
    const server = await open();
    const catalogue = catalogueOf(server);
    expect(catalogue.peekActive('tiny')).toBeUndefined();
    expect(await codeOf(catalogue.serving('tiny', undefined, 'user'))).toBe('VERSION_NOT_LOADED');
    expect(catalogue.peekActive('cardiac-risk')?.version).toBe('1.0.0');
    expect(await checksOf(server)).toMatchObject({ database: 'ok', models: 'failing' });
  });
});

describe('an artifact that was damaged in the database', () => {
  it('is not loaded and not handed out, and cannot be activated', async () => {
    await owner.query(
      `UPDATE artifact_chunks SET content = set_byte(content, 100, (get_byte(content, 100) + 1) % 256) WHERE sha256 = (SELECT artifact_sha256 FROM model_versions WHERE model_name = 'idle')`,
    );
    const server = await open();
    const answer = await server.request('admin', 'PUT', '/v1/models/idle/active', { version: '1.0.0' });
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([503, 'VERSION_NOT_LOADED']);
    expect(answer.headers['retry-after']).toBe('10');
    const file = await server.request('admin', 'GET', '/v1/models/idle/versions/1.0.0/artifact');
    expect([file.statusCode, file.json<{ code: string }>().code]).toEqual([500, 'ARTIFACT_DAMAGED']);
    expect(await codeOf(catalogueOf(server).serving('idle', undefined, 'admin'))).toBe('MODEL_NOT_ACTIVE');
  });
});

/** Model files on this machine, between a store that counts what is read and a folder that tests may damage. */
import { createHash, randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { ModelFile } from '#inference';
import { createDataSource, DataFolder, loadConfig } from '#platform';
import { ownDatabase } from '../../../../test/setup/database.js';
import { ArtifactCache } from './artifact-cache.js';
import { Artifact } from './artifact.entity.js';
import { ArtifactChunk } from './artifact-chunk.entity.js';
import { ArtifactFile } from './artifact-file.js';
import type { ArtifactKey } from './artifact-store.js';
import { PostgresArtifacts } from './postgres-artifacts.js';

const MIB = 2 ** 20;

class CountedArtifacts extends PostgresArtifacts {
  reads = 0;

  protected override parts(artifact: ArtifactKey): AsyncGenerator<Buffer, void> {
    this.reads += 1;
    return super.parts(artifact);
  }
}

const database = await ownDatabase();
const root = mkdtempSync(join(tmpdir(), 'latido-cache-'));
let dataSource: DataSource;
let store: CountedArtifacts;
let dataDir: string;
let cache: ArtifactCache;

const cacheIn = (folder: string): ArtifactCache =>
  new ArtifactCache(
    dataSource.getRepository(Artifact),
    store,
    new DataFolder(folder),
    loadConfig({ DATA_DIR: folder, ARTIFACT_CACHE_MB: '5' }, root),
  );

beforeAll(async () => {
  Logger.overrideLogger(false);
  dataSource = createDataSource({ url: database.url, poolSize: 6 }, { entities: [Artifact, ArtifactChunk] });
  await dataSource.initialize();
});

beforeEach(() => {
  store = new CountedArtifacts(dataSource);
  dataDir = mkdtempSync(join(root, 'data-'));
  cache = cacheIn(dataDir);
});

afterAll(async () => {
  await dataSource.destroy();
  rmSync(root, { recursive: true, force: true });
});

async function stored(size: number): Promise<{ sha256: string; content: Buffer }> {
  const content = randomBytes(size);
  const sha256 = createHash('sha256').update(content).digest('hex');
  const path = join(root, sha256);
  writeFileSync(path, content);
  const handle = await open(path);
  const file = await ArtifactFile.of(handle, path);
  await handle.close();
  await dataSource.transaction((manager) => store.store(file, manager));
  return { sha256, content };
}

const opened = async (sha256: string, from = cache): Promise<ModelFile> => (await from.open(sha256)) as ModelFile;
const kept = (): string[] => (existsSync(join(dataDir, 'artifacts')) ? readdirSync(join(dataDir, 'artifacts')) : []);
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: Error) => error.name,
  );

it('gives the bytes of a small file, and writes nothing', async () => {
  const { sha256, content } = await stored(MIB);
  expect((await cache.open(sha256)) as Buffer).toEqual(content);
  expect(kept()).toEqual([]);
});

it('brings a large file once, for all who open it at once and afterwards, readable to its owner alone', async () => {
  const { sha256, content } = await stored(2 * MIB + 5);
  const files = await Promise.all([1, 2, 3].map(() => opened(sha256)));
  expect(files.map(({ sizeBytes }) => sizeBytes)).toEqual([1, 2, 3].map(() => content.length));
  const paths = await Promise.all(files.map((file) => file.path()));
  expect(new Set(paths)).toEqual(new Set([join(dataDir, 'artifacts', sha256)]));
  expect(Buffer.from(await files[0]!.read()).equals(content)).toBe(true);
  expect(store.reads).toBe(1);
  expect((statSync(paths[0]!).mode & 0o777).toString(8)).toBe('600');
});

it('lets several processes bring the same file into the same folder', async () => {
  const { sha256, content } = await stored(3 * MIB);
  const others = [cache, cacheIn(dataDir), cacheIn(dataDir)];
  const read = await Promise.all(others.map(async (other) => (await opened(sha256, other)).read()));
  for (const bytes of read) expect(Buffer.from(bytes).equals(content)).toBe(true);
  expect(kept()).toEqual([sha256]);
});

it('looks at the bytes whenever the file is opened, and brings them anew where they are others', async () => {
  const { sha256, content } = await stored(2 * MIB);
  const file = await opened(sha256);
  const path = await file.path();
  for (const damaged of [content.subarray(1), Buffer.concat([content, Buffer.of(0)]), randomBytes(2 * MIB)]) {
    writeFileSync(path, damaged);
    expect(readFileSync(await file.path()).equals(content)).toBe(true);
  }
  rmSync(path);
  expect(Buffer.from(await file.read()).equals(content)).toBe(true);
  expect(store.reads).toBe(5);
});

it('keeps nothing of a file that is damaged where it is stored', async () => {
  const { sha256 } = await stored(2 * MIB);
  const [row] = await dataSource.query<{ content: Buffer }[]>(
    'SELECT content FROM artifact_chunks WHERE sha256 = $1 AND index = 1',
    [sha256],
  );
  row!.content[0]! ^= 1;
  await dataSource.query('UPDATE artifact_chunks SET content = $2 WHERE sha256 = $1 AND index = 1', [
    sha256,
    row!.content,
  ]);
  expect(await codeOf((await opened(sha256)).path())).toBe('ARTIFACT_DAMAGED');
  expect(kept()).toEqual([]);
  expect(await codeOf(cache.open('0'.repeat(64)))).toBe('ARTIFACT_DAMAGED');
});

it('goes on with what it has where the stored file is lost', async () => {
  const { sha256, content } = await stored(2 * MIB);
  await (await opened(sha256)).path();
  await dataSource.query('DELETE FROM artifact_chunks WHERE sha256 = $1', [sha256]);
  expect(Buffer.from(await (await opened(sha256)).read()).equals(content)).toBe(true);
});

it('lets the files go that were opened longest ago, and what a process that ended left half-written', async () => {
  const files = [await stored(2 * MIB), await stored(2 * MIB), await stored(2 * MIB), await stored(7 * MIB)];
  const [first, second, third, large] = files.map(({ sha256 }) => sha256) as [string, string, string, string];
  const longAgo = new Date(Date.now() - 3 * 60 * 60 * 1000);
  for (const sha256 of [first, second]) {
    const path = await (await opened(sha256)).path();
    utimesSync(path, longAgo, longAgo);
  }
  const drafts = [`${first}.1-old`, `${first}.2-new`].map((name) => join(dataDir, 'artifacts', name));
  for (const draft of drafts) writeFileSync(draft, 'half');
  utimesSync(drafts[0]!, longAgo, longAgo);
  await (await opened(first)).path();
  await (await opened(third)).path();
  expect(kept().sort()).toEqual([first, `${first}.2-new`, third].sort());
  rmSync(drafts[1]!);
  // One that is larger than the bound alone is still opened.
  await (await opened(large)).path();
  expect(kept()).toEqual([large]);
});

it('says that it is unavailable where it cannot write', async () => {
  const { sha256 } = await stored(2 * MIB);
  writeFileSync(join(dataDir, 'artifacts'), 'a file stands where the folder should');
  const failure = await (await opened(sha256)).path().catch((error: unknown) => error);
  expect(failure).toMatchObject({ name: 'ARTIFACT_UNAVAILABLE', kind: { status: 503 } });
  expect((failure as Error).message).not.toContain(dataDir);
});

/** Both places where model files are kept, by the same tests: Postgres, and an S3-compatible store. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DataSource } from 'typeorm';
import { createDataSource } from '#platform';
import { ownDatabase } from '../../../../test/setup/database.js';
import { run } from '../../../../test/setup/filled-database.js';
import { S3Server } from '../../../../test/setup/s3-server.js';
import { CHUNK_BYTES } from './artifact-chunk.entity.js';
import { ArtifactFile } from './artifact-file.js';
import type { ArtifactStore } from './artifact-store.js';
import { PostgresArtifacts } from './postgres-artifacts.js';
import { S3Artifacts } from './s3-artifacts.js';

const MIB = 2 ** 20;
const LARGE = 160 * MIB;
/** What a large file may add to the process: parts that are done with, which V8 collects when there are some 64 MB of them. */
const MOST_GROWTH = 100 * MIB;

const database = await ownDatabase();
const s3 = await S3Server.start();
const folder = mkdtempSync(join(tmpdir(), 'latido-artifacts-'));
let dataSource: DataSource;
let postgres: PostgresArtifacts;
let bucket: S3Artifacts;

beforeAll(async () => {
  dataSource = createDataSource({ url: database.url, poolSize: 6 });
  await dataSource.initialize();
  postgres = new PostgresArtifacts(dataSource);
  bucket = new S3Artifacts(s3.settings, postgres, dataSource);
});

afterAll(async () => {
  await dataSource.destroy();
  rmSync(folder, { recursive: true, force: true });
});

async function fileOf(path: string): Promise<ArtifactFile> {
  const file = await open(path);
  try {
    return await ArtifactFile.of(file, path);
  } finally {
    await file.close();
  }
}

async function randomFile(size: number): Promise<{ path: string; content: Buffer; file: ArtifactFile }> {
  const path = join(folder, randomUUID());
  const content = randomBytes(size);
  writeFileSync(path, content);
  return { path, content, file: await fileOf(path) };
}

async function largeFile(size: number): Promise<ArtifactFile> {
  const path = join(folder, randomUUID());
  const file = openSync(path, 'w');
  for (let written = 0; written < size; written += MIB) writeSync(file, randomBytes(MIB));
  closeSync(file);
  return fileOf(path);
}

/** As a registration stores a file. */
async function keep(store: ArtifactStore, file: ArtifactFile): Promise<void> {
  await store.prepare(file);
  await dataSource.transaction((manager) => store.store(file, manager));
}

async function bytesOf(store: ArtifactStore, file: ArtifactFile): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of store.read(file)) parts.push(part);
  return Buffer.concat(parts);
}

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: Error) => error.name,
  );

/** Bytes that the process grew by while something ran, at the most. */
async function growthWhile(work: () => Promise<void>): Promise<number> {
  const before = process.memoryUsage();
  let most = 0;
  const watch = setInterval(() => {
    const now = process.memoryUsage();
    most = Math.max(most, now.heapUsed + now.external - before.heapUsed - before.external);
  }, 5);
  await work();
  clearInterval(watch);
  return most;
}

const rowsOf = ({ sha256 }: ArtifactFile): Promise<{ chunks: number }[]> =>
  run(
    database.ownerUrl,
    `SELECT (SELECT count(*)::int FROM artifact_chunks c WHERE c.sha256 = a.sha256) AS chunks FROM artifacts a WHERE sha256 = '${sha256}'`,
  );

interface Damage {
  /** One byte is another one. */
  alter(file: ArtifactFile, content: Buffer): Promise<unknown>;
  /** The end is gone. */
  cut(file: ArtifactFile, content: Buffer): Promise<unknown>;
  /** Something follows. */
  lengthen(file: ArtifactFile, content: Buffer): Promise<unknown>;
  /** Nothing is left. */
  lose(file: ArtifactFile): Promise<unknown>;
  /** Whether the file is kept, whether or not a row says so. */
  holds(file: ArtifactFile): Promise<boolean>;
}

const inPostgres: Damage = {
  alter: ({ sha256 }) =>
    run(
      database.ownerUrl,
      `UPDATE artifact_chunks SET content = set_byte(content, 9, (get_byte(content, 9) + 1) % 256) WHERE sha256 = '${sha256}' AND index = 1`,
    ),
  cut: ({ sha256 }) => run(database.ownerUrl, `DELETE FROM artifact_chunks WHERE sha256 = '${sha256}' AND index = 2`),
  lengthen: ({ sha256 }) =>
    run(database.ownerUrl, `INSERT INTO artifact_chunks (sha256, index, content) VALUES ('${sha256}', 3, '\\x00')`),
  lose: ({ sha256 }) => run(database.ownerUrl, `DELETE FROM artifact_chunks WHERE sha256 = '${sha256}'`),
  holds: async ({ sha256 }) =>
    (await run(database.ownerUrl, `SELECT FROM artifact_chunks WHERE sha256 = '${sha256}'`)).length > 0,
};

const inS3: Damage = {
  alter: ({ sha256 }, content) => {
    const altered = Buffer.from(content);
    altered[MIB + 9]! ^= 1;
    return s3.put(sha256, altered);
  },
  cut: ({ sha256 }, content) => s3.put(sha256, content.subarray(0, 2 * MIB)),
  lengthen: ({ sha256 }, content) => s3.put(sha256, Buffer.concat([content, Buffer.of(0)])),
  lose: ({ sha256 }) => s3.delete(sha256),
  holds: async ({ sha256, sizeBytes }) => (await s3.sizeOf(sha256)) === sizeBytes,
};

describe.each([
  ['Postgres', () => postgres, inPostgres],
  ['S3', () => bucket, inS3],
] as const)('a model file in %s', (name, storeOf, damage) => {
  it.each([0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES])(
    'of %d bytes is read as it was stored',
    async (size) => {
      const { file, content } = await randomFile(size);
      await keep(storeOf(), file);
      expect((await bytesOf(storeOf(), file)).equals(content)).toBe(true);
      expect(await rowsOf(file)).toEqual([{ chunks: name === 'Postgres' ? Math.ceil(size / CHUNK_BYTES) : 0 }]);
    },
  );

  it('that is large is stored and read without being held', async () => {
    const file = await largeFile(LARGE);
    const growth = await growthWhile(async () => {
      await keep(storeOf(), file);
      const hash = createHash('sha256');
      for await (const part of storeOf().read(file)) hash.update(part);
      expect(hash.digest('hex')).toBe(file.sha256);
    });
    expect(growth).toBeLessThan(MOST_GROWTH);
  }, 120_000);

  it('is stored once, however often and by however many at once', async () => {
    const { file, content } = await randomFile(3 * MIB - 7);
    await Promise.all([1, 2, 3, 4].map(() => keep(storeOf(), file)));
    await keep(storeOf(), file);
    expect(await rowsOf(file)).toEqual([{ chunks: name === 'Postgres' ? 3 : 0 }]);
    expect((await bytesOf(storeOf(), file)).equals(content)).toBe(true);
  });

  it.each(['alter', 'cut', 'lengthen', 'lose'] as const)(
    'is damaged after somebody did this to it: %s',
    async (how) => {
      const { file, content } = await randomFile(3 * MIB - 7);
      await keep(storeOf(), file);
      await damage[how](file, content);
      expect(await codeOf(bytesOf(storeOf(), file))).toBe('ARTIFACT_DAMAGED');
    },
  );

  it('that lost a part is whole again when it is registered once more', async () => {
    const { file, content } = await randomFile(3 * MIB);
    await keep(storeOf(), file);
    await damage.cut(file, content);
    await keep(storeOf(), file);
    expect((await bytesOf(storeOf(), file)).equals(content)).toBe(true);
  });

  it('that is cut off while it is stored leaves nothing behind, and can be stored again', async () => {
    const { file, path, content } = await randomFile(4 * MIB);
    const writing = openSync(path, 'r+');
    ftruncateSync(writing, 2 * MIB);
    closeSync(writing);
    expect(await codeOf(keep(storeOf(), file))).toBe('ARTIFACT_UNAVAILABLE');
    expect(await rowsOf(file)).toEqual([]);
    expect(await damage.holds(file)).toBe(false);
    writeFileSync(path, content);
    await keep(storeOf(), file);
    expect((await bytesOf(storeOf(), file)).equals(content)).toBe(true);
  });

  it('that was changed since it was handed in is not stored', async () => {
    const { file, path } = await randomFile(2 * MIB);
    writeFileSync(path, randomBytes(2 * MIB));
    expect(await codeOf(keep(storeOf(), file))).toBe('ARTIFACT_UNAVAILABLE');
    expect(await rowsOf(file)).toEqual([]);
  });

  it('leaves no row when the transaction of its version fails, and can be stored again', async () => {
    const { file, content } = await randomFile(2 * MIB);
    await storeOf().prepare(file);
    const failing = dataSource.transaction(async (manager) => {
      await storeOf().store(file, manager);
      throw new Error('the version is refused');
    });
    await expect(failing).rejects.toThrow('refused');
    expect(await rowsOf(file)).toEqual([]);
    await keep(storeOf(), file);
    expect((await bytesOf(storeOf(), file)).equals(content)).toBe(true);
  });

  it('goes an hour after the last version that refers to it', async () => {
    const [used, unused, fresh] = [await randomFile(2 * MIB), await randomFile(2 * MIB), await randomFile(MIB)];
    for (const { file } of [used, unused, fresh]) await keep(storeOf(), file);
    await run(
      database.ownerUrl,
      `UPDATE artifacts SET created_at = now() - interval '2 hours' WHERE sha256 <> '${fresh.file.sha256}'`,
    );
    const model = `m-${randomUUID()}`;
    await run(database.ownerUrl, `INSERT INTO models (name) VALUES ('${model}')`);
    await run(
      database.ownerUrl,
      `INSERT INTO model_versions (id, model_name, version, status, manifest, verifications, artifact_sha256, content_sha256)
       VALUES (gen_random_uuid(), '${model}', '1.0.0', 'verified', '{}', '[]', '${used.file.sha256}', 'c')`,
    );
    expect(await storeOf().removeUnused()).toBeGreaterThan(0);
    expect(await Promise.all([used, unused, fresh].map(({ file }) => damage.holds(file)))).toEqual([true, false, true]);
    expect(await rowsOf(unused.file)).toEqual([]);
    await keep(storeOf(), unused.file);
    expect((await bytesOf(storeOf(), unused.file)).equals(unused.content)).toBe(true);
  });
});

describe('S3', () => {
  const s3Artifacts = (changes: Partial<typeof s3.settings> = {}): S3Artifacts =>
    new S3Artifacts({ ...s3.settings, ...changes }, postgres, dataSource);

  it('reads what was registered while Postgres kept the files, and does not take it over', async () => {
    const { file, content } = await randomFile(2 * MIB);
    await keep(postgres, file);
    await keep(s3Artifacts(), file);
    expect((await bytesOf(s3Artifacts(), file)).equals(content)).toBe(true);
    expect(await inS3.holds(file)).toBe(false);
  });

  it.each([
    ['a key that it does not know', { credentials: { accessKeyId: 'S3RVER', secretAccessKey: 'another' } }, /403/],
    ['a bucket that is not there', { bucket: 'nobody-made-it' }, /404 \(NoSuchBucket\)|does not answer/],
    ['an address where nothing listens', { endpoint: 'http://127.0.0.1:1' }, /does not answer \(ECONNREFUSED\)/],
  ])('with %s is unavailable, and says what it said but no secret', async (_what, changes, said) => {
    const { file } = await randomFile(2 * MIB);
    const reason = await keep(s3Artifacts(changes), file).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(reason).toMatchObject({
      name: 'ARTIFACT_UNAVAILABLE',
      message: expect.stringMatching(said) as string,
      kind: { status: 503 },
      extra: { headers: { 'retry-after': '5' } },
    });
    expect(await rowsOf(file)).toEqual([]);
    await keep(s3Artifacts(), file);
    expect(await codeOf(bytesOf(s3Artifacts(changes), file))).toBe('ARTIFACT_UNAVAILABLE');
  });

  it('that goes away and comes back serves again', async () => {
    const { file, content } = await randomFile(2 * MIB);
    const store = s3Artifacts();
    await keep(store, file);
    await s3.kill();
    expect(await codeOf(bytesOf(store, file))).toBe('ARTIFACT_UNAVAILABLE');
    expect(await codeOf(keep(store, (await randomFile(2 * MIB)).file))).toBe('ARTIFACT_UNAVAILABLE');
    await s3.start();
    expect((await bytesOf(store, file)).equals(content)).toBe(true);
  });
});

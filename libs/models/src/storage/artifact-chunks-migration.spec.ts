import { randomBytes } from 'node:crypto';
import { afterAll, expect, inject, it } from 'vitest';
import { run } from '../../../../test/setup/filled-database.js';
import { createDataSource, migrate } from '#platform';
import { schema } from '../../../../migrations/schema.js';
import { ArtifactChunks1763700000009 } from '../../../../migrations/1763700000009-artifact-chunks.js';
import { CHUNK_BYTES } from './artifact-chunk.entity.js';

it('splits the model files that are there into parts, which the way back puts together again', async () => {
  const name = `t_${randomBytes(6).toString('hex')}`;
  await run(inject('superuserUrl'), `CREATE DATABASE ${name} TEMPLATE template0 OWNER latido_owner`);
  afterAll(() => run(inject('superuserUrl'), `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
  const url = Object.assign(new URL(inject('ownerUrl')), { pathname: `/${name}` }).toString();
  const before = schema.migrations.slice(0, schema.migrations.indexOf(ArtifactChunks1763700000009));
  await migrate(url, url, { ...schema, migrations: before, appendOnlyTables: [] });
  const sizes = [1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES - 1];
  for (const size of sizes) {
    const content = randomBytes(size).toString('hex');
    await run(url, `INSERT INTO artifacts (sha256, size_bytes, content) VALUES ('${size}', ${size}, '\\x${content}')`);
  }
  const wholes = `SELECT sha256, size_bytes, md5(content) AS md5 FROM artifacts ORDER BY 1`;
  const whole = await run(url, wholes);

  const dataSource = createDataSource({ url, poolSize: 1 });
  await dataSource.initialize();
  const runner = dataSource.createQueryRunner();
  const migration = new ArtifactChunks1763700000009();
  await migration.up(runner);
  const parts = `SELECT sha256, size_bytes, (SELECT md5(string_agg(content, '' ORDER BY index)) FROM artifact_chunks c WHERE c.sha256 = a.sha256) AS md5 FROM artifacts a ORDER BY 1`;
  expect(await run(url, parts)).toEqual(whole);
  expect(
    await run(
      url,
      `SELECT sha256::int, array_agg(octet_length(content) ORDER BY index) AS parts FROM artifact_chunks GROUP BY 1 ORDER BY 1`,
    ),
  ).toEqual([
    { sha256: 1, parts: [1] },
    { sha256: CHUNK_BYTES, parts: [CHUNK_BYTES] },
    { sha256: CHUNK_BYTES + 1, parts: [CHUNK_BYTES, 1] },
    { sha256: 3 * CHUNK_BYTES - 1, parts: [CHUNK_BYTES, CHUNK_BYTES, CHUNK_BYTES - 1] },
  ]);
  await migration.down(runner);
  expect(await run(url, wholes)).toEqual(whole);
  await runner.release();
  await dataSource.destroy();
});

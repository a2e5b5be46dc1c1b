import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Bytes in a row; `CHUNK_BYTES` of libs/models is the same. */
const CHUNK_BYTES = 2 ** 20;

/** Model files in rows of a megabyte: a large one sits in no memory and no row as a whole. Where S3 keeps them there are no rows. */
export class ArtifactChunks1763700000009 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE artifact_chunks (
        sha256 text NOT NULL,
        index integer NOT NULL,
        content bytea NOT NULL,
        CONSTRAINT pk_artifact_chunks PRIMARY KEY (sha256, index),
        CONSTRAINT fk_artifact_chunks_sha256 FOREIGN KEY (sha256) REFERENCES artifacts (sha256) ON DELETE CASCADE
      )`);
    // Compressed once at training or not at all: spare the attempt. Slices of such a value are read without the rest of it.
    await runner.query('ALTER TABLE artifact_chunks ALTER COLUMN content SET STORAGE EXTERNAL');
    await runner.query(`
      INSERT INTO artifact_chunks (sha256, index, content)
        SELECT sha256, index, substring(content FROM index * ${CHUNK_BYTES} + 1 FOR ${CHUNK_BYTES})
          FROM artifacts, generate_series(0, (octet_length(content) + ${CHUNK_BYTES - 1}) / ${CHUNK_BYTES} - 1) AS index`);
    await runner.query('ALTER TABLE artifacts DROP COLUMN content');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE artifacts ADD COLUMN content bytea');
    await runner.query('ALTER TABLE artifacts ALTER COLUMN content SET STORAGE EXTERNAL');
    await runner.query(`
      UPDATE artifacts SET content =
        (SELECT string_agg(content, ''::bytea ORDER BY index) FROM artifact_chunks WHERE sha256 = artifacts.sha256)`);
    // Fails where a file is kept in S3: the schema before this one has no place to say so.
    await runner.query('ALTER TABLE artifacts ALTER COLUMN content SET NOT NULL');
    await runner.query('DROP TABLE artifact_chunks');
  }
}

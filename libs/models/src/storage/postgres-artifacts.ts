/** Model files in Postgres, in rows of a megabyte: stored with the version that needs them, and part of every backup. */
import { Injectable } from '@nestjs/common';
import pg from 'pg';
import { DataSource, type EntityManager } from 'typeorm';
import { copyRows, pool } from '#platform';
import { CHUNK_BYTES } from './artifact-chunk.entity.js';
import { artifactDamaged } from './artifact-errors.js';
import type { ArtifactFile } from './artifact-file.js';
import { ArtifactStore, DELETE_UNUSED, type ArtifactKey } from './artifact-store.js';

@Injectable()
export class PostgresArtifacts extends ArtifactStore {
  constructor(private readonly dataSource: DataSource) {
    super();
  }

  prepare(): Promise<void> {
    return Promise.resolve();
  }

  async store(file: ArtifactFile, manager: EntityManager): Promise<void> {
    const { sha256 } = file;
    const entered = await this.enter(file, manager);
    if (!entered && (await this.missing(file, manager)) === undefined) return;
    // What is not whole is no use to anybody: the file at hand mends it.
    if (!entered) await manager.query('DELETE FROM artifact_chunks WHERE sha256 = $1', [sha256]);
    let index = 0;
    for await (const content of file.parts(CHUNK_BYTES)) {
      await manager.query('INSERT INTO artifact_chunks (sha256, index, content) VALUES ($1, $2, $3)', [
        sha256,
        index,
        content,
      ]);
      index += 1;
    }
  }

  async removeUnused(): Promise<number> {
    const [rows] = await this.dataSource.query<[unknown[], number]>(DELETE_UNUSED);
    return rows.length;
  }

  /** Whether any part of it is here. */
  async has(sha256: string, manager: Pick<EntityManager, 'query'> = this.dataSource): Promise<boolean> {
    const rows = await manager.query<unknown[]>('SELECT FROM artifact_chunks WHERE sha256 = $1 LIMIT 1', [sha256]);
    return rows.length > 0;
  }

  /** A connection is taken for a part at a time: a slow reader holds none. */
  protected async *parts(artifact: ArtifactKey): AsyncGenerator<Buffer, void> {
    const { sha256, sizeBytes } = artifact;
    const missing = await this.missing(artifact);
    if (missing !== undefined) throw artifactDamaged(sha256, missing);
    for (let index = 0; index < chunksOf(sizeBytes); index++) {
      const content = await this.chunk(sha256, index);
      if (!content) throw artifactDamaged(sha256, `has no part ${index} any longer`);
      yield content;
    }
  }

  /** By COPY, which sends bytes as they are: a query's come as text of twice the length. */
  private async chunk(sha256: string, index: number): Promise<Buffer | undefined> {
    const client = await pool(this.dataSource).connect();
    let content: Buffer | undefined;
    let failure: Error | undefined;
    const select = `SELECT content FROM artifact_chunks WHERE sha256 = ${pg.escapeLiteral(sha256)} AND index = ${index}`;
    try {
      await copyRows(client, select, (row) => (content = Buffer.from(row.bytea(0))));
      return content;
    } catch (error) {
      failure = error as Error;
      throw error;
    } finally {
      client.release(failure);
    }
  }

  /** What tells without reading it that an artifact is not whole, or undefined. */
  private async missing(
    { sha256, sizeBytes }: ArtifactKey,
    manager: Pick<EntityManager, 'query'> = this.dataSource,
  ): Promise<string | undefined> {
    const [found] = await manager.query<{ chunks: number; last: number; bytes: number }[]>(
      `SELECT count(*)::int AS chunks, coalesce(max(index), -1) AS last, coalesce(sum(octet_length(content)), 0)::float8 AS bytes
         FROM artifact_chunks WHERE sha256 = $1`,
      [sha256],
    );
    const { chunks, last, bytes } = found!;
    const expected = chunksOf(sizeBytes);
    if (chunks === expected && last === expected - 1 && bytes === sizeBytes) return undefined;
    return `is kept as ${bytes} bytes in ${chunks} parts, and has ${sizeBytes} in ${expected}`;
  }
}

function chunksOf(sizeBytes: number): number {
  return Math.ceil(sizeBytes / CHUNK_BYTES);
}

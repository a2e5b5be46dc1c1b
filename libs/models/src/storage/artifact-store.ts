/** Where model files are kept: addressed by their SHA-256, written once, read in parts. */
import { createHash } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { artifactDamaged } from './artifact-errors.js';
import type { ArtifactFile } from './artifact-file.js';
import type { Artifact } from './artifact.entity.js';

/** What an artifact is found and checked by. */
export type ArtifactKey = Pick<Artifact, 'sha256' | 'sizeBytes'>;

export abstract class ArtifactStore {
  /**
   * Brings a file to where it is kept if that is not the database. Called before the transaction that `store` is part of: a slow
   * upload holds no lock. What is there already is not sent again. @throws ARTIFACT_UNAVAILABLE
   */
  abstract prepare(file: ArtifactFile): Promise<void>;

  /**
   * Enters a file in the transaction of the version that refers to it. The same content is stored once; two who store it at
   * once take turns. @throws ARTIFACT_UNAVAILABLE
   */
  abstract store(file: ArtifactFile, manager: EntityManager): Promise<void>;

  /** Deletes what no version refers to any longer, and says how many. */
  abstract removeUnused(): Promise<number>;

  /** The bytes as they are kept. */
  protected abstract parts(artifact: ArtifactKey): AsyncIterable<Buffer>;

  /**
   * The bytes, part by part. @throws ARTIFACT_DAMAGED at the end where they are not those of the hash: what came before may not
   * be used until then; and ARTIFACT_UNAVAILABLE
   */
  async *read(artifact: ArtifactKey): AsyncGenerator<Buffer, void> {
    const hash = createHash('sha256');
    let size = 0;
    for await (const part of this.parts(artifact)) {
      size += part.length;
      // Whatever stands in place of a model file may be endless.
      if (size > artifact.sizeBytes) throw artifactDamaged(artifact.sha256, 'is kept with more bytes than it has');
      hash.update(part);
      yield part;
    }
    const actual = hash.digest('hex');
    if (actual !== artifact.sha256) throw artifactDamaged(artifact.sha256, `is kept as bytes of the SHA-256 ${actual}`);
  }

  /** Whether the artifact was entered just now; one that was there stays locked until the transaction ends. */
  protected async enter({ sha256, sizeBytes }: ArtifactKey, manager: EntityManager): Promise<boolean> {
    const [row] = await manager.query<{ entered: boolean }[]>(
      `INSERT INTO artifacts (sha256, size_bytes) VALUES ($1, $2)
       ON CONFLICT (sha256) DO UPDATE SET size_bytes = excluded.size_bytes RETURNING xmax = 0 AS entered`,
      [sha256, sizeBytes],
    );
    return row!.entered;
  }
}

/** SQL: deletes artifacts that no version refers to, an hour after they came, when whoever brought them is done. */
export const DELETE_UNUSED = `DELETE FROM artifacts
  WHERE created_at < now() - interval '1 hour' AND NOT EXISTS (SELECT FROM model_versions WHERE artifact_sha256 = sha256)
  RETURNING sha256`;

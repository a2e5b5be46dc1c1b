import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** Bytes in a row, all rows of an artifact but its last. The migration that split the first artifacts has the same number. */
export const CHUNK_BYTES = 2 ** 20;

/** A part of a model file that is kept in Postgres. */
@Entity('artifact_chunks')
export class ArtifactChunk {
  @ForeignKey('Artifact', { onDelete: 'CASCADE', name: 'fk_artifact_chunks_sha256' })
  @PrimaryColumn('text')
  sha256: string;
  /** From 0, without gaps. */
  @PrimaryColumn('integer') index: number;
  @Column('bytea') content: Buffer;
}

import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A model file, found by its SHA-256. Where its bytes are kept is a matter of the `ArtifactStore`. */
@Entity('artifacts')
export class Artifact {
  @PrimaryColumn('text') sha256: string;
  @Column('integer') sizeBytes: number;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
}

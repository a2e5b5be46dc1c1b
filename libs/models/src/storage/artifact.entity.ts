import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The bytes of a model file, found by their SHA-256. */
@Entity('artifacts')
export class Artifact {
  @PrimaryColumn('text') sha256: string;
  @Column('integer') sizeBytes: number;
  @Column('bytea', { select: false }) content: Buffer;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
}

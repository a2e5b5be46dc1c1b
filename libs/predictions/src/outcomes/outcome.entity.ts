import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';

/**
 * Somebody said what really happened to the patient of a row. Append-only: a correction is another one with the next revision,
 * and the highest revision holds. Its audit event bears the digest of the content, so that the content can be erased and the
 * proof stays.
 */
@Entity('outcomes')
@Unique(['predictionId', 'rowIndex', 'revision'])
export class OutcomeEntity {
  /** A UUIDv7; its time is that of the recording. */
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') predictionId: string;
  /** Counted from 0. */
  @Column('integer') rowIndex: number;
  /** 1, 2, … of the row's outcomes. */
  @Column('integer') revision: number;
  /** Who said so. */
  @Column('uuid') userId: string;
  /** What is personal, in the form of `record/content.ts` with one row: JSON of an `OutcomeContent`. */
  @Column('bytea') content: Buffer;
}

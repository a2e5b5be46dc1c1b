import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** The only row's id. */
export const THE_FIRST_START = 1;

/** When the models that came with the installation began to be put in service, and when all of them were: one row, or none yet. */
@Entity('first_start')
@Check('ck_first_start_id', `id = ${THE_FIRST_START}`)
export class FirstStart {
  @PrimaryColumn('integer') id: number;
  @Column('timestamptz', { default: () => 'now()' }) begunAt: Date;
  /** Null: it was interrupted, or is going on. */
  @Column('timestamptz', { nullable: true }) finishedAt: Date | null;
}

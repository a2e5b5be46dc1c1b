import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What really happened to a patient of whom something was predicted, as somebody said it: a correction is another row with the
 * next revision. `content` has the form of `prediction_contents.content` with one row (length, salt, JSON; erased: 0, digest),
 * and the audit event of the outcome bears its digest, so that it can be erased as a prediction is, and the proof stays.
 */
export class Outcomes1763700000007 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE outcomes (
        id uuid NOT NULL,
        prediction_id uuid NOT NULL,
        row_index integer NOT NULL,
        revision integer NOT NULL,
        user_id uuid NOT NULL,
        content bytea NOT NULL,
        CONSTRAINT pk_outcomes PRIMARY KEY (id),
        CONSTRAINT uq_outcomes_prediction_id_row_index_revision UNIQUE (prediction_id, row_index, revision)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE outcomes');
  }
}

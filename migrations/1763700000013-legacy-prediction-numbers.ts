import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The numbers 1, 2, 3 … by which an older service's clients know their recorded predictions. A prediction is entered in the
 * transaction that records it, and numbered after it. Rows outlive what they refer to, so that no number is given twice; they say
 * nothing of a patient.
 */
export class LegacyPredictionNumbers1763700000013 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE legacy_prediction_numbers (
        prediction_id uuid NOT NULL,
        user_id uuid NOT NULL,
        number integer,
        CONSTRAINT pk_legacy_prediction_numbers PRIMARY KEY (prediction_id),
        CONSTRAINT uq_legacy_prediction_numbers_user_id_number UNIQUE (user_id, number)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE legacy_prediction_numbers');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The record of predictions: append-only for the application. It has no foreign keys: it outlives what it refers to, and a check
 * per row would be paid by every answer. Idempotency keys stand apart, because they expire.
 */
export class Predictions1763700000004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE predictions (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        api_key_id uuid,
        admission_id uuid NOT NULL,
        admitted_at timestamptz NOT NULL,
        model_name text NOT NULL,
        version text NOT NULL,
        version_id uuid NOT NULL,
        subjects text array,
        row_count integer NOT NULL,
        inputs jsonb NOT NULL,
        scores jsonb NOT NULL,
        labels text array,
        engine text NOT NULL,
        engine_version text NOT NULL,
        processor text NOT NULL,
        notice text,
        request_id text NOT NULL,
        created_at timestamptz NOT NULL,
        CONSTRAINT pk_predictions PRIMARY KEY (id)
      )`);
    await runner.query('CREATE INDEX ix_predictions_user_id_id ON predictions (user_id, id)');
    await runner.query('CREATE INDEX ix_predictions_version_id_id ON predictions (version_id, id)');
    await runner.query(`
      CREATE TABLE idempotency_keys (
        user_id uuid NOT NULL,
        key text NOT NULL,
        request_hash text NOT NULL,
        prediction_id uuid NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_idempotency_keys PRIMARY KEY (user_id, key),
        CONSTRAINT fk_idempotency_keys_user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
      )`);
    await runner.query('CREATE INDEX ix_idempotency_keys_created_at ON idempotency_keys (created_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE idempotency_keys, predictions');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Sums over the record, counted from it in the background: how many rows of which answer a day had, and a file. They say nothing of a
 * patient, may be deleted (`tallied_chains` with them, then all is counted anew) and are no part of the proofs.
 *
 * Of files there are those that can be told: whose batch is still there. That others were sent as files was not recorded.
 */
export class PredictionTallies1763700000019 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE tallied_chains (
        shard integer NOT NULL,
        seq bigint NOT NULL,
        CONSTRAINT pk_tallied_chains PRIMARY KEY (shard)
      )`);
    await runner.query(`
      CREATE TABLE prediction_days (
        day date NOT NULL,
        version_id uuid NOT NULL,
        source text NOT NULL,
        model_name text NOT NULL,
        version text NOT NULL,
        predictions bigint NOT NULL,
        rows bigint NOT NULL,
        labels jsonb NOT NULL,
        score text,
        scored_rows bigint NOT NULL,
        score_sum double precision NOT NULL,
        CONSTRAINT pk_prediction_days PRIMARY KEY (day, version_id, source),
        CONSTRAINT ck_prediction_days_source CHECK (source IN ('request', 'file'))
      )`);
    await runner.query(`
      CREATE TABLE scored_files (
        admission_id uuid NOT NULL,
        kind text NOT NULL,
        batch_id uuid,
        model_name text NOT NULL,
        version text NOT NULL,
        erased boolean NOT NULL DEFAULT false,
        predictions bigint NOT NULL DEFAULT 0,
        rows bigint NOT NULL DEFAULT 0,
        labels jsonb NOT NULL DEFAULT '{}',
        score text,
        scored_rows bigint NOT NULL DEFAULT 0,
        score_sum double precision NOT NULL DEFAULT 0,
        CONSTRAINT pk_scored_files PRIMARY KEY (admission_id),
        CONSTRAINT ck_scored_files_kind CHECK (kind IN ('stream', 'batch'))
      )`);
    await runner.query(`
      INSERT INTO scored_files (admission_id, kind, batch_id, model_name, version)
      SELECT admission_id, 'batch', id, model_name, version FROM batches ON CONFLICT DO NOTHING`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE scored_files, prediction_days, tallied_chains');
  }
}

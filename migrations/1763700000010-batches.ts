import PgBoss from 'pg-boss';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Names the schema of pg-boss, the queue of jobs, whose tables are its own. */
export const JOBS_SCHEMA = 'pgboss';
/** Queues that there are; made here, because the application's role creates nothing. */
export const JOB_QUEUES = ['batches'];

/** A job may take so long; that its process has died is found out sooner and otherwise. */
const QUEUE_OPTIONS = { policy: 'standard', retryLimit: 0, expireInSeconds: 82_800, retentionMinutes: 20_160 };

/**
 * Files that are scored in the background. What was sent and what came of it stand in the database in pieces, so that neither is in
 * memory as a whole and a job goes on after a crash; the predictions themselves are in the record like any other.
 */
export class Batches1763700000010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE batches (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        api_key_id uuid,
        admission_id uuid NOT NULL,
        request_id text NOT NULL,
        model_name text NOT NULL,
        version text NOT NULL,
        version_id uuid NOT NULL,
        charset text,
        on_error text NOT NULL,
        status text NOT NULL,
        input_bytes bigint NOT NULL DEFAULT 0,
        read_bytes bigint NOT NULL DEFAULT 0,
        chunks integer NOT NULL DEFAULT 0,
        rows_done integer NOT NULL DEFAULT 0,
        rows_rejected integer NOT NULL DEFAULT 0,
        result_header text,
        worker uuid,
        lease_until timestamptz,
        run_started_at timestamptz,
        run_rows integer NOT NULL DEFAULT 0,
        run_bytes bigint NOT NULL DEFAULT 0,
        error jsonb,
        created_at timestamptz NOT NULL DEFAULT now(),
        started_at timestamptz,
        finished_at timestamptz,
        expires_at timestamptz NOT NULL,
        CONSTRAINT pk_batches PRIMARY KEY (id)
      )`);
    await runner.query('CREATE INDEX ix_batches_status ON batches (status)');
    await runner.query('CREATE INDEX ix_batches_expires_at ON batches (expires_at)');
    for (const table of ['batch_inputs', 'batch_results']) {
      await runner.query(`
        CREATE TABLE ${table} (
          batch_id uuid NOT NULL,
          number integer NOT NULL,
          bytes bytea NOT NULL,
          CONSTRAINT pk_${table} PRIMARY KEY (batch_id, number),
          CONSTRAINT fk_${table}_batch_id FOREIGN KEY (batch_id) REFERENCES batches (id) ON DELETE CASCADE
        )`);
    }
    await createQueues(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP SCHEMA ${JOBS_SCHEMA} CASCADE`);
    await runner.query('DROP TABLE batch_results, batch_inputs, batches');
  }
}

/** pg-boss' own statements, in this transaction. */
async function createQueues(runner: QueryRunner): Promise<void> {
  const plans = PgBoss.getConstructionPlans(JOBS_SCHEMA);
  await runner.query(plans.replace(/^\s*BEGIN;/, '').replace(/COMMIT;\s*$/, ''));
  for (const queue of JOB_QUEUES)
    await runner.query(`SELECT ${JOBS_SCHEMA}.create_queue($1, $2)`, [queue, JSON.stringify(QUEUE_OPTIONS)]);
}

import type { MigrationInterface, QueryRunner } from 'typeorm';
import { JOB_QUEUES, JOBS_SCHEMA } from './1763700000010-batches.js';

/** A job that waits is not put into its queue again, however often it is sent: pg-boss' policy `short` keeps one of each key. */
export class JobsOnce1763700000011 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await setPolicy(runner, 'short');
  }

  async down(runner: QueryRunner): Promise<void> {
    await setPolicy(runner, 'standard');
  }
}

async function setPolicy(runner: QueryRunner, policy: string): Promise<void> {
  await runner.query(`UPDATE ${JOBS_SCHEMA}.queue SET policy = $1 WHERE name = ANY($2)`, [policy, JOB_QUEUES]);
}

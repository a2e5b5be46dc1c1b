import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A user's batches are listed, newest first, and those that are open are counted before each new one. */
export class BatchesOfUsers1763700000016 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX ix_batches_user_id_id ON batches (user_id, id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX ix_batches_user_id_id');
  }
}

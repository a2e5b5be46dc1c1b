import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Inputs to start from, beside a version's other documents. */
export class VersionExamples1763700000018 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE model_versions ADD COLUMN examples jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE model_versions DROP COLUMN examples');
  }
}

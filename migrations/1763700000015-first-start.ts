import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whether what came with the installation has been put in service, also where the first start was interrupted: one row at most. */
export class FirstStart1763700000015 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE first_start (
        id integer NOT NULL,
        begun_at timestamptz NOT NULL DEFAULT now(),
        finished_at timestamptz,
        CONSTRAINT pk_first_start PRIMARY KEY (id),
        CONSTRAINT ck_first_start_id CHECK (id = 1)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE first_start');
  }
}
